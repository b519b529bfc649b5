"""Requests that a server answers to itself before it takes any, so that the first is not slow.

A record is a `PredictionLog` of TensorFlow Serving. Its few fields are encoded here, since the
package of its stubs is needed by those alone who serve.

Source: https://www.tensorflow.org/tfx/serving/saved_model_warmup
"""

import tensorflow as tf

from anime_style_tf.serving.image_files import encode_png

FILE = "assets.extra/tf_serving_warmup_requests"
# Numbers of fields: prediction_log.proto, predict.proto, model.proto.
_PREDICT_LOG, _REQUEST = 6, 1
_MODEL_SPEC, _INPUTS = 1, 2
_NAME, _SIGNATURE_NAME = 1, 3
_KEY, _VALUE = 1, 2


def write_warm_up(folder, portraits, name, signatures):
    """Writes one request for each signature.

    Args:
        folder: of the SavedModel.
        portraits: the `Portraits` that it was written from.
        name: that it will be served under.
        signatures: names.
    """
    path = folder / FILE
    path.parent.mkdir(exist_ok=True)
    with tf.io.TFRecordWriter(str(path)) as writer:
        for signature in signatures:
            inputs = {
                spec.name: _plain(spec, portraits) for spec in portraits.input_specs(signature)
            }
            writer.write(_prediction_log(name, signature, inputs))


def _plain(spec, portraits):
    if spec.dtype == tf.string:
        size = portraits.sizes["size"]
        return encode_png(tf.zeros([1, size, size, 3]))
    return tf.zeros([1, *spec.shape[1:]], spec.dtype)


def _prediction_log(name, signature, inputs):
    spec = _field(_NAME, name.encode()) + _field(_SIGNATURE_NAME, signature.encode())
    request = _field(_MODEL_SPEC, spec)
    for key, tensor in inputs.items():
        value = tf.make_tensor_proto(tensor).SerializeToString()
        request += _field(_INPUTS, _field(_KEY, key.encode()) + _field(_VALUE, value))
    return _field(_PREDICT_LOG, _field(_REQUEST, request))


def _field(number, content):
    """A field with a length, as every message, map entry and text is."""
    return bytes([number << 3 | 2]) + _varint(len(content)) + content


def _varint(number):
    low = number & 127
    return bytes([low]) if number < 128 else bytes([low | 128]) + _varint(number >> 7)
