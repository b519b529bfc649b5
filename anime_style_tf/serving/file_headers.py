"""What the header of an image file says, read inside a TensorFlow graph.

TensorFlow decodes some files otherwise than Pillow does, without an error: a palette as gray
levels, a rotated photograph as it lies in the file. `what_differs` names those, so that a served
model answers as the package does or not at all.
"""

import tensorflow as tf

_PADDING = 64  # zeros behind a file, so that what is read of its end is there
_MOST_CHUNKS = 10_000  # looked at in the header of one file
_MOST_TAGS = 256  # of EXIF
_MOST_OF_A_PROFILE = 2**16  # bytes, compressed
_SRGB = r"(?s)\C*(sRGB|s\x00R\x00G\x00B)\C*"  # in the name of a profile, in both encodings of it
# Its primaries, adapted to D50, and how much a profile that is named so may differ from them.
_PRIMARIES = {
    b"rXYZ": (0.4361, 0.2225, 0.0139), b"gXYZ": (0.3851, 0.7169, 0.0971),
    b"bXYZ": (0.1431, 0.0606, 0.7141),
}  # fmt: skip
_TOLERANCE = 0.003
_TURNED_BY_XMP = r'(?s)\C*tiff:Orientation(="|>)[2-8]\C*'
_GRAY_LEVELS = bytes(level for gray in range(256) for level in (gray, gray, gray, 0))

NOTHING = ""
_REASONS = {
    "palette": "a BMP other than of 24 bits, or of 8 bits with 256 gray levels, uncompressed",
    "frame": "a GIF whose first frame is not as large as its screen",
    "transparency": "a PNG without a palette in which one color stands for transparency",
    "inks": "a JPEG of four inks without Adobe's marker",
    "animation": "an animated WebP",
    "profile": "a color profile that is not sRGB",
    "rotation": "a rotation in XMP",
    "format": "a file other than PNG, JPEG, GIF, BMP and WebP",
}


def what_differs(file):
    """Names what TensorFlow would decode otherwise than the package does.

    Args:
        file: string scalar, the bytes of a file.

    Returns:
        `(reason, orientation)`: string scalar, empty if nothing does; int32 scalar, the number
        that EXIF gives, 1 to 8.
    """
    view = _View(file)
    start = view.text(0, 12)
    one = tf.constant(1)
    reason, turn = tf.case(
        [
            (_begins(start, b"BM"), lambda: (_differs_in_bmp(view), one)),
            (_begins(start, b"GIF8"), lambda: (_differs_in_gif(view), one)),
            (_begins(start, b"\x89PNG"), lambda: _differs_in_png(view)),
            (_begins(start, b"\xff\xd8\xff"), lambda: _differs_in_jpeg(view)),
            (_begins(start, b"RIFF"), lambda: _differs_in_webp(view)),
        ],
        default=lambda: (tf.constant(_REASONS["format"]), one),
        exclusive=True,
    )
    by_xmp = (turn == 1) & tf.strings.regex_full_match(file, _TURNED_BY_XMP)
    return tf.where((reason == NOTHING) & by_xmp, _REASONS["rotation"], reason), turn


def _begins(start, beginning):
    return tf.strings.substr(start, 0, len(beginning)) == beginning


class _View:
    """The bytes of a file, and zeros behind them."""

    def __init__(self, file):
        self.file = file
        self.length = tf.cast(tf.strings.length(file), tf.int64)
        self._bytes = tf.pad(tf.io.decode_raw(file, tf.uint8), [[0, _PADDING]])

    def number(self, start, size, *, big):
        """Returns the unsigned numbers of `size` bytes at `start`, int64 of its shape."""
        places = tf.cast(start, tf.int64)[..., None] + tf.range(size, dtype=tf.int64)
        places = tf.clip_by_value(places, 0, self.length + _PADDING - 1)
        values = tf.cast(tf.gather(self._bytes, places), tf.int64)
        order = range(size - 1, -1, -1) if big else range(size)
        return tf.reduce_sum(values * tf.constant([256**power for power in order], tf.int64), -1)

    def text(self, start, size):
        """Returns up to `size` bytes at `start` as a string."""
        start = tf.clip_by_value(tf.cast(start, tf.int64), 0, self.length)
        size = tf.clip_by_value(tf.cast(size, tf.int64), 0, self.length - start)
        return tf.strings.substr(self.file, start, size)


