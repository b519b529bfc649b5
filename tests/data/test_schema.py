import pathlib

import tensorflow as tf

from anime_style_tf.data import schema
from tests.data.written_sets import values

README = pathlib.Path(__file__).parents[2] / "tfrecords" / "README.md"


def test_the_readme_has_the_table_of_the_declared_fields():
    assert schema.field_table() in README.read_text("utf-8")


def test_a_record_is_an_example_that_tensorflow_alone_can_read():
    example = tf.train.Example.FromString(schema.serialize(values()))
    features = example.features.feature
    assert set(features) == {field.name for field in schema.FIELDS}
    assert list(features["artist"].int64_list.value) == [3]
    assert features["artist_name"].bytes_list.value[0].decode() == "Bōsai"
    assert all(
        len(feature.bytes_list.value) + len(feature.int64_list.value) == 1
        for feature in features.values()
    )


def test_equal_values_give_equal_bytes():
    backwards = dict(reversed(values().items()))
    assert schema.serialize(values()) == schema.serialize(backwards)
