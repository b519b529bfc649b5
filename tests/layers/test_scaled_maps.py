import numpy as np

from anime_style_tf.image.color import lab_to_srgb, srgb_to_lab
from anime_style_tf.layers.scaled_maps import ScaledMaps

RNG = np.random.default_rng(32)


def works():
    return srgb_to_lab(RNG.integers(0, 256, (4, 16, 16, 3)).astype("uint8"))


def test_adapted_maps_have_the_deviation_one_over_the_works():
    layer, lab = ScaledMaps(stages=(1, 3)), works()
    layer.build(lab.shape)
    plain = [np.asarray(each, "float64") for each in layer.network.maps(lab_to_srgb(lab))]
    before = layer(lab)
    for each, expected in zip(before, plain, strict=True):
        np.testing.assert_allclose(each, expected, rtol=1e-6)
    layer.adapt(lab)
    for each, expected in zip(layer(lab), plain, strict=True):
        np.testing.assert_allclose(each, expected / expected.std(), rtol=1e-3, atol=1e-4)


def test_the_distance_weighs_every_map_the_same():
    layer, lab, others = ScaledMaps(stages=(1, 3)), works(), works()
    layer.build(lab.shape)
    pairs = zip(layer(lab), layer(others), strict=True)
    expected = sum(
        np.abs(np.asarray(a, "float64") - np.asarray(b)).mean(axis=(1, 2, 3)) for a, b in pairs
    )
    np.testing.assert_allclose(layer.distance(lab, others), expected / 2, rtol=1e-4)
    np.testing.assert_array_equal(layer.distance(lab, lab), np.zeros(4))


def test_nothing_of_it_is_trainable():
    layer = ScaledMaps(stages=(1,))
    layer(works())
    assert not layer.trainable_variables
    assert len(layer.non_trainable_variables) > 1