def _name(*conditions):
    """Returns the reason of the first condition that holds: pairs of a key and a bool scalar."""
    reason = tf.constant(NOTHING)
    for key, holds in reversed(conditions):
        reason = tf.where(holds, _REASONS[key], reason)
    return reason


def _differs_in_bmp(view):
    header, data = view.number(14, 4, big=False), view.number(10, 4, big=False)
    bits, packed = view.number(28, 2, big=False), view.number(30, 4, big=False)
    gray = (data == 14 + header + 1024) & (view.text(14 + header, 1024) == _GRAY_LEVELS)
    alike = (header >= 40) & (packed == 0) & ((bits == 24) | ((bits == 8) & gray))
    return _name(("palette", ~alike))


def _differs_in_gif(view):
    flags = view.number(10, 1, big=False)
    colors = tf.bitwise.left_shift(tf.constant(2, tf.int64), flags % 8)
    first = 13 + tf.where(flags >= 128, 3 * colors, 0)

    def is_extension(place, _):
        return view.number(place, 1, big=False) == 0x21

    def after_extension(place, steps):
        def in_blocks(inner, _):
            return (inner < view.length) & (view.number(inner, 1, big=False) > 0)

        def after_block(inner, count):
            return inner + 1 + view.number(inner, 1, big=False), count + 1

        end, _ = tf.while_loop(in_blocks, after_block, (place + 2, 0))
        return end + 1, steps + 1

    place, _ = tf.while_loop(
        is_extension, after_extension, (first, 0), maximum_iterations=_MOST_CHUNKS
    )
    whole = (view.number(place + 1, 4, big=False) == 0) & (
        view.number(place + 5, 4, big=False) == view.number(6, 4, big=False)
    )
    return _name(("frame", ~whole))


def _walk(view, start, step, found):
    """Goes from chunk to chunk.

    Args:
        view: a `_View`.
        start: place of the first chunk.
        step: called with the place of a chunk and what was found; returns the place of the next
            one, or one behind the file, and what has been found.
        found: int64 tensors, at first.

    Returns:
        What was found.
    """
    return tf.while_loop(
        lambda place, *_: place + 4 <= view.length,
        lambda place, *before: step(place, *before),
        (tf.constant(start, tf.int64), *(tf.constant(each, tf.int64) for each in found)),
        maximum_iterations=_MOST_CHUNKS,
    )[1:]


def _differs_in_png(view):
    def step(place, exif, profile, size, transparent):
        length, kind = view.number(place, 4, big=True), view.text(place + 4, 4)
        exif = tf.where(kind == b"eXIf", place + 8, exif)
        profile = tf.where(kind == b"iCCP", place + 8, profile)
        size = tf.where(kind == b"iCCP", length, size)
        transparent = tf.where(kind == b"tRNS", tf.constant(1, tf.int64), transparent)
        return place + 12 + length, exif, profile, size, transparent

    exif, profile, size, transparent = _walk(view, 8, step, (-1, -1, 0, 0))

    def is_srgb():
        packed = tf.strings.regex_replace(
            view.text(profile, tf.minimum(size, _MOST_OF_A_PROFILE)),
            r"(?s)\A[^\x00]{0,79}\x00\x00",
            "",
            replace_global=False,
        )
        return _is_srgb(tf.io.decode_compressed(packed, "ZLIB"))

    srgb = tf.cond(profile < 0, lambda: tf.constant(True), is_srgb)
    has_palette = view.number(25, 1, big=True) == 3
    turn = _orientation(view, exif)
    reason = _name(
        ("transparency", (transparent > 0) & ~has_palette),
        ("profile", ~srgb),
    )
    return reason, turn


