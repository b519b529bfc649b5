"""Small sets of records, written for a test, and what they hold."""

import numpy as np
import tensorflow as tf

from anime_style_tf.data.conversion.plan import Plan
from anime_style_tf.data.conversion.rendering import Settings
from anime_style_tf.data.conversion.selection import Rules
from anime_style_tf.data.conversion.writer import write_records
from anime_style_tf.data.ledger import read_ledger
from tests.data.drawings import Drawings

RULES = {"min_works": 6, "test_fraction": 0.2, "test_minimum": 2}
OURS = {"min_works", "test_fraction", "test_minimum", "seed"}


def write(output, works, faults=None, *, image_size=16, source=(), **options):
    """Writes a set of `Drawings`; options are of the rules or of the plan."""
    rules = Rules(**(RULES | {name: options.pop(name) for name in OURS & set(options)}))
    return write_records(
        Plan(
            source=Drawings(works, faults, **dict(source)),
            output=output,
            rendering=Settings(image_size=image_size),
            rules=rules,
            **({"workers": 1, "progress": False} | options),
        )
    )


def verdicts(folder):
    return {row["reference"]: (row["verdict"], row["reason"]) for row in read_ledger(folder)}


def read(folder, split):
    """Reads a split with TensorFlow's own parsing, by hand-written field names."""
    files = sorted(str(path) for path in folder.glob(f"{split}-*.tfrecord"))
    for raw in tf.data.TFRecordDataset(files).as_numpy_iterator():
        yield tf.train.Example.FromString(raw).features.feature


def text(features, name):
    return features[name].bytes_list.value[0].decode()


def identities(folder, split):
    return {text(features, "work_id") for features in read(folder, split)}


def values():
    """What one record holds, by the names of its fields."""
    png = tf.io.encode_png(np.zeros((2, 2, 3), np.uint8)).numpy()
    mask = tf.io.encode_png(np.full((2, 2, 1), 255, np.uint8)).numpy()
    return {
        "image_png": png,
        "coverage_png": mask,
        "artist": 3,
        "artist_name": "Bōsai",
        "work_id": "a/1.png",
        "factors": '{"flip": "none"}',
        "source": "somewhere",
        "face": "{}",
    }
