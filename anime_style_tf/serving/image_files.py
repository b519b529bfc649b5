"""Encoded image files to pixels and back, inside a TensorFlow graph."""

import tensorflow as tf

from anime_style_tf.serving.file_headers import NOTHING, what_differs

_GAP = 3.0  # times the size to which a picture is reduced coarsely before, see `fit_square`


def decode_images(files, *, image_size):
    """Decodes image files to one square size.

    The picture is what `data.pictures.open_picture` and `fit_square` make of the file, up to
    rounding: turned as EXIF says, on black where it is transparent, resized step by step as
    Pillow does, centered, with black around it; of an animation the first frame. A file that
    TensorFlow would decode otherwise is refused, see `file_headers`.

    Args:
        files: `[batch]` strings: PNG, JPEG, GIF, BMP, and WebP (where TensorFlow is 2.20+).
        image_size: side of the result, pixels.

    Returns:
        `[batch, image_size, image_size, 3]` uint8, sRGB.

    Raises:
        tf.errors.InvalidArgumentError: when run, if a file is none of these formats, is cut
            short or is refused; the message says which kind it is of. The whole batch fails.
    """
    return tf.map_fn(
        lambda file: _decode(file, image_size),
        files,
        fn_output_signature=tf.TensorSpec([image_size, image_size, 3], tf.uint8),
    )


def encode_png(images):
    """Encodes images as PNG.

    Args:
        images: `[batch, height, width, 3]` float, sRGB in [0, 1].

    Returns:
        `[batch]` strings.
    """
    return tf.io.encode_png(_to_uint8(images * 255.0))


def _decode(file, image_size):
    reason, turn = what_differs(file)
    refusal = tf.debugging.Assert(
        reason == NOTHING,
        [tf.strings.join([reason, " is not decoded here: save it as an 8-bit PNG in sRGB"])],
    )
    with tf.control_dependencies([] if refusal is None else [refusal]):  # None where it is eager
        pixels = _pixels(tf.identity(file), image_size)
    colors = _turned(_to_uint8(_composite_on_black(tf.cast(pixels, tf.float32))), turn)
    shape = tf.cast(tf.shape(colors)[:2], tf.float32)
    inner = tf.round(shape * float(image_size) / tf.reduce_max(shape))
    inner = tf.maximum(tf.cast(inner, tf.int32), 1)
    resized = _resized(colors, inner)
    before = (image_size - inner) // 2
    after = image_size - inner - before
    paddings = tf.concat([tf.stack([before, after], axis=1), [[0, 0]]], axis=0)
    padded = tf.pad(resized, paddings)
    return tf.ensure_shape(padded, [image_size, image_size, 3])


def _pixels(file, image_size):
    # Channels are read as they are: asking for 3 fails on a WebP with transparency. JPEG apart:
    # the fast transform of decode_image is up to ten levels away from Pillow's, in the records.
    pixels = tf.case(
        [
            (tf.io.is_jpeg(file), lambda: _jpeg_pixels(file, image_size)),
            (_is_gray_of_16_bits(file), lambda: _narrowed(file)),
        ],
        default=lambda: tf.io.decode_image(file, expand_animations=False),
    )
    pixels.set_shape([None, None, None])
    return pixels


def _jpeg_pixels(file, image_size):
    """Decodes at the fraction of its size at which `open_picture` does."""
    shape = tf.io.extract_jpeg_shape(file)
    times = tf.reduce_min(shape[:2] // (2 * image_size))
    power = tf.reduce_sum(tf.cast(times >= [2, 4, 8], tf.int32))
    return tf.switch_case(
        power,
        [
            lambda ratio=ratio: tf.io.decode_jpeg(file, ratio=ratio, dct_method="INTEGER_ACCURATE")
            for ratio in (1, 2, 4, 8)
        ],
    )


def _is_gray_of_16_bits(file):
    """Tells whether it is a PNG whose levels are rounded to 8 bits, as in `open_picture`."""
    header = tf.strings.join([tf.strings.substr(file, 0, 26), "\0" * 26])
    is_png = tf.strings.substr(header, 0, 4) == b"\x89PNG"
    return is_png & (tf.strings.substr(header, 24, 2) == b"\x10\0")


def _narrowed(file):
    wide = tf.io.decode_png(file, channels=1, dtype=tf.uint16)
    return _to_uint8(tf.cast(wide, tf.float32) / 257.0)


def _turned(pixels, turn):
    """Applies an orientation as EXIF numbers it."""
    pixels = tf.cond(turn >= 5, lambda: tf.transpose(pixels, [1, 0, 2]), lambda: pixels)
    across, down = (tf.reduce_any(turn == each) for each in ([2, 3, 6, 7], [3, 4, 7, 8]))
    pixels = tf.where(across, pixels[:, ::-1], pixels)
    return tf.where(down, pixels[::-1], pixels)


def _resized(pixels, size):
    """Resizes uint8 as Pillow does: coarsely by whole numbers, then across, then down.

    Each step is rounded and clipped to 8 bits.
    """
    shape = tf.shape(pixels)[:2]
    factor = tf.maximum(tf.cast(shape / size / _GAP, tf.int32), 1)
    # The last row and column of a reduced picture may stand for less than a whole one.
    down, across = tf.unstack(tf.cast(size * factor / shape, tf.float32))
    reduced = _reduced(pixels, factor)
    narrow = _resampled(reduced, [tf.shape(reduced)[0], size[1]], [1.0, across])
    return _resampled(narrow, size, [down, 1.0])


def _reduced(pixels, factor):
    """Averages blocks; those at the lower and right edge have what is left."""
    shape = tf.shape(pixels)[:2]
    blocks = -(-shape // factor)
    padded = tf.pad(
        tf.cast(pixels, tf.int32), [[0, blocks[0] * factor[0] - shape[0]],
                                    [0, blocks[1] * factor[1] - shape[1]], [0, 0]],
    )  # fmt: skip
    parts = tf.reshape(padded, [blocks[0], factor[0], blocks[1], factor[1], 3])
    sums = tf.reduce_sum(parts, [1, 3])
    counts = [
        tf.minimum(factor[axis], shape[axis] - factor[axis] * tf.range(blocks[axis]))
        for axis in (0, 1)
    ]
    count = (counts[0][:, None] * counts[1])[..., None]
    return tf.cast((sums + count // 2) // count, tf.uint8)


def _resampled(pixels, size, scale):
    values = tf.raw_ops.ScaleAndTranslate(
        images=tf.cast(pixels, tf.float32)[None],
        size=size,
        scale=tf.cast(tf.stack(scale), tf.float32),
        translation=tf.zeros(2),
        kernel_type="lanczos3",
        antialias=True,
    )
    return _to_uint8(values[0])


def _composite_on_black(pixels):
    """Turns 1 (gray), 2 (gray, alpha), 3 (RGB) or 4 (RGBA) channels into RGB on black."""
    channels = tf.shape(pixels)[-1]
    has_alpha = tf.equal(channels % 2, 0)
    alpha = tf.where(has_alpha, pixels[..., -1:] / 255.0, 1.0)
    colors = pixels[..., : channels - tf.cast(has_alpha, tf.int32)]
    repeats = tf.where(channels <= 2, 3, 1)
    return tf.ensure_shape(tf.tile(colors, [1, 1, repeats]) * alpha, [None, None, 3])


def _to_uint8(values):
    return tf.cast(tf.round(tf.clip_by_value(values, 0.0, 255.0)), tf.uint8)
