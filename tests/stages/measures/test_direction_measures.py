import json
import types

import numpy as np
import pytest
import skimage.color

from anime_style_tf.stages.measures.direction_measures import measure_direction

RNG = np.random.default_rng(17)
IMAGES = RNG.integers(0, 256, (6, 8, 8, 3), dtype="uint8")


def kept(change, images=IMAGES):
    """What is measured of networks that give a changed picture back."""
    trained = types.SimpleNamespace(
        encode=lambda images: (images, None),
        generate=lambda style, content: change(style.astype("float32") / 255),
    )
    works = types.SimpleNamespace(images=images)
    return measure_direction(types.SimpleNamespace(trained=trained, works=works))


def energy(images, axis):
    return np.square(np.diff(skimage.color.rgb2lab(images)[..., 0], axis=axis)).mean()


def test_a_perfect_reconstruction_keeps_all():
    found = kept(lambda images: images)
    assert [found[name]["value"] for name in found] == [1.0, 1.0, 1.0]
    assert found["kept_down"]["count"] == 6


def test_rows_that_are_mixed_lose_steps_down():
    """Each row becomes the mean of itself and the next, in sRGB."""

    def mixed(images):
        return (images + np.roll(images, -1, axis=1)) / 2

    found = kept(mixed)
    rounded = np.round(255 * mixed(IMAGES.astype("float32") / 255)).astype("uint8")
    down, sideways = (energy(rounded, axis) / energy(IMAGES, axis) for axis in (1, 2))
    expected = {"kept_down": down, "kept_sideways": sideways, "down_over_sideways": down / sideways}
    for name, value in expected.items():
        assert found[name]["value"] == pytest.approx(value, rel=1e-4)
        low, high = found[name]["interval"]
        assert low < value < high
    assert expected["down_over_sideways"] < 1


def test_what_has_no_number_is_written_as_none():
    flat = np.full((3, 4, 4, 3), 9, np.uint8)
    found = kept(lambda images: images, flat)
    assert found["kept_down"]["value"] is None
    json.dumps(found, allow_nan=False)
