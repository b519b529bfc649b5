"""A folder of artwork with everything that goes wrong in one, and the verdict for each file."""

import io
import os
import struct
import zipfile
import zlib

import numpy as np
from PIL import Image, PngImagePlugin

from anime_style_tf.data.verdicts import DUPLICATE, REJECTED, TOO_SMALL, UNREADABLE

SIDE = 96


def drawing(seed, side=SIDE):
    """A smooth picture with a few shapes; each seed gives another."""
    random = np.random.default_rng(seed)
    coarse = random.integers(0, 256, (5, 5, 3), np.uint8)
    return Image.fromarray(coarse).resize((side, side), Image.Resampling.BICUBIC)


def encoded(picture, form, **options):
    """The bytes of a picture file."""
    buffer = io.BytesIO()
    picture.save(buffer, format=form, **options)
    return buffer.getvalue()


def _chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png(width, height, *chunks):
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    body = b"".join(_chunk(*chunk) for chunk in (*chunks, (b"IDAT", zlib.compress(b"\0" * 100))))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + body + _chunk(b"IEND", b"")


def _deep_png(seed):
    """16 bits in each of three channels, which Pillow cannot write."""
    pixels = np.asarray(drawing(seed)).astype(">u2") * 257
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 16, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows))
        + _chunk(b"IEND", b"")
    )  # fmt: skip


def _hostile_exif():
    exif = Image.Exif()
    exif[0x0112] = 3
    data = bytearray(exif.tobytes())
    data[-12:] = b"\xff" * 12
    return bytes(data)


def _with_text_bomb(png):
    bomb = zlib.compress(b"a" * 80_000_000, 9)
    return png[:33] + _chunk(b"zTXt", b"Comment\0\0" + bomb) + png[33:]


def sound_odd_files():
    """Files that look odd and are fine: name -> bytes."""
    frames = [drawing(seed) for seed in (200, 201)]
    gray16 = Image.fromarray(np.linspace(0, 65535, SIDE * SIDE, dtype=np.uint16).reshape(SIDE, -1))
    palette = drawing(203).quantize(16)
    transparent = drawing(204).convert("RGBA")
    transparent.putalpha(Image.linear_gradient("L").resize((SIDE, SIDE)))
    rotated = Image.Exif()
    rotated[0x0112] = 6
    noted = PngImagePlugin.PngInfo()
    noted.add_text("Comment", "hello")
    return {
        "wrong extension.jpg": encoded(drawing(205), "PNG"),
        "no extension": encoded(drawing(206), "PNG"),
        "cmyk.jpg": encoded(drawing(207).convert("CMYK"), "JPEG"),
        "gray 16 bits.png": encoded(gray16, "PNG"),
        "color 16 bits.png": _deep_png(208),
        "animated.gif": encoded(frames[0], "GIF", save_all=True, append_images=frames[1:]),
        "animated.webp": encoded(drawing(209), "WEBP", save_all=True, append_images=[drawing(210)]),
        "animated.png": encoded(drawing(211), "PNG", save_all=True, append_images=[drawing(212)]),
        "palette.png": encoded(palette, "PNG", transparency=3),
        "alpha.webp": encoded(transparent, "WEBP"),
        "one bit.png": encoded(drawing(213).convert("1"), "PNG"),
        "lab.tif": encoded(drawing(214).convert("LAB"), "TIFF"),
        "turned.jpg": encoded(drawing(215), "JPEG", exif=rotated),
        "hostile exif.jpg": encoded(drawing(216), "JPEG", exif=_hostile_exif()),
        "broken profile.png": encoded(drawing(217), "PNG", icc_profile=b"no profile"),
        "text.png": encoded(drawing(218), "PNG", pnginfo=noted),
        "text bomb.png": _with_text_bomb(encoded(drawing(223), "PNG")),
        "wide.png": encoded(drawing(219).resize((960, 12)), "PNG"),
        "spaces and\nnewline 🦊 狐.png": encoded(drawing(220), "PNG"),
        os.fsdecode(b"latin \xe9.png"): encoded(drawing(221), "PNG"),
        "deep/er/still.png": encoded(drawing(222), "PNG"),
    }


def damaged_files():
    """Files that cannot be kept: name -> (bytes, verdict, part of the reason)."""
    first = drawing(0)
    photo = encoded(drawing(300), "JPEG")
    invisible = Image.new("RGBA", (SIDE, SIDE))
    floating = Image.fromarray(np.zeros((SIDE, SIDE), np.float32))
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("picture.png", photo)
    crop = first.crop((3, 2, SIDE - 2, SIDE - 3))
    return {
        "cut.jpg": (photo[: len(photo) // 2], UNREADABLE, "truncated"),
        "cut.png": (encoded(drawing(301), "PNG")[:200], UNREADABLE, ""),
        "head only.png": (encoded(drawing(302), "PNG")[:20], UNREADABLE, ""),
        "empty.png": (b"", UNREADABLE, ""),
        "words.png": (b"this is no picture", UNREADABLE, ""),
        "drawing.svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", UNREADABLE, ""),
        "bomb.png": (_png(60_000, 60_000), UNREADABLE, "pixels"),
        "endless.bmp": (b"BM" + struct.pack("<IHHIIiiHHIIiiII", 54, 0, 0, 54, 40, 2**30, 2**30,
                        1, 24, 0, 0, 0, 0, 0, 0), UNREADABLE, ""),
        "floating.tif": (encoded(floating, "TIFF"), UNREADABLE, "floating-point"),
        "invisible.png": (encoded(invisible, "PNG"), UNREADABLE, "transparent"),
        "inner.zip": (inner.getvalue(), REJECTED, "an archive"),
        "dot.png": (encoded(drawing(303).resize((1, 1)), "PNG"), TOO_SMALL, "1 x 1 pixels"),
        "same file.png": (encoded(first, "PNG"), DUPLICATE, "the same file"),
        "same pixels.webp": (encoded(first, "WEBP", lossless=True), DUPLICATE, "nearly"),
        "again.jpg": (encoded(first, "JPEG", quality=70), DUPLICATE, "nearly"),
        "smaller.png": (encoded(first.resize((60, 60)), "PNG"), DUPLICATE, "nearly"),
        "cropped.png": (encoded(crop, "PNG"), DUPLICATE, "nearly"),
    }  # fmt: skip
