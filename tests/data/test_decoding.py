import tensorflow as tf

from anime_style_tf.data import decoding, schema
from tests.data.written_sets import values


def test_a_decoded_record_has_exactly_the_keys_shapes_and_types_of_a_batch():
    record = decoding.parse(tf.constant(schema.serialize(values())))
    decoded = {key: (value.dtype, value.shape) for key, value in decoding.decode(record, 2).items()}
    assert set(decoded) == {field.batch_key for field in schema.FIELDS} - {None}
    assert decoded == {
        "image": (tf.uint8, (2, 2, 3)),
        "coverage": (tf.uint8, (2, 2, 1)),
        "artist": (tf.int32, ()),
        "work_id": (tf.string, ()),
        "factors": (tf.string, ()),
    }
