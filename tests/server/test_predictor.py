import asyncio
import pathlib
import time

import numpy as np
import pytest
import tensorflow as tf
from tensorflow.core.protobuf.meta_graph_pb2 import SignatureDef

from anime_style_tf.server.limits import Limits
from anime_style_tf.server.metrics import Metrics
from anime_style_tf.server.models import Version
from anime_style_tf.server.predictor import Predictor
from anime_style_tf.server.refusals import Refusal


def version(function, **shapes):
    """A version of one signature, of float32 inputs of these shapes, that runs a function."""
    signature = SignatureDef()
    for name, shape in shapes.items():
        signature.inputs[name].dtype = tf.float32.as_datatype_enum
        signature.inputs[name].tensor_shape.CopyFrom(tf.TensorShape(shape).as_proto())
    made = Version(1, pathlib.Path("absent"))
    made.signature_defs, made.functions = {"sum": signature}, {"sum": function}
    return made


def ask(asked, *, limits=None, **inputs):
    metrics = Metrics()

    async def run():
        predictor = Predictor(None, limits or Limits(), metrics)
        try:
            return await predictor(asked, "sum", inputs, protocol="rest")
        finally:
            predictor.close()

    try:
        return asyncio.run(run()), metrics.text()[0].decode()
    except Refusal as refusal:
        return refusal, metrics.text()[0].decode()


def test_what_takes_too_long_is_refused_and_counted():
    def slow(x):
        time.sleep(0.3)
        return {"y": x}

    limits = Limits(request_seconds=0.05)
    refusal, counted = ask(version(slow, x=[None]), limits=limits, x=np.float32([1]))
    assert (refusal.code.name, refusal.http_status) == ("DEADLINE_EXCEEDED", 504)
    assert "no answer within 0.05 seconds" in str(refusal)
    line = 'anime_style_requests_total{code="DEADLINE_EXCEEDED",protocol="rest",signature="sum"} 1'
    assert line in counted


def test_inputs_with_other_axes_in_common_than_rows_are_computed_as_they_are():
    def add(a, b):
        return {"y": a + b}

    asked = version(add, a=[2], b=[None, 2])
    answer, _ = ask(asked, a=np.float32([1, 2]), b=np.float32([[1, 1], [2, 2]]))
    assert answer["y"].tolist() == [[2, 3], [3, 4]]


@pytest.mark.parametrize(
    ("b", "message"),
    [
        (
            np.zeros((1, 3), "float32"),
            r"input b .* must be float32 \[-1, 2\], received .* \[1, 3\]",
        ),
        (np.zeros((1, 2)), "received float64"),
        (np.zeros((4, 2), "float32"), "needs as many rows in each input, received a 1, b 4"),
        (np.array([[b"a", b"b"]], object), "received string"),
    ],
)
def test_inputs_that_the_signature_does_not_take_are_refused_before_it_runs(b, message):
    asked = version(lambda a, b: pytest.fail("ran"), a=[None], b=[None, 2])
    refusal, counted = ask(asked, a=np.float32([1]), b=b)
    assert refusal.http_status == 400
    with pytest.raises(Refusal, match=message):
        raise refusal
    assert 'code="INVALID_ARGUMENT"' in counted


def test_a_fault_of_the_server_is_internal_and_one_line():
    def broken(x):
        raise KeyError("a\nb")

    refusal, _ = ask(version(broken, x=[None]), x=np.float32([1]))
    assert (refusal.code.name, refusal.http_status) == ("INTERNAL", 500)
    assert "\n" not in str(refusal)
