import numpy as np
import pytest
from scipy import stats
from skimage import color

from anime_style_tf.evaluation.fidelity.memorization import memorization, thumbnails
from tests.evaluation.fidelity.drawings import drawings


def drawn(generator, count):
    return generator.normal(size=(count, 8))


def test_works_of_the_same_kind_are_as_near_as_those_left_out():
    generator = np.random.default_rng(0)
    shares, copies = [], []
    for _ in range(20):
        found = memorization(*(drawn(generator, count) for count in (150, 150, 200)))
        shares.append(found.nearer())
        copies.append(found.copies()[0])
    assert np.mean([share for share, _ in shares]) == pytest.approx(0.5, abs=0.03)
    assert sum(low <= 0.5 <= high for _, (low, high) in shares) >= 17
    assert np.mean(copies) < 0.04


def test_copies_with_a_little_noise_are_found_out():
    generator = np.random.default_rng(1)
    training = drawn(generator, 200)
    copied = training[:100] + generator.normal(0, 0.05, (100, 8))
    found = memorization(np.concatenate([copied, drawn(generator, 100)]), drawn(generator, 150),
                         training)  # fmt: skip
    share, (low, _) = found.nearer()
    assert share == pytest.approx(0.75, abs=0.05)
    assert low > 0.5
    assert found.copies()[0] == pytest.approx(0.5, abs=0.03)


def test_the_share_is_that_of_all_pairs():
    generator = np.random.default_rng(2)
    training = drawn(generator, 30)
    generated = drawn(generator, 20)
    found = memorization(generated, drawn(generator, 25), training)
    nearest = [min(np.linalg.norm(each - training, axis=1)) for each in generated]
    np.testing.assert_allclose(found.generated, nearest)
    statistic = stats.mannwhitneyu(found.held_out, found.generated).statistic
    assert found.nearer()[0] == pytest.approx(statistic / (20 * 25))


def test_thumbnails_are_mean_colors_and_their_distance_a_mean_difference():
    images = drawings(2, 0)
    small = thumbnails(images)
    lab = color.rgb2lab(images)
    square = lab[0, 4:8, 8:12].mean(axis=(0, 1))
    scale = np.sqrt(16 * 16 * 3)
    np.testing.assert_allclose(scale * small[0].reshape(16, 16, 3)[1, 2], square, atol=0.02)
    means = lab.reshape(2, 16, 4, 16, 4, 3).mean(axis=(2, 4))
    expected = np.sqrt(np.mean((means[0] - means[1]) ** 2))
    assert np.linalg.norm(small[0] - small[1]) == pytest.approx(expected, rel=1e-3)
