"""Pictures made to do harm."""

import contextlib
import io
import random
import struct
import tracemalloc
import zlib

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from anime_style_tf.data.artwork import DamagedArtworkError
from anime_style_tf.data.pictures import open_picture


def opened(data, max_pixels=10**6):
    return open_picture(io.BytesIO(data), image_size=16, max_pixels=max_pixels)


def saved(file_format, **options):
    pixels = np.random.default_rng(0).integers(0, 256, (40, 40, 3), np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, file_format, **options)
    return buffer.getvalue()


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def huge_png():
    """50,000 x 50,000 white pixels of one bit: 2.5 gigapixels in some hundred kilobytes."""
    row = b"\0" + b"\xff" * 6250
    packer = zlib.compressobj(9)
    data = b"".join([packer.compress(row * 500) for _ in range(100)]) + packer.flush()
    header = struct.pack(">IIBBBBB", 50_000, 50_000, 1, 0, 0, 0, 0)
    parts = [chunk(b"IHDR", header), chunk(b"IDAT", data), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def huge_gif(*, screen, frame):
    descriptor = struct.pack("<HHHHB", 0, 0, *frame, 0)
    start = b"GIF89a" + struct.pack("<HHBBB", *screen, 0x80, 0, 0) + bytes(6)
    return start + b"," + descriptor + b"\x02\x02\x4c\x01\x00;"


def huge_bmp():
    return b"BM" + struct.pack("<IIIIiiHHIIiiII", 99, 0, 54, 40, 60_000, 60_000, 1, 24, *[0] * 6)


def huge_tiff():
    entries = {256: 100_000, 257: 100_000, 258: 8, 259: 1, 262: 1, 273: 200, 277: 1, 279: 1}
    tags = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries.items())
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + tags + bytes(500)


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (huge_png(), "50000 x 50000"),
        (huge_gif(screen=(65535, 65535), frame=(1, 1)), "65535 x 65535"),
        (huge_gif(screen=(1, 1), frame=(65535, 65535)), "65535 x 65535"),
        (huge_bmp(), "60000 x 60000"),
        (huge_tiff(), "100000 x 100000"),
        (b"P6 90000 90000 255\n" + bytes(99), "90000 x 90000"),
    ],
)
def test_huge_dimensions_are_refused_before_decoding(data, size):
    with pytest.raises(DamagedArtworkError, match=f"{size} pixels, the limit is 1000000"):
        opened(data)


@pytest.mark.parametrize(
    "file_format", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "PPM", "AVIF"]
)
def test_the_limit_holds_in_every_format(file_format):
    with pytest.raises(DamagedArtworkError, match="40 x 40 pixels, the limit is 1599"):
        opened(saved(file_format), max_pixels=1599)
    assert opened(saved(file_format), max_pixels=1600).size == (40, 40)


@pytest.mark.parametrize(
    "file_format", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "PPM", "AVIF"]
)
@pytest.mark.parametrize("part", [0.02, 0.5, 0.9])
def test_a_truncated_file_is_refused_in_every_format(file_format, part):
    data = saved(file_format)
    with pytest.raises(DamagedArtworkError):
        opened(data[: int(part * len(data))])


def with_chunk(name, data, crc=None):
    """The sound PNG with one more chunk behind its header."""
    png, after_header = saved("PNG"), 8 + 25
    added = chunk(name, data)
    added = added if crc is None else added[:-4] + crc
    return png[:after_header] + added + png[after_header:]


BOMB = zlib.compress(bytes(30_000_000), 9)


def test_a_bomb_in_the_profile_of_a_png_is_refused():
    with pytest.raises(DamagedArtworkError, match="too large"):
        opened(with_chunk(b"iCCP", b"k\0\0" + BOMB))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        (b"zTXt", b"k\0\0" + BOMB),
        (b"iTXt", b"k\0\1\0\0\0" + BOMB),
        (b"tEXt", b"k\0" + b"a" * 3_000_000),
        (b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + BOMB),
        (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + b"a" * 3_000_000),
    ],
)
def test_the_texts_of_a_png_cost_neither_its_pixels_nor_memory(name, data):
    data = with_chunk(name, data)
    tracemalloc.start()
    picture = opened(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    np.testing.assert_array_equal(np.asarray(picture), np.asarray(opened(saved("PNG"))))
    assert peak < 2 * len(data) + 10**6


def test_many_texts_together_cost_nothing_either():
    info = PngInfo()
    for number in range(80):
        info.add_text(f"key {number}", "a" * 1_000_000, zip=True)
    assert opened(saved("PNG", pnginfo=info)).size == (40, 40)


def exif(*entries, next_directory=0):
    tags = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return (
        b"Exif\0\0II*\0" + struct.pack("<IH", 8, len(entries)) + tags
        + struct.pack("<I", next_directory)
    )  # fmt: skip


HOSTILE_EXIF = {
    "no header": b"Exif\0\0nonsense",
    "nothing": b"Exif\0\0",
    "cut": exif((0x0112, 3, 1, 6))[:19],
    "a directory that follows itself": exif((0x0112, 3, 1, 1), next_directory=8),
    "a directory inside itself": exif((0x8769, 4, 1, 8)),
    "a value far outside": exif((0x010F, 2, 0xFFFFFFF0, 0xFFFFFFF0)),
    "a type that does not exist": exif((0x0112, 99, 1, 6)),
    "an orientation of many values": exif((0x0112, 3, 2, 6)),
    "an orientation that is text": exif((0x0112, 2, 2, 0x41414141)),
    "an offset before the file": b"Exif\0\0MM\0*\xff\xff\xff\xff",
}


@pytest.mark.parametrize("kind", HOSTILE_EXIF)
@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP"])
def test_hostile_exif_costs_the_rotation_not_the_picture(kind, file_format):
    assert opened(saved(file_format, exif=HOSTILE_EXIF[kind])).size == (40, 40)


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"])
def test_flipped_bytes_are_decoded_or_refused_and_nothing_else(file_format):
    whole = saved(file_format, exif=exif((0x0112, 3, 1, 6)))
    draws = random.Random(0)
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(draws.choice((1, 3, 30))):
            data[draws.randrange(len(data))] = draws.randrange(256)
        with contextlib.suppress(DamagedArtworkError):
            assert opened(bytes(data)).mode == "RGBA"


def test_running_out_of_memory_is_not_the_pictures_fault(monkeypatch):
    def fail(*_):
        raise MemoryError

    monkeypatch.setattr(Image.Image, "getexif", fail)
    with pytest.raises(MemoryError):
        opened(saved("PNG"))
