import io

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from anime_style_tf.data.pictures import fit_square
from anime_style_tf.serving.image_files import decode_images, encode_png

RNG = np.random.default_rng(11)


def smooth_picture(width, height, mode="RGB"):
    coarse = RNG.integers(0, 256, (5, 4, len(mode)), dtype="uint8")
    return Image.fromarray(coarse).convert(mode).resize((width, height), Image.BICUBIC)


def encoded(picture, file_format, **options):
    file = io.BytesIO()
    picture.save(file, file_format, **options)
    return file.getvalue()


def decoded(file, size):
    return decode_images(tf.constant([file]), image_size=size)[0].numpy()


@pytest.mark.parametrize(
    ("width", "height"), [(40, 30), (30, 40), (16, 16), (7, 5), (33, 2), (100, 17), (1, 1)]
)
def test_a_file_is_fitted_into_the_square_as_the_records_fit_it(width, height):
    picture = smooth_picture(width, height)
    expected, _ = fit_square(picture.convert("RGBA"), 16)
    received = decoded(encoded(picture, "PNG"), 16)
    assert received.dtype == np.uint8
    np.testing.assert_allclose(received.astype(int), expected, atol=1)
    # Padding is exactly black, at the same place.
    np.testing.assert_array_equal(received.any(axis=(1, 2)), expected.any(axis=(1, 2)))
    np.testing.assert_array_equal(received.any(axis=(0, 2)), expected.any(axis=(0, 2)))


@pytest.mark.parametrize(
    ("file_format", "options"),
    [
        ("PNG", {}),
        ("JPEG", {"quality": 95}),
        ("WEBP", {"lossless": True}),
        ("GIF", {}),
        ("BMP", {}),
    ],
)
def test_every_documented_format_is_read(file_format, options):
    picture = smooth_picture(16, 16)
    file = encoded(picture, file_format, **options)
    expected = np.asarray(Image.open(io.BytesIO(file)).convert("RGB")).astype(int)
    np.testing.assert_allclose(decoded(file, 16).astype(int), expected, atol=1)


@pytest.mark.parametrize("mode", ["L", "LA", "RGBA", "1"])
def test_gray_and_transparent_pngs_become_rgb_on_black(mode):
    picture = smooth_picture(16, 16, "RGBA").convert(mode)
    black = Image.new("RGBA", picture.size, (0, 0, 0, 255))
    expected = Image.alpha_composite(black, picture.convert("RGBA")).convert("RGB")
    received = decoded(encoded(picture, "PNG"), 16)
    np.testing.assert_allclose(received.astype(int), np.asarray(expected), atol=1)


def test_a_webp_with_transparency_is_read():
    picture = smooth_picture(16, 16, "RGBA")
    picture.putalpha(0)
    assert not decoded(encoded(picture, "WEBP", lossless=True), 16).any()


def test_of_an_animation_the_first_frame_is_taken():
    frames = [Image.new("RGB", (8, 8), color) for color in ("red", "blue")]
    file = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    np.testing.assert_array_equal(decoded(file, 8)[0, 0], [255, 0, 0])


def test_a_batch_may_mix_formats_and_sizes_and_may_be_empty():
    files = [encoded(smooth_picture(9, 12), "PNG"), encoded(smooth_picture(20, 8), "JPEG")]
    assert decode_images(tf.constant(files), image_size=8).shape == (2, 8, 8, 3)
    assert decode_images(tf.constant([], tf.string), image_size=8).shape == (0, 8, 8, 3)


@pytest.mark.parametrize("file", [b"", b"not a picture", b"\x89PNG\r\n\x1a\ncut short"])
def test_a_file_that_is_no_picture_fails_with_tensorflows_invalid_argument(file):
    with pytest.raises(tf.errors.InvalidArgumentError):
        decoded(file, 8)


def test_png_files_hold_the_images_rounded_to_8_bits():
    images = np.linspace(0, 1, 2 * 4 * 5 * 3, dtype="float32").reshape(2, 4, 5, 3)
    files = encode_png(tf.constant(images)).numpy()
    for file, image in zip(files, images, strict=True):
        pixels = np.asarray(Image.open(io.BytesIO(file)))
        np.testing.assert_array_equal(pixels, np.rint(image * 255).astype("uint8"))
