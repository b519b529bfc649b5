"""Properties of drawings whose values are known from how they are drawn."""

import numpy as np
import pytest
from skimage import color, draw, morphology

from anime_style_tf.evaluation.image_properties import (
    PROPERTIES,
    measure_properties,
    srgb_to_cielab,
)

NAMES = [each.name for each in PROPERTIES]


def measured(image, coverage=None):
    """The properties of one image by name."""
    coverage = None if coverage is None else coverage[None]
    return dict(zip(NAMES, measure_properties(image[None], coverage)[0], strict=True))


def paper(height=64, width=64, value=255):
    return np.full((height, width, 3), value, np.uint8)


def noise(*shape):
    return np.random.default_rng(0).integers(256, size=(*shape, 3), dtype=np.uint8)


def test_colors_are_those_of_scikit_image():
    colors = noise(5000)
    np.testing.assert_allclose(srgb_to_cielab(colors), color.rgb2lab(colors), atol=0.03)


def test_means_of_color_are_those_of_scikit_image():
    image = noise(20, 30)
    lightness, a, b = np.moveaxis(color.rgb2lab(image), -1, 0)
    found = measured(image)
    assert found["lightness"] == pytest.approx(lightness.mean(), abs=0.02)
    assert found["lightness_contrast"] == pytest.approx(lightness.std(), abs=0.02)
    assert found["chroma"] == pytest.approx(np.hypot(a, b).mean(), abs=0.03)
    turned = a * np.cos(np.pi * 50 / 180) + b * np.sin(np.pi * 50 / 180)
    assert found["warmth"] == pytest.approx(turned.mean(), abs=0.02)


def test_orange_is_warm_and_blue_is_cool():
    orange, blue = paper(), paper()
    orange[:], blue[:] = (255, 140, 0), (0, 90, 255)
    assert measured(orange)["warmth"] > 30
    assert measured(blue)["warmth"] < -30
    assert measured(paper(value=120))["warmth"] == pytest.approx(0, abs=0.1)


