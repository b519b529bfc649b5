"""The record, declared once for the writer, the reader and the table in `tfrecords/README.md`.

A record is a `tf.train.Example` with one bytes or int64 value per field. A batch is a dict that
the reader makes of records; its keys are the constants below.
"""

import dataclasses

from anime_style_tf.data.tfrecord import Example

IMAGE = "image"
COVERAGE = "coverage"
ARTIST = "artist"
WORK_ID = "work_id"
FACTORS = "factors"
BYTES = "bytes"
INT64 = "int64"


@dataclasses.dataclass(frozen=True)
class Field:
    """One field of a record.

    Args:
        name: feature key in the `tf.train.Example`.
        type: `BYTES` or `INT64`; each field holds exactly one value.
        batch_key: key of the batch that it becomes, or None when only tools read it.
        meaning: one sentence for the field table.
    """

    name: str
    type: str
    batch_key: str | None
    meaning: str


FIELDS = (
    Field(
        "image_png",
        BYTES,
        IMAGE,
        "PNG, sRGB, 8 bits, 3 channels, square; what the picture does not cover is black.",
    ),
    Field(
        "coverage_png",
        BYTES,
        COVERAGE,
        "PNG, 8 bits, 1 channel, same size: 255 = drawn, 0 = padding, between = opacity.",
    ),
    Field("artist", INT64, ARTIST, "Label: index into `artists` of `info.json`."),
    Field("artist_name", BYTES, None, "Name of the artist, UTF-8."),
    Field(
        "work_id",
        BYTES,
        WORK_ID,
        "Identity that the test split hashes, UTF-8; several portraits of one work share it, and "
        "so do artists that drew the same subject on purpose.",
    ),
    Field(
        "factors",
        BYTES,
        FACTORS,
        "JSON object of what is known about the content; `{}` if nothing is.",
    ),
    Field("source", BYTES, None, "Where the picture came from: a path or a recipe, UTF-8."),
    Field(
        "face",
        BYTES,
        None,
        "JSON object: `number` of the face in the picture, `likelihood`, `box`, eyes; `{}` "
        "without a detector.",
    ),
)


def field_table():
    """Returns the fields as a Markdown table, one row each."""
    rows = ["| field | type | batch key | meaning |", "|---|---|---|---|"]
    rows += [
        f"| `{field.name}` | {field.type} | "
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
    example = Example()
    for field in FIELDS:
        feature, value = example.features.feature[field.name], values[field.name]
        if field.type == INT64:
            feature.int64_list.value.append(value)
        else:
            raw = value.encode() if isinstance(value, str) else value
            feature.bytes_list.value.append(raw)
    return example.SerializeToString(deterministic=True)
