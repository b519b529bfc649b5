import tensorflow as tf
from tensorflow_serving.apis import prediction_log_pb2

from anime_style_tf.serving.signatures import SIGNATURES
from anime_style_tf.serving.warm_up import FILE, write_warm_up
from tests.serving.tiny_networks import tiny_portraits


def test_every_signature_is_asked_once_in_tensorflow_servings_own_form(tmp_path):
    portraits = tiny_portraits()
    write_warm_up(tmp_path, portraits, "portraits", SIGNATURES)
    records = tf.data.TFRecordDataset([str(tmp_path / FILE)]).as_numpy_iterator()
    logs = [prediction_log_pb2.PredictionLog.FromString(record) for record in records]
    assert [log.predict_log.request.model_spec.signature_name for log in logs] == list(SIGNATURES)
    for log in logs:
        request = log.predict_log.request
        assert request.model_spec.name == "portraits"
        specs = portraits.input_specs(request.model_spec.signature_name)
        assert set(request.inputs) == {spec.name for spec in specs}
        for spec in specs:
            value = tf.make_ndarray(request.inputs[spec.name])
            assert len(value) == 1
            assert spec.shape.is_compatible_with(value.shape)
        answer = getattr(portraits, request.model_spec.signature_name)(
            *(tf.constant(tf.make_ndarray(request.inputs[spec.name])) for spec in specs)
        )
        assert set(answer) == {
            field.name for field in SIGNATURES[request.model_spec.signature_name].outputs
        }
