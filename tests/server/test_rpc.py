"""TensorFlow Serving's gRPC services, asked by its official stubs."""

import grpc
import numpy as np
import pytest
import tensorflow as tf
from grpc_health.v1 import health_pb2, health_pb2_grpc
from tensorflow_serving.apis import (
    classification_pb2,
    get_model_metadata_pb2,
    get_model_status_pb2,
    model_service_pb2_grpc,
    predict_pb2,
    prediction_service_pb2_grpc,
)

from anime_style_tf.errors import InputError
from anime_style_tf.server.limits import Limits
from tests.server.serving import serving


@pytest.fixture(scope="module")
def channel(toy_server):
    with grpc.insecure_channel(f"127.0.0.1:{toy_server.grpc_port}") as channel:
        yield channel


@pytest.fixture(scope="module")
def stub(channel):
    return prediction_service_pb2_grpc.PredictionServiceStub(channel)


def request(signature="", *, model="half", version=None, outputs=(), **inputs):
    message = predict_pb2.PredictRequest(output_filter=outputs)
    message.model_spec.name, message.model_spec.signature_name = model, signature
    if version is not None:
        message.model_spec.version.value = version
    for name, value in inputs.items():
        message.inputs[name].CopyFrom(tf.make_tensor_proto(value))
    return message


def code(call, message):
    with pytest.raises(grpc.RpcError) as refused:
        call(message, timeout=60)
    assert refused.value.details()
    assert "\n" not in refused.value.details()
    return refused.value.code().name


def test_predict_answers_tensors_and_names_the_version(stub):
    answer = stub.Predict(request(x=np.float32([1, 2, 5])), timeout=60)
    assert tf.make_ndarray(answer.outputs["y"]).tolist() == [3.5, 4, 5.5]
    assert answer.model_spec.name == "half"
    assert answer.model_spec.version.value == 123
    assert answer.model_spec.signature_name == "serving_default"


def test_bytes_come_back_as_they_were_sent(stub):
    answer = stub.Predict(request("echo", files=[b"\x00\xff", b""]), timeout=60)
    assert tf.make_ndarray(answer.outputs["copy_bytes"]).tolist() == [b"\x00\xff", b""]


def test_only_the_outputs_asked_for_are_given(stub):
    tensors = {"signal": np.float32([[1, 2]]), "count": np.int64([3])}
    answer = stub.Predict(request("weigh", outputs=["total"], **tensors), timeout=60)
    assert list(answer.outputs) == ["total"]
    assert code(stub.Predict, request("weigh", outputs=["none"], **tensors)) == "INVALID_ARGUMENT"


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (request(model="other", x=np.float32([1])), "NOT_FOUND"),
        (request(version=4, x=np.float32([1])), "NOT_FOUND"),
        (request(model="", x=np.float32([1])), "INVALID_ARGUMENT"),
        (request("none", x=np.float32([1])), "INVALID_ARGUMENT"),
        (request(), "INVALID_ARGUMENT"),
        (request(z=np.float32([1])), "INVALID_ARGUMENT"),
        (request(x=np.float64([1])), "INVALID_ARGUMENT"),
        (request(x=np.float32([[1]])), "INVALID_ARGUMENT"),
        (request(x=["text"]), "INVALID_ARGUMENT"),
        (request("root", x=np.float32([-1])), "INVALID_ARGUMENT"),
        (request("weigh", signal=np.float32([[1, 2]]), count=np.int64([1, 2])), "INVALID_ARGUMENT"),
    ],
)
def test_a_wrong_request_is_refused_with_the_right_code(stub, message, expected):
    assert code(stub.Predict, message) == expected


def test_a_tensor_that_contradicts_itself_is_refused(stub):
    message = request(x=np.float32([1, 2, 3]))
    message.inputs["x"].tensor_shape.dim[0].size = 7
    message.inputs["x"].tensor_content = b"\x00" * 5
    assert code(stub.Predict, message) == "INVALID_ARGUMENT"
    message.inputs["x"].dtype = 999
    assert code(stub.Predict, message) == "INVALID_ARGUMENT"


def test_the_metadata_hold_the_signatures(stub):
    message = get_model_metadata_pb2.GetModelMetadataRequest(metadata_field=["signature_def"])
    message.model_spec.name = "half"
    answer = stub.GetModelMetadata(message, timeout=60)
    signatures = get_model_metadata_pb2.SignatureDefMap()
    assert answer.metadata["signature_def"].Unpack(signatures)
    assert signatures.signature_def["weigh"].inputs["count"].dtype == tf.int64.as_datatype_enum
    message.metadata_field[:] = ["other"]
    assert code(stub.GetModelMetadata, message) == "INVALID_ARGUMENT"


def test_the_status_is_that_of_every_version(channel):
    stub = model_service_pb2_grpc.ModelServiceStub(channel)
    message = get_model_status_pb2.GetModelStatusRequest()
    message.model_spec.name = "half"
    (status,) = stub.GetModelStatus(message, timeout=60).model_version_status
    assert status.version == 123
    assert status.state == get_model_status_pb2.ModelVersionStatus.State.AVAILABLE
    message.model_spec.name = "other"
    assert code(stub.GetModelStatus, message) == "NOT_FOUND"


def test_health_is_served_by_the_official_service(channel):
    stub = health_pb2_grpc.HealthStub(channel)
    for service in ("", "tensorflow.serving.PredictionService"):
        answer = stub.Check(health_pb2.HealthCheckRequest(service=service), timeout=60)
        assert answer.status == health_pb2.HealthCheckResponse.SERVING


def test_what_is_not_offered_is_unimplemented(stub):
    assert code(stub.Classify, classification_pb2.ClassificationRequest()) == "UNIMPLEMENTED"


def test_the_token_goes_in_the_metadata(toy):
    with (
        serving(toy, name="half", token="a-long-secret-word") as server,
        grpc.insecure_channel(f"127.0.0.1:{server.grpc_port}") as channel,
    ):
        stub = prediction_service_pb2_grpc.PredictionServiceStub(channel)
        assert code(stub.Predict, request(x=np.float32([1]))) == "UNAUTHENTICATED"
        right = [("authorization", "Bearer a-long-secret-word")]
        answer = stub.Predict(request(x=np.float32([1])), metadata=right, timeout=60)
        assert tf.make_ndarray(answer.outputs["y"]).tolist() == [3.5]
        health = health_pb2_grpc.HealthStub(channel)
        assert health.Check(health_pb2.HealthCheckRequest(), timeout=60).status == 1


def test_a_request_that_is_too_large_is_refused_and_the_next_one_answered(toy):
    with (
        serving(toy, name="half", limits=Limits(body_bytes=1000)) as server,
        grpc.insecure_channel(f"127.0.0.1:{server.grpc_port}") as channel,
    ):
        stub = prediction_service_pb2_grpc.PredictionServiceStub(channel)
        assert code(stub.Predict, request(x=np.zeros(1000, "float32"))) == "RESOURCE_EXHAUSTED"
        answer = stub.Predict(request(x=np.float32([1])), timeout=60)
        assert tf.make_ndarray(answer.outputs["y"]).tolist() == [3.5]


def test_a_port_that_is_taken_is_one_line(toy, toy_server):
    with (
        pytest.raises(InputError, match="--port: cannot listen"),
        serving(toy, grpc_port=toy_server.grpc_port),
    ):
        pass
    with (
        pytest.raises(InputError, match="--rest_api_port: cannot listen"),
        serving(toy, rest_port=toy_server.rest_port),
    ):
        pass
