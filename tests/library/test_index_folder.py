import numpy as np
import pytest

from anime_style_tf import attribution
from anime_style_tf.errors import InputError
from anime_style_tf.library.index_folder import identities, open_attribution, save_attribution


@pytest.fixture(scope="module")
def model():
    generator = np.random.default_rng(0)
    labels = np.repeat([0, 1], 9)
    codes = labels[:, None] + generator.normal(size=(18, 2))
    return attribution.fit(("ann", "日本"), codes, labels, codes + 0.1, labels)


def test_a_face_beyond_the_first_of_a_picture_has_an_identity_of_its_own():
    assert identities({"source": ["a", "a"], "face": [0, 2]}) == ["a", "a#2"]


def test_what_is_saved_comes_back_without_pickle(model, tmp_path):
    save_attribution(tmp_path / "a.npz", model)
    again = open_attribution(tmp_path / "a.npz")
    for name, array in attribution.to_arrays(model).items():
        np.testing.assert_array_equal(attribution.to_arrays(again)[name], array)
    assert [path.name for path in tmp_path.iterdir()] == ["a.npz"]


@pytest.mark.parametrize("content", [b"", b"no archive", None])
def test_a_file_that_is_damaged_or_missing_is_an_error_with_what_to_do(content, tmp_path):
    if content is not None:
        (tmp_path / "a.npz").write_bytes(content)
    with pytest.raises(InputError, match=r"a\.npz cannot be read .*--stage=index --overwrite"):
        open_attribution(tmp_path / "a.npz")
