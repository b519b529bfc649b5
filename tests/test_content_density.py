import numpy as np
import pytest
from scipy import stats

from anime_style_tf.content_density import ContentDensity
from anime_style_tf.errors import InputError


def groups(count, seed):
    """Two groups of works, in which the dimensions go together."""
    chance = np.random.default_rng(seed)
    factor = np.array([[0.3, 0.0], [0.2, 0.1]])
    group = chance.integers(2, size=count)
    return (
        np.array([[-1.0, 0.5], [1.0, -0.5]])[group] + chance.standard_normal((count, 2)) @ factor.T
    )


@pytest.fixture(scope="module")
def density():
    return ContentDensity.fit(groups(400, 0), groups(200, 1))


def test_the_density_is_scipys(density):
    codes = groups(20, 2)
    expected = sum(
        weight * stats.multivariate_normal(mean, factor @ factor.T).pdf(codes)
        for weight, mean, factor in zip(
            density.weights, density.means, density.factors, strict=True
        )
    )
    np.testing.assert_allclose(density.log_density(codes), np.log(expected), rtol=1e-9)
    standard = ContentDensity.standard(2)
    expected = stats.multivariate_normal(np.zeros(2), np.eye(2)).logpdf(codes)
    np.testing.assert_allclose(standard.log_density(codes), expected)


def test_as_many_groups_are_found_as_make_other_works_likely(density):
    assert len(density.weights) >= 2
    new, standard = groups(200, 3), ContentDensity.standard(2)
    assert density.log_density(new).mean() > standard.log_density(new).mean() + 1
    # Of pure noise one group is enough, or none that is fitted.
    noise = np.random.default_rng(0).standard_normal((600, 2))
    assert len(ContentDensity.fit(noise[:300], noise[300:]).weights) <= 2


def test_few_works_keep_the_standard_normal():
    chance = np.random.default_rng(1)
    few = chance.standard_normal((3, 20))
    density = ContentDensity.fit(few, chance.standard_normal((50, 20)))
    np.testing.assert_array_equal(density.factors, np.eye(20)[None])


def test_what_is_drawn_has_the_works_means_and_covariance(density):
    drawn, works = density.sample(np.random.default_rng(4), 20_000), groups(20_000, 5)
    np.testing.assert_allclose(drawn.mean(axis=0), works.mean(axis=0), atol=0.1)
    np.testing.assert_allclose(np.cov(drawn.T), np.cov(works.T), atol=0.1)
    # Nothing lies between the groups, where N(0, I) has most of its codes.
    assert np.mean(np.abs(drawn[:, 0]) < 0.2) < 0.02


def test_the_standard_one_draws_what_the_generator_of_numbers_draws():
    drawn = ContentDensity.standard(3).sample(np.random.default_rng(6), 4)
    np.testing.assert_array_equal(drawn, np.random.default_rng(6).standard_normal((4, 3)))


def test_the_file_gives_the_same_density(density, tmp_path):
    density.save(tmp_path / "density.json")
    read = ContentDensity.load(tmp_path / "density.json")
    codes = groups(50, 7)
    np.testing.assert_allclose(read.log_density(codes), density.log_density(codes), atol=0.01)
    one, other = (each.sample(np.random.default_rng(8), 9) for each in (read, density))
    np.testing.assert_allclose(one, other, atol=1e-4)


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"weights": [1], "means": [], "factors": []}'])
def test_another_file_is_refused(tmp_path, text):
    (tmp_path / "density.json").write_text(text)
    with pytest.raises(InputError, match="expected a density of content codes"):
        ContentDensity.load(tmp_path / "density.json")
