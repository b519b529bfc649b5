"""TensorFlow Serving's gRPC services, and gRPC's own health service."""

import hmac

import grpc
import numpy as np
import tensorflow as tf
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from tensorflow_serving.apis import (
    get_model_metadata_pb2,
    model_service_pb2_grpc,
    predict_pb2,
    prediction_service_pb2_grpc,
)

from anime_style_tf.errors import InputError
from anime_style_tf.server.refusals import Refusal, refusal_of

_SIGNATURES = "signature_def"  # the one field of metadata that there is


def rpc_server(predictor, *, host, port, token=None):
    """Makes the server.

    Args:
        predictor: `Predictor`.
        host: to listen at.
        port: 0 takes a free one.
        token: what the metadata `authorization: Bearer` must bring; None: nothing.

    Returns:
        `(server, port, health servicer)`; the server is not started.

    Raises:
        InputError: the port is taken.
    """
    limits = predictor.limits
    server = grpc.aio.server(
        interceptors=[] if token is None else [_Bearer(token)],
        options=[
            ("grpc.max_receive_message_length", limits.body_bytes),
            ("grpc.max_send_message_length", -1),
            ("grpc.so_reuseport", 0),
        ],
        maximum_concurrent_rpcs=limits.connections,
    )
    prediction_service_pb2_grpc.add_PredictionServiceServicer_to_server(
        _Prediction(predictor), server
    )
    model_service_pb2_grpc.add_ModelServiceServicer_to_server(_Models(predictor), server)
    state = health.aio.HealthServicer()
    health_pb2_grpc.add_HealthServicer_to_server(state, server)
    try:
        port = server.add_insecure_port(f"{host}:{port}")
    except RuntimeError as error:
        raise InputError(
            f"--port: cannot listen at {host}:{port}: give another, 0 takes a free one"
        ) from error
    return server, port, state


async def show_health(state, ready):
    """Says over the health service whether all models answer."""
    status = health_pb2.HealthCheckResponse
    now = status.SERVING if ready else status.NOT_SERVING
    for service in ("", "tensorflow.serving.PredictionService"):
        await state.set(service, now)


class _Prediction(prediction_service_pb2_grpc.PredictionServiceServicer):
    """Classify, Regress and MultiInference stay unimplemented, as gRPC says it."""

    def __init__(self, predictor):
        self._predictor = predictor

    async def Predict(self, request, context):
        try:
            return await self._answer(request)
        except Exception as error:
            await _abort(context, error)

    async def _answer(self, request):
        version = _version(self._predictor.models, request.model_spec)
        inputs = {name: _array(name, tensor) for name, tensor in request.inputs.items()}
        name, signature, _ = version.signature(request.model_spec.signature_name)
        wanted = set(request.output_filter) or set(signature.outputs)
        if unknown := wanted - set(signature.outputs):
            raise Refusal(
                "INVALID_ARGUMENT",
                f"output tensor alias not found in signature: {min(unknown)} Outputs expected to "
                f"be in the set {{{','.join(sorted(signature.outputs))}}}.",
            )
        outputs = await self._predictor(version, name, inputs, protocol="grpc")
        response = predict_pb2.PredictResponse()
        _spec(response.model_spec, request.model_spec.name, version, name)
        for output in wanted:
            response.outputs[output].CopyFrom(tf.make_tensor_proto(outputs[output]))
        return response

    async def GetModelMetadata(self, request, context):
        try:
            version = _version(self._predictor.models, request.model_spec)
            if list(request.metadata_field) != [_SIGNATURES]:
                raise Refusal(
                    "INVALID_ARGUMENT",
                    f"metadata_field of GetModelMetadataRequest must be {_SIGNATURES!r}, received "
                    f"{list(request.metadata_field)}",
                )
            signatures = get_model_metadata_pb2.SignatureDefMap()
            for name, value in version.signature_defs.items():
                signatures.signature_def[name].CopyFrom(value)
            response = get_model_metadata_pb2.GetModelMetadataResponse()
            _spec(response.model_spec, request.model_spec.name, version, "")
            response.metadata[_SIGNATURES].Pack(signatures)
            return response
        except Exception as error:
            await _abort(context, error)


class _Models(model_service_pb2_grpc.ModelServiceServicer):
    def __init__(self, predictor):
        self._models = predictor.models

    async def GetModelStatus(self, request, context):
        try:
            spec = request.model_spec
            return self._models.status(_name(spec), number=_number(spec), label=spec.version_label)
        except Exception as error:
            await _abort(context, error)


class _Bearer(grpc.aio.ServerInterceptor):
    """Lets only those in who bring the token; health may be asked without."""

    def __init__(self, token):
        self._expected = f"Bearer {token}"

        async def refuse(request, context):
            await context.abort(
                grpc.StatusCode.UNAUTHENTICATED,
                "expected the metadata authorization: Bearer TOKEN, received another",
            )

        self._refusing = grpc.unary_unary_rpc_method_handler(refuse)

    async def intercept_service(self, continuation, details):
        given = dict(details.invocation_metadata).get("authorization", "")
        is_health = details.method.startswith("/grpc.health.v1.")
        if is_health or hmac.compare_digest(given.encode(), self._expected.encode()):
            return await continuation(details)
        return self._refusing


async def _abort(context, error):
    refusal = refusal_of(error)
    await context.abort(refusal.code, str(refusal))


def _name(spec):
    if not spec.name:
        raise Refusal("INVALID_ARGUMENT", "ModelSpec has no name: give that of a model")
    return spec.name


def _number(spec):
    return spec.version.value if spec.HasField("version") else None


def _version(models, spec):
    return models.find(_name(spec), number=_number(spec), label=spec.version_label)


def _spec(target, name, version, signature_name):
    target.name, target.signature_name = name, signature_name
    target.version.value = version.number


def _array(name, tensor):
    try:
        array = tf.make_ndarray(tensor)
    except (TypeError, ValueError, KeyError) as error:
        raise Refusal(
            "INVALID_ARGUMENT",
            f"input {name} is no tensor: {' '.join(str(error).split())[:200]}",
        ) from error
    return array if array.dtype == object else np.ascontiguousarray(array)
