import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from anime_style_tf.data.artwork import DamagedArtworkError
from anime_style_tf.data.pictures import open_picture
from anime_style_tf.data.png_chunks import without_notes

PIXELS = np.random.default_rng(0).integers(0, 256, (8, 9, 3), np.uint8)


def chunk(kind, data, *, sound=True):
    crc = zlib.crc32(kind + data) ^ (not sound)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)


def png(*chunks, sound=True):
    """A PNG with chunks between its header and its pixels."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 9, 8, 8, 2, 0, 0, 0))
    rows = b"".join(b"\0" + row.tobytes() for row in PIXELS)
    pixels = chunk(b"IDAT", zlib.compress(rows), sound=sound)
    end = chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + pixels + end


ANCILLARY = {
    b"tEXt": b"Comment\0hello", b"zTXt": b"Comment\0\0" + zlib.compress(b"hello"),
    b"iTXt": b"Comment\0\0\0\0\0hello", b"pHYs": struct.pack(">IIB", 1, 1, 1),
    b"tIME": bytes(7), b"prVt": b"anything", b"gAMA": struct.pack(">I", 45455),
    b"tRNS": bytes(6), b"eXIf": b"MM\0*\0\0\0\x08\0\0", b"iCCP": b"k\0\0x", b"bKGD": bytes(6),
}  # fmt: skip


@pytest.mark.parametrize("kind", ANCILLARY)
def test_a_wrong_checksum_of_what_pixels_do_not_need_costs_nothing(kind):
    data = png(chunk(kind, ANCILLARY[kind], sound=False))
    with Image.open(io.BytesIO(png())) as sound:
        np.testing.assert_array_equal(np.asarray(sound), PIXELS)
    picture = open_picture(io.BytesIO(data), image_size=None, max_pixels=100)
    np.testing.assert_array_equal(np.asarray(picture.convert("RGB")), PIXELS)
    assert without_notes(data) == png()


@pytest.mark.parametrize("kind", [b"tRNS", b"eXIf", b"iCCP", b"gAMA"])
def test_what_the_look_depends_on_stays(kind):
    data = png(chunk(kind, ANCILLARY[kind]))
    assert without_notes(data) == data


def test_a_rotation_in_a_text_stays():
    xmp = b'XML:com.adobe.xmp\0\0\0\0\0<x:xmpmeta tiff:Orientation="6"/>'
    data = png(chunk(b"iTXt", xmp))
    assert open_picture(io.BytesIO(data), image_size=None, max_pixels=100).size == (8, 9)


def test_damage_to_the_pixels_themselves_is_still_damage():
    data = png()
    cut = data[: data.index(b"IDAT") + 20]
    assert without_notes(cut) == cut
    for damaged in (cut, data.replace(b"IHDR", b"IHDX")):
        with pytest.raises(DamagedArtworkError):
            open_picture(io.BytesIO(damaged), image_size=None, max_pixels=100)


def test_other_files_stay_as_they_are():
    for data in (b"", b"GIF89a", b"\x89PNG", b"\xff\xd8\xff"):
        assert without_notes(data) == data
