import itertools

import numpy as np
import pytest
import skimage.color
import tensorflow as tf

from anime_style_tf.image.color import lab_to_srgb, srgb_to_lab

SCALE, OFFSET = np.array([50.0, 110.0, 110.0]), np.array([1.0, 0.0, 0.0])
CORNERS = np.array(list(itertools.product([0.0, 1.0], repeat=3))).reshape(1, 2, 4, 3)
GRID = np.array(list(itertools.product(np.linspace(0, 1, 9), repeat=3))).reshape(1, 27, 27, 3)


def scikit_image_lab(srgb):
    """Float64 by another implementation, normalized as the networks read it."""
    return skimage.color.rgb2lab(srgb) / SCALE - OFFSET


@pytest.mark.parametrize("srgb", [CORNERS, GRID], ids=["corners", "grid"])
def test_lab_agrees_with_scikit_image(srgb):
    # scikit-image rounds the standard's two constants near black to four digits.
    np.testing.assert_allclose(
        srgb_to_lab(srgb.astype("float32")), scikit_image_lab(srgb), atol=2e-5
    )


@pytest.mark.parametrize("srgb", [CORNERS, GRID], ids=["corners", "grid"])
def test_srgb_agrees_with_scikit_image(srgb):
    lab = scikit_image_lab(srgb)
    expected = skimage.color.lab2rgb((lab + OFFSET) * SCALE)
    np.testing.assert_allclose(lab_to_srgb(lab.astype("float32")), expected, atol=2e-5)


def test_black_and_white_are_the_ends_of_lightness_without_color():
    black_and_white = np.array([0.0, 1.0], "float32").reshape(1, 1, 2, 1).repeat(3, axis=-1)
    expected = [[[[-1, 0, 0], [1, 0, 0]]]]
    np.testing.assert_allclose(srgb_to_lab(black_and_white), expected, atol=1e-4)


def test_the_whole_gamut_lies_in_the_range_of_tanh():
    lab = srgb_to_lab(GRID.astype("float32")).numpy()
    assert np.abs(lab).max() <= 1.0 + 1e-6


def test_every_color_of_eight_bits_survives_the_way_there_and_back():
    rng = np.random.default_rng(0)
    pixels = np.concatenate(
        [rng.integers(0, 256, (4000, 3)), np.arange(256)[:, None].repeat(3, axis=1)]
    ).astype("uint8")[None, None]
    back = lab_to_srgb(srgb_to_lab(pixels)).numpy()
    np.testing.assert_array_equal(np.round(back * 255).astype("uint8"), pixels)


def test_colors_outside_the_gamut_are_clipped_per_channel():
    lab = np.array(list(itertools.product([-1.0, 0.0, 1.0], repeat=3)), "float32")
    srgb = lab_to_srgb(lab[None, None]).numpy()
    assert srgb.min() >= 0.0
    assert srgb.max() <= 1.0
    linear = skimage.color.xyz2rgb(unclipped_xyz(lab.astype("float64")))
    np.testing.assert_allclose(srgb[0, 0], np.clip(linear, 0.0, 1.0), atol=1e-3)


def unclipped_xyz(lab):
    """CIE 15:2004 by hand; scikit-image holds Z at 0 from below."""
    lightness, a, b = ((lab + OFFSET) * SCALE).T
    y = (lightness + 16) / 116
    f = np.stack([y + a / 500, y, y - b / 200], axis=-1)
    xyz = np.where(f > 6 / 29, f**3, 3 * (6 / 29) ** 2 * (f - 4 / 29))
    return xyz * [0.95047, 1.0, 1.08883]


@pytest.mark.parametrize("convert", [srgb_to_lab, lab_to_srgb])
def test_gradients_are_finite_in_the_gamut_at_black_and_outside(convert):
    values = np.concatenate(
        [
            CORNERS.reshape(-1, 3),
            GRID.reshape(-1, 3),
            np.full((1, 3), 0.04045),
            np.full((1, 3), 0.0031308),
            np.random.default_rng(1).uniform(-2, 2, (500, 3)),
            -CORNERS.reshape(-1, 3),
            scikit_image_lab(CORNERS).reshape(-1, 3),
        ]
    )
    images = tf.constant(values[None, None], tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(images)
        converted = convert(images)
    gradient = tape.gradient(converted, images)
    assert np.isfinite(converted).all()
    assert np.isfinite(gradient).all()


def test_the_gradient_is_the_slope_by_finite_differences_and_not_zero_at_black():
    srgb = np.array([[0.0, 0.0, 0.0], [0.02, 0.5, 0.9], [1.0, 0.3, 0.001]])
    images = tf.constant(srgb[None, None], tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(images)
        lightness = tf.reduce_sum(srgb_to_lab(images)[..., 0])
    gradient = tape.gradient(lightness, images).numpy()[0, 0]
    step = 1e-6
    for pixel, channel in itertools.product(range(3), range(3)):
        ends = []
        for sign in (1, -1):
            moved = srgb[pixel].copy()
            moved[channel] += sign * step
            ends.append(srgb_to_lab(moved[None, None])[0, 0, 0].numpy())
        slope = (ends[0] - ends[1]) / (2 * step)
        np.testing.assert_allclose(gradient[pixel, channel], slope, rtol=1e-4)
    assert (gradient[0] > 0).all()


def test_the_gradient_of_the_way_back_is_the_slope_by_finite_differences():
    lab = np.random.default_rng(3).uniform(-0.3, 0.3, (5, 3))
    images = tf.constant(lab[None, None], tf.float64)
    weights = np.array([0.7, -0.4, 1.3])
    with tf.GradientTape() as tape:
        tape.watch(images)
        total = tf.reduce_sum(lab_to_srgb(images) * weights)
    gradient = tape.gradient(total, images).numpy()[0, 0]
    for channel in range(3):
        step = np.eye(3)[channel] * 1e-6
        above, below = (lab_to_srgb((lab + way * step)[None, None])[0, 0] for way in (1, -1))
        slope = (above - below).numpy() @ weights / 2e-6
        np.testing.assert_allclose(gradient[:, channel], slope, rtol=1e-5)


@pytest.mark.parametrize("convert", [srgb_to_lab, lab_to_srgb])
def test_no_product_of_matrices_is_taken_whose_factors_a_gpu_would_round(convert):
    """TF32 keeps 10 bits of each factor, which moves colors by several of 255 levels."""

    @tf.function
    def with_gradient(images):
        with tf.GradientTape() as tape:
            tape.watch(images)
            converted = convert(images)
        return converted, tape.gradient(converted, images)

    graph = with_gradient.get_concrete_function(tf.TensorSpec((None, 4, 4, 3), tf.float32)).graph
    kinds = {operation.type for operation in graph.get_operations()}
    assert "Mul" in kinds
    assert not [kind for kind in kinds if "Mat" in kind or "Einsum" in kind or "Conv" in kind]


def test_stored_pixels_are_converted_as_their_values_in_the_unit_range():
    stored = np.random.default_rng(2).integers(0, 256, (1, 16, 16, 3)).astype("uint8")
    np.testing.assert_allclose(srgb_to_lab(stored), scikit_image_lab(stored / 255.0), atol=2e-5)


def test_half_precision_images_are_converted_in_single_precision():
    lab = srgb_to_lab(tf.constant(GRID, tf.bfloat16))
    assert lab.dtype == tf.float32
