"""Files of every kind that a served model may be sent: those read alike, those refused."""

import io
import struct
import zlib

import numpy as np
from PIL import Image, ImageCms

RNG = np.random.default_rng(3)
WIDTH, HEIGHT = 24, 20


def smooth(mode="RGB", width=WIDTH, height=HEIGHT):
    """A picture without hard edges, other pixels each time."""
    coarse = Image.fromarray(RNG.integers(0, 256, (4, 4, 4), np.uint8), "RGBA")
    picture = coarse.resize((width, height), Image.Resampling.BICUBIC)
    if mode in ("RGBA", "LA"):
        return picture.convert(mode)
    picture.putalpha(255)
    return picture.convert(mode)


def encoded(picture, form, **options):
    """The bytes of a picture file."""
    buffer = io.BytesIO()
    picture.save(buffer, form, **options)
    return buffer.getvalue()


def chunk(kind, data):
    """A chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(pixels, depth, kind, *chunks):
    """A PNG of rows that are packed already."""
    width = {1: 8, 2: 4, 4: 2}.get(depth, 1) * pixels.shape[1]
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, len(pixels), depth, kind, 0, 0, 0))
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    body = chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + body


def interlaced(pixels):
    """An 8-bit RGB PNG in seven passes, which Pillow cannot write."""
    steps = ((0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2),
             (1, 0, 2, 1))  # fmt: skip
    rows = b"".join(
        b"\0" + row.tobytes()
        for top, left, down, right in steps
        for row in np.ascontiguousarray(pixels[top::down, left::right])
    )
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 1))
    return (b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(rows))
            + chunk(b"IEND", b""))  # fmt: skip


def behind_header(data, added):
    """A PNG with a chunk more."""
    return data[:33] + added + data[33:]


def bmp(rows, bits, *, packed=0, palette=b"", between=b"", down=False):
    """A BMP; `rows` from the top, packed as they are to be written."""
    rows = rows if down else rows[::-1]
    data = b"".join(row.tobytes() + bytes(-len(row.tobytes()) % 4) for row in rows)
    start = 54 + len(between) + len(palette)
    return (
        b"BM" + struct.pack("<IHHI", start + len(data), 0, 0, start)
        + struct.pack("<IiiHHIIiiII", 40, WIDTH, -HEIGHT if down else HEIGHT, 1, bits, packed,
                      len(data), 2835, 2835, len(palette) // 4, 0)
        + between + palette + data
    )  # fmt: skip


def offset_gif():
    """A GIF whose first frame covers a part of its screen."""
    data = bytearray(encoded(smooth(width=10, height=8).quantize(16), "GIF"))
    data[6:10] = struct.pack("<HH", WIDTH, HEIGHT)
    place = data.index(b",", 13 + 3 * 16)
    data[place + 1 : place + 5] = struct.pack("<HH", 5, 6)
    return bytes(data)


def turned(orientation, form, **options):
    """A picture that EXIF turns."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    return encoded(smooth(), form, exif=exif, **options)


