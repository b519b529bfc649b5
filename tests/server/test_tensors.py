import json

import numpy as np
import pytest
import tensorflow as tf
from tensorflow.core.protobuf.meta_graph_pb2 import TensorInfo

from anime_style_tf.server.refusals import Refusal
from anime_style_tf.server.tensors import answer_of, inputs_of, parse_request


def spec(dtype):
    return TensorInfo(dtype=tf.as_dtype(dtype).as_datatype_enum)


@pytest.mark.parametrize(
    ("dtype", "values"),
    [
        ("float32", [0.1, -3e38, float("inf")]),
        ("float64", [0.1, 1e300, 0.0]),
        ("int64", [-(2**63), 2**63 - 1, 0]),
        ("uint8", [0, 255, 7]),
        ("bool", [True, False, True]),
    ],
)
def test_values_of_every_type_come_through_and_back(dtype, values):
    request = parse_request(json.dumps({"inputs": values}))
    array = inputs_of(request, {"x": spec(dtype)})["x"]
    assert array.dtype == dtype
    np.testing.assert_array_equal(array, np.array(values, dtype))
    back = json.loads(answer_of({"x": array}, in_rows=False))["outputs"]
    np.testing.assert_array_equal(np.array(back, dtype), array)


@pytest.mark.parametrize(
    ("dtype", "value"),
    [("uint8", 256), ("uint8", -1), ("int32", 2**31), ("int64", 2**63), ("float32", 1e39)],
)
def test_a_value_that_does_not_fit_its_type_is_refused(dtype, value):
    with pytest.raises(Refusal, match="without loss of precision"):
        inputs_of({"inputs": [value]}, {"x": spec(dtype)})


def test_rows_need_outputs_with_one_first_axis():
    outputs = {"a": np.zeros((2, 3)), "b": np.zeros(4)}
    with pytest.raises(Refusal, match="no common 0-th dimension"):
        answer_of(outputs, in_rows=True)
    with pytest.raises(Refusal, match="no common 0-th dimension"):
        answer_of({"a": np.float32(1)}, in_rows=True)
    assert json.loads(answer_of(outputs, in_rows=False))["outputs"]["b"] == [0, 0, 0, 0]


def test_a_long_value_is_cut_in_the_message():
    with pytest.raises(Refusal) as refused:
        inputs_of({"instances": ["x" * 10_000]}, {"x": spec("float32")})
    assert len(str(refused.value)) < 200
