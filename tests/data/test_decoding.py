import tensorflow as tf

from anime_style_tf.data import decoding, schema
from tests.data.test_schema import values


def test_a_decoded_record_has_exactly_the_keys_and_types_of_a_batch():
    record = decoding.parse(tf.constant(schema.serialize(values())))
    decoded = decoding.decode(record, 2)
    signature = decoding.batch_signature(2)
    assert set(decoded) == set(signature) == {f.batch_key for f in schema.FIELDS} - {None}
    for key, specification in signature.items():
        assert specification.is_compatible_with(decoded[key]), key
