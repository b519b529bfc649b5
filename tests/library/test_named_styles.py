import numpy as np
import pytest

from anime_style_tf.errors import InputError
from anime_style_tf.library.named_styles import NamedStyles
from anime_style_tf.workdir.provenance import write_json
from anime_style_tf.workdir.trained import Trained
from tests.library.drawable import MEAN_STYLES, make_drawable

CODES = {"ann": np.array([0.0, 1.0]), "Zoë": np.array([2.0, 3.0])}


def test_a_name_is_found_however_it_is_typed():
    styles = NamedStyles(CODES)
    np.testing.assert_array_equal(styles.of("Ann"), CODES["ann"])
    np.testing.assert_array_equal(styles.of("Zoe\u0308"), CODES["Zoë"])
    with pytest.raises(InputError, match="no artist is called 'amn': give for instance ann"):
        styles.of("amn")


def test_a_random_blend_lies_between_two_artists():
    chance = np.random.default_rng(0)
    for _ in range(20):
        blend = NamedStyles(CODES).random_blend(chance)
        assert blend[0] + 1 == pytest.approx(blend[1])  # on the line through both
        assert 0 <= blend[0] <= 2
    one = NamedStyles({"ann": CODES["ann"]}).random_blend(chance)
    np.testing.assert_allclose(one, CODES["ann"])


def test_enrolled_artists_join_unless_their_codes_are_of_another_encoder(tmp_path):
    workdir = make_drawable(tmp_path)
    (workdir / "enrolled").mkdir()
    write_json(workdir / "enrolled" / "styles.json", {"artists": {"new": [5, 6], "old": [1, 2, 3]}})
    codes = NamedStyles.of_run(Trained(workdir)).codes
    assert list(codes) == ["ann", "bob", "cat", "new"]
    np.testing.assert_array_equal(codes["bob"], MEAN_STYLES[1])
    np.testing.assert_array_equal(codes["new"], [5, 6])
