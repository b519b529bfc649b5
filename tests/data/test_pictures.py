import io

import numpy as np
import pytest
from PIL import Image

from anime_style_tf.data.artwork import DamagedArtworkError
from anime_style_tf.data.pictures import decode_png, encode_png, fit_square, open_picture

RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


def opened(picture, file_format="PNG", max_pixels=10_000, **options):
    buffer = io.BytesIO()
    picture.save(buffer, file_format, **options)
    buffer.seek(0)
    return open_picture(buffer, image_size=4, max_pixels=max_pixels)


def flat(mode, color, size=(8, 8)):
    return Image.new(mode, size, color)


@pytest.mark.parametrize(
    ("picture", "file_format", "expected"),
    [
        (flat("RGB", RED), "PNG", (255, 0, 0, 255)),
        (flat("RGB", RED), "BMP", (255, 0, 0, 255)),
        (flat("L", 77), "PNG", (77, 77, 77, 255)),
        (flat("1", 1), "PNG", (255, 255, 255, 255)),
        (flat("RGBA", (10, 20, 30, 40)), "PNG", (10, 20, 30, 40)),
        (flat("LA", (90, 128)), "PNG", (90, 90, 90, 128)),
        (flat("RGB", BLUE).convert("P"), "PNG", (0, 0, 255, 255)),
        (flat("RGB", GREEN).convert("P"), "GIF", (0, 255, 0, 255)),
        (flat("CMYK", (0, 255, 255, 0)), "TIFF", (255, 0, 0, 255)),
        (flat("RGBA", (10, 20, 30, 40)), "WEBP", (10, 20, 30, 40)),
    ],
)
def test_common_formats_and_modes_become_srgb_and_opacity(picture, file_format, expected):
    options = {"lossless": True, "exact": True} if file_format == "WEBP" else {}
    assert opened(picture, file_format, **options).getpixel((3, 3)) == expected


def test_sixteen_bits_are_scaled_not_clipped():
    wide = Image.fromarray(np.full((4, 4), 65535 // 2, np.uint16))
    assert opened(wide).getpixel((0, 0)) == (127, 127, 127, 255)


def test_a_transparent_palette_entry_is_transparent():
    picture = flat("P", 0)
    picture.putpalette([*RED, *GREEN])
    assert opened(picture, transparency=0).getpixel((0, 0))[3] == 0


@pytest.mark.parametrize(
    ("orientation", "as_shown"),
    [
        (1, lambda pixels: pixels),
        (2, np.fliplr),
        (3, lambda pixels: np.rot90(pixels, 2)),
        (4, np.flipud),
        (5, lambda pixels: pixels.swapaxes(0, 1)),
        (6, lambda pixels: np.rot90(pixels, -1)),
        (7, lambda pixels: np.rot90(pixels, 2).swapaxes(0, 1)),
        (8, np.rot90),
        (77, lambda pixels: pixels),
    ],
)
def test_exif_rotation_is_applied(orientation, as_shown):
    pixels = np.random.default_rng(0).integers(0, 256, (2, 3, 3), np.uint8)
    exif = Image.Exif()
    exif[0x0112] = orientation
    turned = opened(Image.fromarray(pixels), exif=exif)
    np.testing.assert_array_equal(np.asarray(turned)[..., :3], as_shown(pixels))


@pytest.mark.parametrize("file_format", ["GIF", "PNG", "WEBP"])
def test_of_an_animation_the_first_frame_counts(file_format):
    more = [flat("RGB", GREEN), flat("RGB", BLUE)]
    options = {"lossless": True} if file_format == "WEBP" else {}
    first = opened(flat("RGB", RED), file_format, save_all=True, append_images=more, **options)
    assert first.getpixel((0, 0)) == (*RED, 255)


def test_a_large_jpeg_is_decoded_at_a_fraction_only_where_a_size_is_given():
    buffer = io.BytesIO()
    flat("RGB", RED, (800, 400)).save(buffer, "JPEG")
    sizes = {
        size: open_picture(buffer, image_size=size, max_pixels=10**6).size for size in (32, None)
    }
    assert sizes == {32: (200, 100), None: (800, 400)}


def test_a_picture_with_too_many_pixels_is_refused_before_it_is_decoded():
    with pytest.raises(DamagedArtworkError, match="101 x 100 pixels, the limit is 10000"):
        opened(flat("L", 0, (101, 100)))


def test_the_limit_is_the_one_given_not_pillows(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)  # Pillow refuses twice as many on opening
    with pytest.raises(DamagedArtworkError, match="101 x 100 pixels, the limit is 10000"):
        opened(flat("L", 0, (101, 100)))
    assert opened(flat("L", 0, (100, 100))).size == (100, 100)
    assert Image.MAX_IMAGE_PIXELS == 100


@pytest.mark.parametrize("cut", [0, 10, 200])
def test_a_cut_or_foreign_file_is_refused(cut):
    buffer = io.BytesIO()
    noise = np.random.default_rng(0).integers(0, 256, (32, 32, 3), np.uint8)
    Image.fromarray(noise).save(buffer, "JPEG")
    with pytest.raises(DamagedArtworkError):
        open_picture(io.BytesIO(buffer.getvalue()[:cut]), image_size=4, max_pixels=10_000)


def test_floating_point_pixels_are_refused():
    with pytest.raises(DamagedArtworkError, match="floating-point"):
        opened(flat("F", 0.5), "TIFF")


def test_fitting_keeps_the_shape_and_pads_with_uncovered_black():
    image, coverage = fit_square(flat("RGB", RED, (20, 10)).convert("RGBA"), 8)
    expected = np.zeros((8, 8, 3), np.uint8)
    expected[2:6] = RED
    np.testing.assert_array_equal(image, expected)
    np.testing.assert_array_equal(coverage, np.where(expected[..., 0], 255, 0))


def test_transparency_is_laid_on_black_and_kept_as_coverage():
    image, coverage = fit_square(flat("RGBA", (200, 100, 50, 128)), 4)
    np.testing.assert_allclose(image[0, 0], np.array([200, 100, 50]) * 128 / 255, atol=1)
    assert (coverage == 128).all()


def test_a_line_shorter_than_a_pixel_stays_visible():
    image, coverage = fit_square(flat("RGBA", (255, 255, 255, 255), (100, 1)), 4)
    assert image.shape == (4, 4, 3)
    assert (coverage.max(1) > 0).sum() == 1


@pytest.mark.parametrize("shape", [(5, 5, 3), (5, 5)])
def test_png_loses_nothing(shape):
    pixels = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    np.testing.assert_array_equal(decode_png(encode_png(pixels)), pixels)


def test_heic_is_read_where_its_package_is_installed(tmp_path):
    heif = pytest.importorskip("pillow_heif")
    heif.register_heif_opener()
    Image.new("RGB", (64, 48), (200, 40, 60)).save(tmp_path / "a.heic", quality=95)
    picture = open_picture(tmp_path / "a.heic", image_size=None, max_pixels=10_000)
    assert (picture.size, picture.mode) == ((64, 48), "RGBA")
    assert np.abs(np.asarray(picture)[..., :3].mean((0, 1)) - (200, 40, 60)).max() < 6
