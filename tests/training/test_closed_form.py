import numpy as np
import pytest
import scipy.linalg
from sklearn.decomposition import PCA
from sklearn.neighbors import KNeighborsClassifier

from anime_style_tf.training.closed_form import linear_discriminants


def works(counts, features, *, seed=0, deviation=1.0):
    """Works around one mean an artist, noisier in some features than in others."""
    rng = np.random.default_rng(seed)
    artists = np.repeat(np.arange(len(counts)), counts)
    means = np.random.default_rng(99).normal(size=(len(counts), features))
    noise = rng.normal(size=(len(artists), features)) * np.linspace(0.5, 3, features)
    return means[artists] + deviation * noise, artists


def within(values, artists):
    """Scatter around the artists' means, divided by the works."""
    means = np.stack([values[artists == name].mean(axis=0) for name in np.unique(artists)])
    residues = values - means[artists]
    return residues.T @ residues / len(values)


def test_two_artists_are_told_apart_along_fishers_direction():
    values, artists = works([30, 50], 4)
    kernel, _ = linear_discriminants([values], artists, shrinkage=0.2)
    scatter = within(values, artists)
    shrunk = 0.8 * scatter + 0.2 * np.trace(scatter) / 4 * np.eye(4)
    means = [values[artists == artist].mean(axis=0) for artist in (0, 1)]
    expected = np.linalg.solve(shrunk, means[1] - means[0])
    cosine = kernel[:, 0] @ expected / np.linalg.norm(kernel[:, 0]) / np.linalg.norm(expected)
    assert kernel.shape == (4, 1)
    assert abs(cosine) == pytest.approx(1, abs=1e-9)


def test_codes_are_centered_and_ordered_and_two_works_of_an_artist_are_half_a_unit_apart():
    values, artists = works([20, 20, 20, 20], 6)
    kernel, bias = linear_discriminants([values], artists)
    codes = values @ kernel + bias
    assert codes.shape == (80, 3)
    np.testing.assert_allclose(codes.mean(axis=0), 0, atol=1e-12)
    pairs = [
        np.sum((codes[i] - codes[j]) ** 2)
        for i in range(80) for j in range(i) if artists[i] == artists[j]
    ]  # fmt: skip
    assert np.mean(pairs) == pytest.approx(0.5)
    means = np.stack([codes[artists == artist].mean(axis=0) for artist in range(4)])
    spreads = means.var(axis=0) / np.diag(within(codes, artists))
    assert (np.diff(spreads) < 0).all()


def test_neither_units_nor_copies_of_a_part_give_it_more_weight():
    (few, artists), (many, _) = works([20, 30, 10], 3), works([20, 30, 10], 5, seed=1)
    kernel, bias = linear_discriminants([few, many], artists)
    copied = np.tile(1000 * many + 7, 4)
    other_kernel, other_bias = linear_discriminants([few, copied], artists)
    codes = np.concatenate([few, many], axis=1) @ kernel + bias
    others = np.concatenate([few, copied], axis=1) @ other_kernel + other_bias
    signs = np.sign(np.sum(codes * others, axis=0))
    np.testing.assert_allclose(others * signs, codes, atol=1e-6)


def test_what_a_change_of_the_picture_moves_counts_less():
    values, artists = works([15] * 4, 30)
    rng = np.random.default_rng(8)
    changed = values.copy()
    changed[:, :6] += 4 * rng.normal(size=(60, 6))

    def moved(**options):
        kernel, _ = linear_discriminants([values], artists, **options)
        lengths = np.linalg.norm((changed - values) @ kernel, axis=1)
        return lengths.mean() / (values @ kernel).std()

    assert moved() > 2 * moved(changed=[[changed]])
    assert moved(changed=[[values]]) == pytest.approx(moved())
    assert moved(changed=[[changed]] * 3) == pytest.approx(moved(changed=[[changed]]))


def test_a_change_adds_its_scatter_to_that_within_artists():
    values, artists = works([30, 50], 4)
    changed = values + np.random.default_rng(1).normal(size=values.shape) * [0, 2, 0, 1]
    kernel, _ = linear_discriminants([values], artists, changed=[[changed]], shrinkage=0.2)
    moved = changed - values
    scatter = within(values, artists) + moved.T @ moved / 80
    shrunk = 0.8 * scatter + 0.2 * np.trace(scatter) / 4 * np.eye(4)
    means = [values[artists == artist].mean(axis=0) for artist in (0, 1)]
    expected = np.linalg.solve(shrunk, means[1] - means[0])
    cosine = kernel[:, 0] @ expected / np.linalg.norm(kernel[:, 0]) / np.linalg.norm(expected)
    assert abs(cosine) == pytest.approx(1, abs=1e-9)


def test_directions_beyond_the_artists_are_those_in_which_works_vary_most_once_whitened():
    values, artists = works([20, 30, 10], 8)
    head, _ = linear_discriminants([values], artists, shrinkage=0.2)
    kernel, _ = linear_discriminants([values], artists, directions=5, shrinkage=0.2)
    assert kernel.shape == (8, 5)
    lengths = np.linalg.norm(head, axis=0) * np.linalg.norm(kernel[:, :2], axis=0)
    np.testing.assert_allclose(np.abs(np.sum(head * kernel[:, :2], axis=0)), lengths)
    scatter = within(values, artists)
    shrunk = 0.8 * scatter + 0.2 * np.trace(scatter) / 8 * np.eye(8)
    # Uncorrelated within artists, as far spread in each direction.
    gram = kernel.T @ shrunk @ kernel
    np.testing.assert_allclose(gram, gram[0, 0] * np.eye(5), atol=1e-9)
    # What is left of whitened works without the first two: their principal components.
    root = np.real(scipy.linalg.sqrtm(shrunk))
    whitened = (values - values.mean(axis=0)) @ np.linalg.inv(root)
    first = np.linalg.qr(root @ head)[0]
    left = whitened - whitened @ first @ first.T
    expected = PCA(3).fit(left).components_
    found = root @ kernel[:, 2:] / np.sqrt(gram[0, 0])
    np.testing.assert_allclose(np.abs(np.sum(expected.T * found, axis=0)), 1, atol=1e-6)
    assert linear_discriminants([values], artists, directions=20)[0].shape == (8, 8)


def test_of_few_works_in_many_dimensions_it_finds_more_than_the_features_themselves():
    train, artists = works([15] * 5, 400, deviation=2)
    test, test_artists = works([40] * 5, 400, seed=5, deviation=2)
    kernel, bias = linear_discriminants([train], artists)

    def accuracy(gallery, queries):
        nearest = KNeighborsClassifier(1).fit(gallery, artists)
        return nearest.score(queries, test_artists)

    assert accuracy(train @ kernel + bias, test @ kernel + bias) > accuracy(train, test) + 0.1


def test_there_are_no_more_directions_than_features():
    values, artists = works([10] * 6, 2)
    assert linear_discriminants([values], artists)[0].shape == (2, 2)
