"""Encoded image files to pixels and back, inside a TensorFlow graph."""

import tensorflow as tf


def decode_images(files, *, image_size):
    """Decodes image files to one square size.

    The longer side is resized to `image_size` with antialiasing, the picture is centered, and
    the rest is black, as in the records (`data.pictures.fit_square`). Transparent pixels are
    mixed with black; of an animation the first frame is taken. Unlike there, an EXIF rotation
    and an embedded color profile are not applied, because TensorFlow does not read them.

    Args:
        files: `[batch]` strings: PNG, JPEG, GIF, BMP, and WebP (where TensorFlow is 2.20+).
        image_size: side of the result, pixels.

    Returns:
        `[batch, image_size, image_size, 3]` uint8, sRGB.

    Raises:
        tf.errors.InvalidArgumentError: when run, if a file is none of these formats or is cut
            short. The whole batch fails.
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
    # Channels are read as they are: asking for 3 fails on a WebP with transparency. JPEG apart:
    # the fast transform of decode_image is up to ten levels away from Pillow's, in the records.
    pixels = tf.cond(
        tf.io.is_jpeg(file),
        lambda: tf.io.decode_jpeg(file, dct_method="INTEGER_ACCURATE"),
        lambda: tf.io.decode_image(file, expand_animations=False),
    )
    pixels.set_shape([None, None, None])
    colors = _composite_on_black(tf.cast(pixels, tf.float32))
    shape = tf.cast(tf.shape(colors)[:2], tf.float32)
    inner = tf.round(shape * float(image_size) / tf.reduce_max(shape))
    inner = tf.maximum(tf.cast(inner, tf.int32), 1)
    resized = tf.image.resize(colors, inner, method="lanczos3", antialias=True)
    before = (image_size - inner) // 2
    after = image_size - inner - before
    paddings = tf.concat([tf.stack([before, after], axis=1), [[0, 0]]], axis=0)
    padded = tf.pad(_to_uint8(resized), paddings)
    return tf.ensure_shape(padded, [image_size, image_size, 3])


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
