"""A PNG without what its pixels do not need, so that damage and bombs there cost nothing."""

import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Of the chunks that a decoder may skip, those that change how the picture looks: transparency,
# profile, rotation (EXIF, or XMP in a text), and where the frames of an animation are.
_NEEDED = (b"tRNS", b"iCCP", b"sRGB", b"gAMA", b"cHRM", b"eXIf", b"acTL", b"fcTL", b"fdAT")
_XMP = b"XML:com.adobe.xmp\0\0"  # and not compressed
_LARGEST_XMP = 2**20  # bytes


def without_notes(data):
    """Leaves out texts, which may be large or bombs, and what is damaged but not critical.

    Nothing is decompressed. A chunk that is cut short, and all behind it, stay as they are.

    Args:
        data: `bytes` of a file.

    Returns:
        `bytes` of a PNG; those of another file as they are.

    Source: PNG (third edition), section 13.1: an error in an ancillary chunk is no fatal one.
    """
    if not data.startswith(SIGNATURE):
        return data
    kept, start = [SIGNATURE], len(SIGNATURE)
    view = memoryview(data)
    while start + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, start)
        end = start + 12 + length
        if end > len(data):
            break
        if not kind[0] & 0x20 or _is_sound_and_needed(kind, view[start + 4 : end]):
            kept.append(view[start:end])
        start = end
    return b"".join([*kept, view[start:]])


def _is_sound_and_needed(kind, chunk):
    if kind == b"iTXt":
        needed = len(chunk) <= _LARGEST_XMP and bytes(chunk[4 : 4 + len(_XMP)]) == _XMP
    else:
        needed = kind in _NEEDED
    return needed and zlib.crc32(chunk[:-4]) == int.from_bytes(chunk[-4:])