def test_n_colors_of_equal_share_have_log2_n_bits():
    image = paper()
    assert measured(image)["color_entropy"] == 0
    for i, each in enumerate([(0, 0, 0), (255, 0, 0), (0, 255, 0), (0, 0, 255)]):
        image[i // 2 * 32 :][:32, i % 2 * 32 :][:, :32] = each
    assert measured(image)["color_entropy"] == pytest.approx(2)


def test_edges_are_counted_where_colors_meet_and_have_a_direction():
    image = paper()
    image[:, :20] = 0
    found = measured(image)
    assert found["edge_density"] == pytest.approx(1 / 64)
    assert found["edge_direction"] == -1
    assert measured(image.transpose(1, 0, 2))["edge_direction"] == 1
    assert measured(paper())["edge_direction"] == 0


@pytest.mark.parametrize("width", [1, 2, 3, 5])
@pytest.mark.parametrize("turn", [0, 1])
def test_a_straight_line_has_its_own_width(width, turn):
    image = paper()
    image[:, 30 : 30 + width] = 0
    assert measured(np.rot90(image, turn).copy())["line_width"] == pytest.approx(width, rel=0.01)


def test_lines_of_two_widths_have_the_mean_width_over_their_length():
    image = paper()
    image[:, 10:12] = image[:, 40:44] = 0
    assert measured(image)["line_width"] == pytest.approx(3, rel=0.01)


@pytest.mark.parametrize("degrees", [10, 22.5, 45, 70])
def test_a_slanted_line_is_as_wide_as_its_area_over_its_length(degrees):
    rows, columns = np.mgrid[:64, :64] - 31.5
    across, down = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    line = np.abs(columns * across + rows * down) < 2
    image = np.where(line[..., None], 0, paper()).astype(np.uint8)
    expected = line.sum() * max(across, down) / 64
    assert measured(image)["line_width"] == pytest.approx(expected, rel=0.05)


def test_an_outline_is_as_wide_as_its_area_over_its_skeleton():
    image = paper()
    mask = np.zeros((64, 64), bool)
    mask[draw.disk((32, 32), 26)] = True
    mask[draw.disk((32, 32), 23)] = False
    image[mask] = 0
    # A circle of radius r is 2 pi r long, and its skeleton has 4 sqrt(2) r pixels.
    length = morphology.skeletonize(mask).sum() * np.pi / (2 * np.sqrt(2))
    assert measured(image)["line_width"] == pytest.approx(mask.sum() / length, rel=0.1)


def test_a_line_is_as_dark_as_it_lies_below_the_paper():
    image = paper()
    image[:, 30:33] = 100
    expected = 100 - color.rgb2lab(image)[0, 30, 0]
    assert measured(image)["line_darkness"] == pytest.approx(expected, abs=0.02)


def test_flat_paper_faint_lines_and_large_dark_areas_have_no_strokes():
    faint, dark = paper(), paper()
    faint[:, 30:32] = 220  # L* 88, less than 20 below
    dark[10:50, 10:50] = 0
    for image in (paper(), faint, dark):
        assert measured(image)["line_width"] == 0
        assert measured(image)["line_darkness"] == 0


def test_fine_detail_is_what_a_gaussian_takes_away():
    period, columns = 8, np.arange(256)
    wave = 128 + 60 * np.cos(2 * np.pi * columns / period)
    image = np.repeat(wave.round().astype(np.uint8)[None, :, None], 256, axis=0).repeat(3, 2)
    lightness = color.rgb2lab(image)[0, :, 0]
    spectrum = np.fft.rfft(lightness) / len(lightness)
    frequency = np.fft.rfftfreq(len(lightness))
    removed = 1 - np.exp(-2 * (np.pi * frequency) ** 2)
    expected = np.sqrt(2 * np.sum(np.abs(spectrum[1:] * removed[1:]) ** 2))
    assert measured(image)["fine_detail"] == pytest.approx(expected, rel=0.02)
    assert measured(paper())["fine_detail"] == pytest.approx(0, abs=1e-6)


def test_shading_is_the_share_that_is_a_gradient():
    image = paper()
    image[:32] = np.arange(60, 188, 2, dtype=np.uint8)[None, :, None]
    # Columns 0-62 of the upper half change to the right; row 31 meets the flat half at an edge.
    found = measured(image)["shading"]
    assert found == pytest.approx(31 * 63 / (64 * 64 - 64), abs=0.002)
    assert measured(paper())["shading"] == 0


def test_a_mirrored_image_is_symmetric_and_a_ramp_is_the_opposite():
    half = noise(16, 8)
    mirrored = np.concatenate([half, half[:, ::-1]], axis=1)
    assert measured(mirrored)["symmetry"] == pytest.approx(1)
    lightness = color.rgb2lab(noise(16, 16))[..., 0]
    expected = np.corrcoef(lightness.ravel(), lightness[:, ::-1].ravel())[0, 1]
    assert measured(noise(16, 16))["symmetry"] == pytest.approx(expected, abs=1e-3)
    ramp = paper(16, 16)
    ramp[:] = (np.arange(16)[None, :, None] >= 8) * np.uint8(255)
    assert measured(ramp)["symmetry"] == pytest.approx(-1)
    assert measured(paper())["symmetry"] == 1


def test_what_is_not_covered_is_no_part_of_the_drawing():
    image, coverage = noise(32, 32), np.zeros((32, 32, 1), np.uint8)
    coverage[4:28, 6:26] = 255
    black = np.where(coverage == 255, image, 0).astype(np.uint8)
    expected = measured(black, coverage)
    assert measured(image, coverage) == expected
    cropped = measured(image[4:28, 6:26])
    local = set(NAMES) - {"line_width", "line_darkness", "fine_detail"}  # look beyond the border
    for name in local:
        assert expected[name] == pytest.approx(cropped[name], abs=1e-6)


def test_a_dark_area_at_the_padding_is_no_stroke():
    image, coverage = paper(value=30), np.zeros((64, 64), np.uint8)
    coverage[:, 3:] = 255
    image[:, 6:] = 255
    assert measured(image, coverage)["line_width"] == 0


def test_every_value_is_finite_whatever_the_drawing():
    images = np.concatenate([noise(2, 9, 7), np.zeros((2, 9, 7, 3), np.uint8)])
    coverage = np.full((4, 9, 7), 255, np.uint8)
    coverage[1], coverage[3] = 0, np.eye(9, 7, dtype=np.uint8) * 255
    values = measure_properties(images, coverage)
    assert values.shape == (4, len(NAMES))
    assert np.isfinite(values).all()


def test_works_are_measured_one_by_one():
    images = noise(40, 64, 64)
    each = np.concatenate([measure_properties(image[None]) for image in images[::13]])
    np.testing.assert_allclose(measure_properties(images)[::13], each, rtol=1e-5)


def test_names_and_words_of_properties_are_their_own():
    words = [word for each in PROPERTIES for word in (each.name, each.more, each.less)]
    assert len(set(words)) == len(words)


def test_images_that_are_not_bytes_or_not_covered_alike_are_an_error():
    with pytest.raises(ValueError, match="uint8"):
        measure_properties(np.zeros((1, 4, 4, 3)))
    with pytest.raises(ValueError, match="coverage must have shape"):
        measure_properties(noise(1, 4, 4), np.zeros((1, 4, 5), np.uint8))