def _differs_in_jpeg(view):
    def step(place, exif, profile, size, components, adobe):
        marker = view.number(place + 1, 1, big=True)
        length = view.number(place + 2, 2, big=True)
        is_exif = (marker == 0xE1) & (view.text(place + 4, 6) == b"Exif\0\0") & (exif < 0)
        is_profile = (marker == 0xE2) & (view.text(place + 4, 12) == b"ICC_PROFILE\0")
        is_profile &= profile < 0
        is_frame = (marker >= 0xC0) & (marker <= 0xCF) & (marker != 0xC4) & (marker != 0xC8)
        is_frame &= marker != 0xCC
        alone = ((marker >= 0xD0) & (marker <= 0xD7)) | (marker == 1)
        after = place + tf.where(alone, tf.constant(2, tf.int64), 2 + length)
        after = tf.where(marker == 0xFF, place + 1, after)  # a filling byte
        ends = (marker == 0xDA) | (view.number(place, 1, big=True) != 0xFF)
        return (
            tf.where(ends, view.length, after),
            tf.where(is_exif, place + 10, exif),
            tf.where(is_profile, place + 18, profile),
            tf.where(is_profile, length - 16, size),
            tf.where(is_frame, view.number(place + 9, 1, big=True), components),
            tf.where((marker == 0xEE) & (view.text(place + 4, 5) == b"Adobe"), place, adobe),
        )

    exif, profile, size, components, adobe = _walk(view, 2, step, (-1, -1, 0, 0, -1))
    turn = _orientation(view, exif)
    srgb = _is_srgb(view.text(profile, size))
    reason = _name(
        ("inks", (components == 4) & (adobe < 0)),
        ("profile", (profile >= 0) & ~srgb),
    )
    return reason, turn


def _differs_in_webp(view):
    def step(place, exif, profile, size, animated):
        kind, length = view.text(place, 4), view.number(place + 4, 4, big=False)
        prefix = tf.where(view.text(place + 8, 6) == b"Exif\0\0", tf.constant(6, tf.int64), 0)
        return (
            place + 8 + length + length % 2,
            tf.where(kind == b"EXIF", place + 8 + prefix, exif),
            tf.where(kind == b"ICCP", place + 8, profile),
            tf.where(kind == b"ICCP", length, size),
            tf.where((kind == b"ANIM") | (kind == b"ANMF"), tf.constant(1, tf.int64), animated),
        )

    exif, profile, size, animated = _walk(view, 12, step, (-1, -1, 0, 0))
    turn = _orientation(view, exif)
    srgb = _is_srgb(view.text(profile, size))
    flagged = (view.text(12, 4) == b"VP8X") & (view.number(20, 1, big=True) // 2 % 2 == 1)
    reason = _name(
        ("animation", (animated > 0) | flagged),
        ("profile", (profile >= 0) & ~srgb),
    )
    return reason, turn


def _is_srgb(profile):
    """Tells whether a profile is named sRGB and has its primaries."""
    view = _View(profile)
    count = tf.minimum(view.number(128, 4, big=True), _MOST_TAGS)
    tags = 132 + 12 * tf.range(count)
    alike = tf.strings.regex_full_match(profile, _SRGB)
    for name, expected in _PRIMARIES.items():
        found = view.number(tags, 4, big=True) == int.from_bytes(name)
        place = tf.reduce_max(tf.where(found, view.number(tags + 4, 4, big=True), 0))
        places = place + tf.constant([8, 12, 16], tf.int64)
        values = tf.cast(view.number(places, 4, big=True), tf.float32) / 65536
        alike &= tf.reduce_all(tf.abs(values - expected) < _TOLERANCE)
    return alike


def _orientation(view, start):
    """Returns the orientation in EXIF that begins at `start`, 1 where there is none."""
    orders = [_orientation_in_order(view, start, big=big) for big in (False, True)]
    return tf.where(start < 0, 1, tf.where(view.text(start, 2) == b"MM", orders[1], orders[0]))


def _orientation_in_order(view, start, *, big):
    directory = start + view.number(start + 4, 4, big=big)
    count = tf.minimum(view.number(directory, 2, big=big), _MOST_TAGS)
    entries = directory + 2 + 12 * tf.range(count)
    found = view.number(entries, 2, big=big) == 0x0112
    values = tf.where(found, view.number(entries + 8, 2, big=big), 1)
    turn = tf.reduce_max(tf.concat([values, [1]], 0))
    return tf.cast(tf.where((turn >= 1) & (turn <= 8), turn, 1), tf.int32)
