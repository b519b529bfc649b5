"""Records back to what a batch is made of, as TensorFlow operations."""

import tensorflow as tf

from anime_style_tf.data.schema import (
    ARTIST,
    BYTES,
    COVERAGE,
    FACTORS,
    FIELDS,
    IMAGE,
    INT64,
    WORK_ID,
)

_TYPES = {BYTES: tf.string, INT64: tf.int64}


def parse(serialized):
    """Reads records back, pictures still encoded.

    Args:
        serialized: string `[batch]`, or a scalar for one record.

    Returns:
        Dict field name -> tensor of the shape of `serialized`.
    """
    specification = {field.name: tf.io.FixedLenFeature([], _TYPES[field.type]) for field in FIELDS}
    if serialized.shape.rank == 0:
        return tf.io.parse_single_example(serialized, specification)
    return tf.io.parse_example(serialized, specification)


def decode(record, image_size):
    """Turns one parsed record into one element of a batch.

    Args:
        record: scalars as `parse` gives them.
        image_size: height and width in pixels.

    Returns:
        Dict: `image` uint8 `[height, width, 3]` (sRGB), `coverage` uint8 `[height, width, 1]`,
        `artist` int32, `work_id` string, `factors` string.
    """
    image = tf.io.decode_png(record["image_png"], channels=3)
    coverage = tf.io.decode_png(record["coverage_png"], channels=1)
    return {
        IMAGE: tf.ensure_shape(image, [image_size, image_size, 3]),
        COVERAGE: tf.ensure_shape(coverage, [image_size, image_size, 1]),
        ARTIST: tf.cast(record["artist"], tf.int32),
        WORK_ID: record["work_id"],
        FACTORS: record["factors"],
    }
