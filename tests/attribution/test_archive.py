"""What is written comes back the same, and nothing else is accepted."""

import numpy as np
import pytest

from anime_style_tf import attribution
from anime_style_tf.errors import InputError


def test_an_attribution_comes_back_from_its_file(known, world, tmp_path):
    enrolled = known.enroll("新人", world.works(4, seed=30, artists=[9])[0])
    np.savez(tmp_path / "artists.npz", **attribution.to_arrays(enrolled))
    with np.load(tmp_path / "artists.npz", allow_pickle=False) as file:
        again = attribution.from_arrays(file)
    codes, _ = world.works(5, seed=31)
    assert again.names == enrolled.names
    before, after = enrolled.attribute(codes), again.attribute(codes)
    np.testing.assert_array_equal(before.probabilities, after.probabilities)
    np.testing.assert_array_equal(before.p_values, after.p_values)


def test_asking_first_changes_nothing_that_is_written(known, world):
    known.attribute(world.means)
    assert "familiar" not in attribution.to_arrays(known)


@pytest.mark.parametrize(
    ("name", "value", "match"),
    [
        ("means", None, "missing"),
        ("means", np.zeros((8, 3)), "shape"),
        ("means", np.full((8, 4), np.nan), "finite"),
        ("names", np.array(["a"] * 8), "names that differ"),
        ("names", np.array([object()] * 8), "kind U"),
        ("counts", np.zeros(8, int), "counts"),
        ("counts", np.ones(8), "kind i"),
        ("between", np.zeros(4), "between"),
        ("temperature", np.float64(0), "temperature"),
        ("unknown_share", np.float64(1), "unknown share"),
        ("calibration_artists", np.full(200, 8), "calibration artists"),
        ("calibration_artists", np.zeros(3, int), "shape"),
    ],
)
def test_arrays_that_make_no_sense_are_refused(known, name, value, match):
    arrays = attribution.to_arrays(known)
    if value is None:
        del arrays[name]
    else:
        arrays[name] = value
    with pytest.raises(InputError, match=match):
        attribution.from_arrays(arrays)
