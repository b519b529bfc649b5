"""Exploration of code spaces, by hand and against scikit-learn and SciPy."""

import numpy as np
import pytest
from scipy.interpolate import RegularGridInterpolator

from anime_style_tf import exploration


@pytest.fixture
def works():
    generator = np.random.default_rng(0)
    return generator.normal(size=(40, 5)), np.arange(40) % 4


def test_artist_means_and_spreads_are_numpys(works):
    codes, artists = works
    styles = exploration.artist_styles(codes, artists, count=5)
    for artist in range(4):
        own = codes[artists == artist]
        np.testing.assert_allclose(styles.means[artist], own.mean(axis=0))
        np.testing.assert_allclose(styles.spreads[artist], own.std(axis=0))
    np.testing.assert_array_equal(styles.counts, [10, 10, 10, 10, 0])
    assert np.isnan(styles.means[4]).all()


def test_ranking_goes_from_the_extreme_inward():
    codes = np.array([[0, 3], [0, 1], [0, 2], [0, 1], [0, 9]])
    lowest, highest = exploration.rank_works(codes, 1, 3)
    np.testing.assert_array_equal(lowest, [1, 3, 2])
    np.testing.assert_array_equal(highest, [4, 0, 2])


def test_ties_rank_by_order_at_both_ends():
    lowest, highest = exploration.rank_works(np.zeros((4, 1)), 0, 2)
    np.testing.assert_array_equal(lowest, [0, 1])
    np.testing.assert_array_equal(highest, [0, 1])


def test_ranking_what_is_not_there_is_an_error(works):
    with pytest.raises(ValueError, match="ask for fewer"):
        exploration.rank_works(works[0], 0, 41)
    with pytest.raises(ValueError, match="dimension 5"):
        exploration.rank_works(works[0], 5, 1)


def test_bilinear_interpolation_is_scipys():
    corners = np.random.default_rng(1).normal(size=(4, 3))
    grid = exploration.interpolate_bilinear(corners, 4, 6)
    oracle = RegularGridInterpolator(([0, 1], [0, 1]), corners.reshape(2, 2, 3))
    down, right = np.meshgrid(np.linspace(0, 1, 4), np.linspace(0, 1, 6), indexing="ij")
    np.testing.assert_allclose(grid, oracle((down, right)), atol=1e-6)
    np.testing.assert_allclose(grid[[0, 0, -1, -1], [0, -1, 0, -1]], corners, atol=1e-6)


def test_three_corners_are_an_error():
    with pytest.raises(ValueError, match=r"\[4, code\]"):
        exploration.interpolate_bilinear(np.zeros((3, 2)), 4, 4)


def test_an_edit_changes_one_dimension_only(works):
    codes = works[0].astype(np.float32)
    edited = exploration.edit_dimension(codes, 2)
    assert edited.shape == (40, 3, 5)
    np.testing.assert_array_equal(edited[..., 2], np.tile([-2, 0, 2], (40, 1)))
    others = [0, 1, 3, 4]
    for value in range(3):
        np.testing.assert_array_equal(edited[:, value, others], codes[:, others])
    with pytest.raises(ValueError, match=r"\[0, 5\)"):
        exploration.edit_dimension(codes, -1)


def test_random_styles_repeat_and_grow():
    few, many = (exploration.random_styles(count, 8, seed=3) for count in (4, 5000))
    np.testing.assert_array_equal(few, many[:4])
    assert many.dtype == np.float32
    np.testing.assert_allclose(many.mean(axis=0), 0, atol=0.06)
    np.testing.assert_allclose(many.std(axis=0), 1, atol=0.06)


def test_codes_are_style_then_content_then_free():
    code = exploration.assemble_codes([1, 2], [[3], [4]], [9, 9])
    np.testing.assert_array_equal(code, [[1, 2, 3, 9, 9], [1, 2, 4, 9, 9]])
    assert code.dtype == np.float32


def test_grid_rows_share_content_and_columns_share_style():
    styles, contents = np.eye(3), np.array([[7.0], [8.0]])
    free = np.array([[0.5, 0.6], [0.7, 0.8]])
    codes = exploration.grid_codes(styles, contents, free_size=2, free=free)
    grid = codes.reshape(2, 3, 6)
    for row in range(2):
        for column in range(3):
            expected = np.concatenate([styles[column], contents[row], free[row]])
            np.testing.assert_array_equal(grid[row, column], expected.astype(np.float32))


def test_a_grids_free_part_is_zero_unless_given():
    codes = exploration.grid_codes(np.ones((2, 1)), np.ones((3, 1)), free_size=4)
    assert codes.shape == (6, 6)
    assert not codes[:, 2:].any()
    with pytest.raises(ValueError, match=r"\[3, 4\]"):
        exploration.grid_codes(np.ones((2, 1)), np.ones((3, 1)), free_size=4, free=np.ones(4))


def test_the_medoid_has_the_least_mean_distance(works):
    codes, artists = works
    own = np.flatnonzero(artists == 2)
    sums = [np.linalg.norm(codes[own] - codes[i], axis=1).sum() for i in own]
    medoids = exploration.medoid_works(codes, artists, 2, 3)
    np.testing.assert_array_equal(medoids, own[np.argsort(sums)[:3]])
    assert len(exploration.medoid_works(codes, artists, 2, 99)) == 10
    with pytest.raises(ValueError, match="artist 7"):
        exploration.medoid_works(codes, artists, 7, 1)


def test_the_distance_to_others_passes_over_the_own_artist():
    codes = np.array([[0.0, 0], [0, 1], [3, 4], [0, 3]])
    artists = ["ann", "ann", "bo", "cy"]
    expected = [3, 2, np.sqrt(10)]
    found = exploration.distances_to_others(codes, artists, [0, 1, 2])
    np.testing.assert_allclose(found, expected)
    assert np.isinf(exploration.distances_to_others(codes[:2], artists[:2], [0])).all()
