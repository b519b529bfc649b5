"""The Open Inference Protocol over REST: a second door to the same signatures.

Source: https://github.com/kserve/open-inference-protocol, version 2. The signature is asked for as
`parameters.signature_name`. A file or text is one of `data` as a text; files go in and come out in
base64, which `parameters.content_type` of their tensor says: `"base64"`.
"""

import base64
import json

import numpy as np
import tensorflow as tf

from anime_style_tf.server.refusals import Refusal
from anime_style_tf.server.tensors import inputs_of, parse_request

_NAMES = {
    "BOOL": tf.bool, "UINT8": tf.uint8, "UINT16": tf.uint16, "UINT32": tf.uint32,
    "UINT64": tf.uint64, "INT8": tf.int8, "INT16": tf.int16, "INT32": tf.int32, "INT64": tf.int64,
    "FP16": tf.half, "FP32": tf.float32, "FP64": tf.float64, "BYTES": tf.string,
}  # fmt: skip
_DATATYPES = {dtype: name for name, dtype in _NAMES.items()}


def model_metadata(name, version):
    """Returns what the protocol says of a model: the tensors of its default signature.

    Args:
        name: of the model.
        version: `Version`.
    """
    _, signature, _ = version.signature("")
    return {
        "name": name,
        "versions": [str(version.number)],
        "platform": "tensorflow_savedmodel",
        "inputs": _tensors(signature.inputs),
        "outputs": _tensors(signature.outputs),
        "parameters": {"signatures": sorted(version.functions)},
    }


def read_inference(body, version):
    """Reads a request.

    Args:
        body: `bytes`.
        version: `Version` that is asked.

    Returns:
        `(request, signature name, {input: array})`.

    Raises:
        Refusal: another form.
    """
    request = parse_request(body)
    parameters = request.get("parameters", {})
    asked = parameters.get("signature_name", "") if isinstance(parameters, dict) else None
    if not isinstance(asked, str):
        raise _wrong("'parameters' must be an object, and its 'signature_name' a string")
    name, signature, _ = version.signature(asked)
    tensors = request.get("inputs")
    if not _are_named(tensors):
        raise _wrong("'inputs' must be a list of objects with a name")
    columns = {each["name"]: _nested(each) for each in tensors}
    if set(columns) != set(signature.inputs):
        raise _wrong(f"signature {name} takes the inputs {', '.join(sorted(signature.inputs))}")
    for each in tensors:
        expected = _DATATYPES.get(tf.as_dtype(signature.inputs[each["name"]].dtype))
        if each.get("datatype") != expected:
            raise _wrong(f"input {each['name']} must be of datatype {expected}")
    return request, name, inputs_of({"inputs": columns}, signature.inputs)


def inference_answer(request, name, version, outputs):
    """Returns the JSON text of an answer.

    Args:
        request: as it was asked; what it names of `outputs` is given, else all.
        name: of the model.
        version: `Version`.
        outputs: `{output: array}`.

    Raises:
        Refusal: an output that there is not.
    """
    wanted = request.get("outputs") or [{"name": output} for output in outputs]
    if not _are_named(wanted) or not {each["name"] for each in wanted} <= set(outputs):
        raise _wrong(f"'outputs' must name some of {', '.join(sorted(outputs))}")
    answer = {"model_name": name, "model_version": str(version.number)}
    if isinstance(request.get("id"), str):
        answer["id"] = request["id"]
    names = [each["name"] for each in wanted]
    return json.dumps(answer | {"outputs": [_answered(key, outputs[key]) for key in names]})


def _are_named(tensors):
    return isinstance(tensors, list) and all(
        isinstance(each, dict) and isinstance(each.get("name"), str) for each in tensors
    )


def _tensors(specs):
    return [
        {
            "name": name,
            "datatype": _DATATYPES[tf.as_dtype(spec.dtype)],
            "shape": [dim.size for dim in spec.tensor_shape.dim],
        }
        for name, spec in sorted(specs.items())
    ]


def _nested(tensor):
    """The values of a tensor, flat or nested, as lists in its shape."""
    shape, data = tensor.get("shape"), tensor.get("data")
    whole = isinstance(shape, list) and all(type(n) is int and n >= 0 for n in shape)
    if not whole or not isinstance(data, list):
        raise _wrong("each of 'inputs' needs name, shape, datatype and data, a list")
    parameters = tensor.get("parameters")
    if isinstance(parameters, dict) and parameters.get("content_type") == "base64":
        data = [{"b64": value} for value in data]
    if len(shape) < 2 or (data and isinstance(data[0], list)):
        return data
    try:
        return np.array(data, object).reshape(shape).tolist()
    except ValueError as error:
        raise _wrong(f"data of {len(data)} values does not fit the shape {shape}") from error


def _answered(name, array):
    tensor = {"name": name, "shape": list(array.shape)}
    if array.dtype != object:
        datatype = _DATATYPES[tf.as_dtype(array.dtype)]
        return tensor | {"datatype": datatype, "data": array.ravel().tolist()}
    tensor["datatype"] = "BYTES"
    if not name.endswith("_bytes"):
        return tensor | {"data": [text.decode("utf-8", "replace") for text in array.flat]}
    files = [base64.b64encode(file).decode() for file in array.flat]
    return tensor | {"parameters": {"content_type": "base64"}, "data": files}


def _wrong(message):
    return Refusal("INVALID_ARGUMENT", message)
