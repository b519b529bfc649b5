"""Depth and color of pictures, with files and profiles made by hand."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms

from anime_style_tf.data.pictures import open_picture

GRAY, RGB, GRAY_ALPHA, RGBA = 0, 2, 4, 6  # color types of PNG
# Primaries relative to D50, columns red, green, blue (B. Lindbloom, RGB/XYZ matrices).
ADOBE_RGB = np.array(
    [
        [0.6097559, 0.2052401, 0.1492240],
        [0.3111242, 0.6256560, 0.0632197],
        [0.0194811, 0.0608902, 0.7448387],
    ]
)
SRGB = np.array(
    [
        [0.4360747, 0.3850649, 0.1430804],
        [0.2225045, 0.7168786, 0.0606169],
        [0.0139322, 0.0971045, 0.7141733],
    ]
)


def png16(color_type, values, *chunks):
    """A PNG of one row of pixels of 16 bits a channel."""
    values = np.asarray(values)
    raw = b"\0" + values.astype(">u2").tobytes()
    header = struct.pack(">IIBBBBB", len(values), 1, 16, color_type, 0, 0, 0)
    parts = [(b"IHDR", header), *chunks, (b"IDAT", zlib.compress(raw)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )


def decoded(data):
    picture = open_picture(io.BytesIO(data), image_size=None, max_pixels=10**6)
    assert picture.mode == "RGBA"
    return np.asarray(picture)


def fixed(*values):
    return struct.pack(f">{len(values)}i", *(round(value * 65536) for value in values))


def profile(space, gamma, primaries):
    """A version 2 display profile: primaries and one exponent."""
    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, round(gamma * 256)) + bytes(2)
    tags = {b"wtpt": b"XYZ " + bytes(4) + fixed(0.9642, 1, 0.8249)}
    if space == b"GRAY":
        tags[b"kTRC"] = curve
    else:
        for letter, column in zip((b"r", b"g", b"b"), primaries.T, strict=True):
            tags[letter + b"XYZ"] = b"XYZ " + bytes(4) + fixed(*column)
            tags[letter + b"TRC"] = curve
    offset = 132 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    for name, data in tags.items():
        table += name + struct.pack(">II", offset + len(body), len(data))
        body += data
    size = offset + len(body)
    header = struct.pack(">I4xI", size, 0x02100000) + b"mntr" + space + b"XYZ " + bytes(12)
    header += b"acsp" + bytes(28) + fixed(0.9642, 1, 0.8249)
    return header.ljust(128, b"\0") + table + body


def srgb_of_linear(linear):
    """IEC 61966-2-1, to 8 bits."""
    linear = np.clip(linear, 0, 1)
    encoded = np.where(linear > 0.0031308, 1.055 * linear ** (1 / 2.4) - 0.055, 12.92 * linear)
    return 255 * encoded


def saved(picture, file_format="PNG", **options):
    buffer = io.BytesIO()
    picture.save(buffer, file_format, **options)
    return buffer.getvalue()


def test_sixteen_bits_of_gray_and_color_keep_their_upper_eight():
    colors = np.random.default_rng(0).integers(0, 65536, (50, 4))
    expected = colors / 257
    np.testing.assert_allclose(decoded(png16(RGBA, colors))[0], expected, atol=1)
    opaque = decoded(png16(RGB, colors[:, :3]))[0]
    np.testing.assert_allclose(opaque[:, :3], expected[:, :3], atol=1)
    assert (opaque[:, 3] == 255).all()
    gray = decoded(png16(GRAY, colors[:, 0]))[0]
    np.testing.assert_allclose(gray[:, :3], expected[:, [0, 0, 0]], atol=0.5)
    both = decoded(png16(GRAY_ALPHA, colors[:, :2]))[0]
    np.testing.assert_allclose(both, expected[:, [0, 0, 0, 1]], atol=1)


def test_a_transparent_gray_of_sixteen_bits_is_transparent_and_its_neighbor_is_not():
    pixels = decoded(png16(GRAY, [1000, 1001], (b"tRNS", struct.pack(">H", 1000))))[0]
    assert pixels[:, 3].tolist() == [0, 255]


ADOBE = profile(b"RGB ", 563 / 256, ADOBE_RGB)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P"])
def test_a_color_profile_is_converted_to_srgb(mode):
    color = (120, 90, 160)
    linear = (np.array(color) / 255) ** (563 / 256)
    expected = srgb_of_linear(np.linalg.solve(SRGB, ADOBE_RGB @ linear))
    assert np.abs(expected - color).max() > 4  # it does something
    picture = Image.new("RGBA", (4, 4), (*color, 99)) if mode == "RGBA" else None
    picture = picture or Image.new("RGB", (4, 4), color).convert(mode, palette=1)
    pixel = decoded(saved(picture, icc_profile=ADOBE))[0, 0]
    np.testing.assert_allclose(pixel[:3], expected, atol=1.5)
    assert pixel[3] == (99 if mode == "RGBA" else 255)


@pytest.mark.parametrize("mode", ["L", "LA", "1"])
def test_a_gray_profile_is_converted_to_srgb(mode):
    data = saved(Image.new(mode, (4, 4), {"LA": (55, 200), "L": 55}.get(mode, 1)),
                 icc_profile=profile(b"GRAY", 1.0, None))  # fmt: skip
    expected = 255 if mode == "1" else srgb_of_linear(55 / 255)
    np.testing.assert_allclose(decoded(data)[0, 0, :3], expected, atol=1.5)


def test_sixteen_bits_of_gray_keep_their_profile():
    data = saved(Image.fromarray(np.full((2, 2), 55 * 257, np.uint16)),
                 icc_profile=profile(b"GRAY", 1.0, None))  # fmt: skip
    np.testing.assert_allclose(decoded(data)[0, 0, :3], srgb_of_linear(55 / 255), atol=1.5)


@pytest.mark.parametrize(
    "damaged",
    [
        b"nonsense",
        ADOBE[:200],
        ADOBE[:128] + bytes(len(ADOBE) - 128),
        ADOBE[:130] + b"\xff" * 200,
        profile(b"GRAY", 1.0, None),
        ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes(),
    ],
)
def test_a_damaged_profile_or_one_for_other_pixels_is_left_out(damaged):
    data = saved(Image.new("RGB", (4, 4), (120, 90, 160)), icc_profile=damaged)
    assert decoded(data)[0, 0].tolist() == [120, 90, 160, 255]


def test_a_jpeg_of_four_inks_has_the_colors_of_its_inks():
    data = saved(Image.new("CMYK", (16, 16), (255, 0, 255, 0)), "JPEG", quality=100)
    np.testing.assert_allclose(decoded(data)[8, 8], [0, 255, 0, 255], atol=2)


def test_premultiplied_opacity_is_undone():
    data = saved(Image.new("RGBA", (4, 4), (100, 50, 25, 128)), "TIFF")
    extra_samples = struct.pack("<HHII", 338, 3, 1, 2)
    assert data.count(extra_samples) == 1
    associated = data.replace(extra_samples, struct.pack("<HHII", 338, 3, 1, 1))
    np.testing.assert_allclose(decoded(associated)[0, 0], [199, 100, 50, 128], atol=1)
