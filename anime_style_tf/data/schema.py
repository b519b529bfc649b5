"""The record, declared once for the writer, the reader and the table in `tfrecords/README.md`.

A record is a `tf.train.Example` with one bytes or int64 value per field. A batch is a dict that
the reader makes of records; its keys are the constants below.
"""

import dataclasses

import tensorflow as tf

IMAGE = "image"
COVERAGE = "coverage"
ARTIST = "artist"
WORK_ID = "work_id"
FACTORS = "factors"


@dataclasses.dataclass(frozen=True)
class Field:
    """One field of a record.

    Args:
        name: feature key in the `tf.train.Example`.
        dtype: `tf.string` (bytes) or `tf.int64`; each field holds exactly one value.
        batch_key: key of the batch that it becomes, or None when only tools read it.
        meaning: one sentence for the field table.
    """

    name: str
    dtype: tf.DType
    batch_key: str | None
    meaning: str


FIELDS = (
    Field(
        "image_png",
        tf.string,
        IMAGE,
        "PNG, sRGB, 8 bits, 3 channels, square; what the picture does not cover is black.",
    ),
    Field(
        "coverage_png",
        tf.string,
        COVERAGE,
        "PNG, 8 bits, 1 channel, same size: 255 = drawn, 0 = padding, between = opacity.",
    ),
    Field("artist", tf.int64, ARTIST, "Label: index into `artists` of `info.json`."),
    Field("artist_name", tf.string, None, "Name of the artist, UTF-8."),
    Field(
        "work_id",
        tf.string,
        WORK_ID,
        "Identity that the test split hashes, UTF-8; several portraits of one work share it, and "
        "so do artists that drew the same subject on purpose.",
    ),
    Field(
        "factors",
        tf.string,
        FACTORS,
        "JSON object of what is known about the content; `{}` if nothing is.",
    ),
    Field("source", tf.string, None, "Where the picture came from: a path or a recipe, UTF-8."),
    Field(
        "face",
        tf.string,
        None,
        "JSON object: `number` of the face in the picture, `likelihood`, `box`, eyes; `{}` "
        "without a detector.",
    ),
)


def field_table():
    """Returns the fields as a Markdown table, one row each."""
    rows = ["| field | type | batch key | meaning |", "|---|---|---|---|"]
    rows += [
        f"| `{field.name}` | {_type_name(field.dtype)} | "
        f"{f'`{field.batch_key}`' if field.batch_key else '-'} | {field.meaning} |"
        for field in FIELDS
    ]
    return "\n".join(rows)


def serialize(values):
    """Makes a record.

    Args:
        values: dict with one value for each of `FIELDS`: `bytes`, `str` (stored as UTF-8) or
            `int`.

    Returns:
        The serialized `tf.train.Example`, `bytes`; equal values give equal bytes.
    """
    features = {}
    for field in FIELDS:
        value = values[field.name]
        if field.dtype == tf.int64:
            feature = tf.train.Feature(int64_list=tf.train.Int64List(value=[value]))
        else:
            raw = value.encode() if isinstance(value, str) else value
            feature = tf.train.Feature(bytes_list=tf.train.BytesList(value=[raw]))
        features[field.name] = feature
    example = tf.train.Example(features=tf.train.Features(feature=features))
    return example.SerializeToString(deterministic=True)


def parse(serialized):
    """Reads records back, pictures still encoded.

    Args:
        serialized: string `[batch]`, or a scalar for one record.

    Returns:
        Dict field name -> tensor of the shape of `serialized`.
    """
    specification = {field.name: tf.io.FixedLenFeature([], field.dtype) for field in FIELDS}
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


def batch_signature(image_size):
    """Returns the `tf.TensorSpec` of each entry of what `decode` gives."""
    return {
        IMAGE: tf.TensorSpec([image_size, image_size, 3], tf.uint8),
        COVERAGE: tf.TensorSpec([image_size, image_size, 1], tf.uint8),
        ARTIST: tf.TensorSpec([], tf.int32),
        WORK_ID: tf.TensorSpec([], tf.string),
        FACTORS: tf.TensorSpec([], tf.string),
    }


def _type_name(dtype):
    return "int64" if dtype == tf.int64 else "bytes"