def profiles():
    """Three profiles: sRGB, one with its name and other primaries, one of another name."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = srgb.replace(b"rXYZ", b"tXYZ").replace(b"gXYZ", b"rXYZ").replace(b"tXYZ", b"gXYZ")
    renamed = srgb.replace(b"s\0R\0G\0B", b"A\0b\0c\0d").replace(b"sRGB", b"Abcd")
    return srgb, swapped, renamed


def palette_bytes(picture):
    """The palette as a BMP holds it."""
    colors = np.zeros((256, 4), np.uint8)
    found = np.array(picture.getpalette(), np.uint8).reshape(-1, 3)
    colors[: len(found), :3] = found[:, ::-1]
    return colors.tobytes()


def without_adobe(jpeg):
    """A JPEG without the segment in which Adobe says what its inks mean."""
    place = jpeg.index(b"Adobe") - 4
    length = struct.unpack(">H", jpeg[place + 2 : place + 4])[0]
    return jpeg[:place] + jpeg[place + 2 + length :]


def bmps_alike():
    """Of BMP: 24 bits, and gray levels."""
    pixels = np.asarray(smooth())
    return {
        "bmp, 24 bits": encoded(smooth(), "BMP"),
        "bmp, gray": encoded(smooth("L"), "BMP"),
        "bmp, from the top": bmp(np.ascontiguousarray(pixels[..., ::-1]), 24, down=True),
        "bmp, odd width": encoded(smooth(width=23), "BMP"),
        "bmp, space before the pixels": bmp(
            np.ascontiguousarray(pixels[..., ::-1]), 24, between=bytes(10)
        ),
    }


def pngs_alike():
    """Of PNG: all but one color that stands for transparency, and profiles."""
    color, gray, clear = smooth(), smooth("L"), smooth("RGBA")
    few = color.quantize(16)
    deep = np.asarray(color).astype(np.int64) * 256 + RNG.integers(0, 256, (HEIGHT, WIDTH, 3))
    wide = np.linspace(0, 65535, WIDTH * HEIGHT).reshape(HEIGHT, WIDTH)
    levels = np.asarray(gray) >> 4
    whole = encoded(color, "PNG")
    return {
        "png": whole,
        "png, gray": encoded(gray, "PNG"),
        "png, gray and opacity": encoded(smooth("LA"), "PNG"),
        "png, opacity": encoded(clear, "PNG"),
        "png, palette": encoded(few, "PNG"),
        "png, palette of 2 bits": encoded(color.quantize(4), "PNG", bits=2),
        "png, palette with opacities": encoded(few, "PNG", transparency=bytes([0, 128, 255, 30])),
        "png, palette with a clear color": encoded(few, "PNG", transparency=3),
        "png, 1 bit": encoded(gray.convert("1"), "PNG"),
        "png, gray of 4 bits": png(levels[:, ::2] << 4 | levels[:, 1::2], 4, 0),
        "png, gray of 16 bits": png(wide.astype(">u2"), 16, 0),
        "png, 16 bits": png(deep.astype(">u2"), 16, 2),
        "png, interlaced": interlaced(np.asarray(color)),
        "png, animated": encoded(color, "PNG", save_all=True, append_images=[smooth()]),
        "png, gamma": behind_header(whole, chunk(b"gAMA", struct.pack(">I", 100_000))),
        "png, sRGB profile": encoded(color, "PNG", icc_profile=profiles()[0]),
        "png, large text": behind_header(
            whole, chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(9_000_000)))
        ),
        "png, damaged text": behind_header(whole, chunk(b"tEXt", b"k\0hello")[:-4] + b"oops"),
        "png, turned": turned(6, "PNG"),
        "png, large": encoded(smooth(width=701, height=333), "PNG"),
        "png, hard edges": encoded(
            Image.fromarray(RNG.integers(0, 2, (90, 70, 3), np.uint8) * 255), "PNG"
        ),
    }


def others_alike():
    """Of JPEG, GIF and WebP."""
    color, inks = smooth(), smooth().convert("CMYK")
    few = color.quantize(32)
    ycck = bytearray(encoded(inks, "JPEG"))
    ycck[ycck.index(b"Adobe") + 11] = 2
    return {
        "jpeg": encoded(color, "JPEG"),
        "jpeg, gray": encoded(smooth("L"), "JPEG"),
        "jpeg, progressive": encoded(color, "JPEG", progressive=True),
        "jpeg, all colors": encoded(smooth(width=23, height=17), "JPEG", subsampling=0),
        "jpeg, RGB": encoded(color, "JPEG", keep_rgb=True),
        "jpeg, CMYK": encoded(inks, "JPEG"),
        "jpeg, YCCK": bytes(ycck),
        "jpeg, sRGB profile": encoded(color, "JPEG", icc_profile=profiles()[0]),
        "jpeg, large": encoded(smooth(width=700, height=500), "JPEG"),
        **{f"jpeg, turned, {number}": turned(number, "JPEG") for number in range(1, 9)},
        "gif": encoded(color, "GIF"),
        "gif, interlaced": encoded(few, "GIF", interlace=1),
        "gif, clear color": encoded(few, "GIF", transparency=3),
        "gif, animated": encoded(few, "GIF", save_all=True, append_images=[smooth().quantize(9)]),
        "webp": encoded(color, "WEBP"),
        "webp, lossless": encoded(color, "WEBP", lossless=True),
        "webp, opacity": encoded(smooth("RGBA"), "WEBP"),
        "webp, turned": turned(8, "WEBP", lossless=True),
    }


def refused():
    """What TensorFlow decodes otherwise or not at all: name -> (bytes, part of the reason)."""
    color, gray, clear = smooth(), smooth("L"), smooth("RGBA")
    many, pixels = color.quantize(200), np.asarray(color)
    indices, colors = np.asarray(many), palette_bytes(many)
    runs = np.stack([np.ones_like(indices), indices], -1).reshape(HEIGHT, -1)
    runs = np.concatenate([runs, np.zeros((HEIGHT, 2), np.uint8)], 1)
    _, swapped, renamed = profiles()
    first = tuple(int(level) for level in pixels[3, 4])
    levels = np.asarray(gray) >> 4
    xmp = b'<x:xmpmeta tiff:Orientation="6"/>'
    bitmap, key, profile = "a BMP other than", "one color stands", "a color profile"
    animated = encoded(color, "WEBP", save_all=True, append_images=[smooth()])
    return {
        "bmp, palette": (encoded(many, "BMP"), bitmap),
        "bmp, palette from the top": (bmp(indices, 8, palette=colors, down=True), bitmap),
        "bmp, palette of 4 bits": (
            bmp(levels[:, ::2] << 4 | levels[:, 1::2], 4, palette=colors[:64]), bitmap,
        ),
        "bmp, 1 bit": (encoded(gray.convert("1"), "BMP"), bitmap),
        "bmp, run lengths": (bmp(runs, 8, packed=1, palette=colors), bitmap),
        "bmp, 16 bits": (bmp(RNG.integers(0, 2**15, (HEIGHT, WIDTH)).astype("<u2"), 16), bitmap),
        "bmp, 32 bits": (encoded(clear, "BMP"), bitmap),
        "gif, first frame apart": (offset_gif(), "a GIF whose first frame"),
        "png, clear color": (encoded(color, "PNG", transparency=first), key),
        "png, clear gray": (encoded(gray, "PNG", transparency=int(np.asarray(gray)[3, 4])), key),
        "png, swapped profile": (encoded(color, "PNG", icc_profile=swapped), profile),
        "png, other profile": (encoded(color, "PNG", icc_profile=renamed), profile),
        "png, broken profile": (encoded(color, "PNG", icc_profile=b"none"), profile),
        "jpeg, swapped profile": (encoded(color, "JPEG", icc_profile=swapped), profile),
        "webp, swapped profile": (encoded(color, "WEBP", icc_profile=swapped), profile),
        "jpeg, inks": (without_adobe(encoded(color.convert("CMYK"), "JPEG")), "a JPEG of four"),
        "jpeg, turned by xmp": (encoded(color, "JPEG", xmp=xmp), "a rotation in XMP"),
        "webp, animated": (animated, "an animated WebP"),
        **{
            form: (encoded(color, form), "a file other than PNG, JPEG, GIF, BMP and WebP")
            for form in ("TIFF", "PPM", "TGA", "AVIF")
        },
        "jpeg xl": (b"\xff\x0a" + bytes(30), "a file other than"),
    }  # fmt: skip
