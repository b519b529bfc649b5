"""Requests and answers of TensorFlow Serving's REST interface as arrays, and back.

Source: https://www.tensorflow.org/tfx/serving/api_rest
"""

import base64
import binascii
import json

import numpy as np
import tensorflow as tf

from anime_style_tf.server.refusals import Refusal


def parse_request(body):
    """Returns the JSON object that a request's body is.

    Raises:
        Refusal: no JSON, or another value than an object; a wrong `signature_name`.
    """
    if not body:
        raise _wrong("JSON Parse error: The document is empty")
    try:
        request = json.loads(body)
    except (ValueError, RecursionError) as error:
        where = f" at offset: {error.pos}" if isinstance(error, json.JSONDecodeError) else ""
        raise _wrong(
            f"JSON Parse error: {getattr(error, 'msg', 'Invalid value')}{where}"
        ) from error
    if not isinstance(request, dict):
        raise _wrong(f"JSON Value: {_short(request)} Is not object")
    if not isinstance(request.get("signature_name", ""), str):
        raise _wrong(
            f"JSON Value: {_short(request)} not formatted correctly. 'signature_name' key must be "
            "a string value."
        )
    return request


def inputs_of(request, specs):
    """Reads the tensors of a request in row format (`instances`) or in columns (`inputs`).

    Args:
        request: what `parse_request` returned.
        specs: `{input: TensorInfo}` of the signature.

    Returns:
        `{input: array}`; strings are an object array of `bytes`.

    Raises:
        Refusal: another form, or values of another type.
    """
    if "instances" in request and "inputs" in request:
        raise _wrong(
            f"JSON Value: {_short(request)} Not formatted correctly expecting only one of "
            "'inputs' or 'instances' keys to exist"
        )
    if "instances" in request:
        columns = _columns(request["instances"], specs)
    elif "inputs" in request:
        columns = _named(request["inputs"], specs, "'inputs'")
    else:
        raise _wrong("Missing 'inputs' or 'instances' key")
    return {name: _array(name, columns[name], tf.as_dtype(specs[name].dtype)) for name in specs}


def answer_of(outputs, *, in_rows):
    """Returns the JSON text of an answer.

    Args:
        outputs: `{output: array}`.
        in_rows: answer in the row format, as the request was.

    Raises:
        Refusal: outputs without a common first axis cannot be given in rows.
    """
    values = {name: _json_values(name, array) for name, array in outputs.items()}
    if not in_rows:
        only = next(iter(values.values())) if len(values) == 1 else values
        return json.dumps({"outputs": only})
    if len({array.shape[:1] for array in outputs.values()} | {()}) != 2:
        raise _wrong("The answer has no common 0-th dimension: ask with 'inputs', in columns")
    if len(values) == 1:
        return json.dumps({"predictions": next(iter(values.values()))})
    rows = [dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True)]
    return json.dumps({"predictions": rows})


def _columns(instances, specs):
    if not isinstance(instances, list):
        raise _wrong(f"Excepting 'instances' to be an list/array, received {_short(instances)}")
    if not instances:
        raise _wrong("No values in 'instances' array")
    if not _is_object(instances[0]):
        if any(_is_object(row) for row in instances):
            raise _wrong("Expecting value/list but got object in input list")
        return _named(instances, specs, "instances")
    columns = {name: [] for name in specs}
    for number, row in enumerate(instances):
        if not _is_object(row):
            raise _wrong(f"Expecting object but got list at item {number} of input list")
        if set(row) != set(specs):
            raise _wrong(
                f"Failed to process element: {number} of 'instances' list. JSON object: "
                f"{_short(row)} keys must be equal to: {','.join(sorted(specs))}"
            )
        for name, value in row.items():
            columns[name].append(value)
    return columns


def _named(value, specs, where):
    if _is_object(value):
        if missing := [name for name in specs if name not in value]:
            raise _wrong(f"Missing named input: {missing[0]} in {where} object.")
        return value
    if len(specs) > 1:
        raise _wrong(
            f"{where} is a plain list, but expecting objects as multiple input tensors "
            f"required: {', '.join(sorted(specs))}"
        )
    return dict.fromkeys(specs, value)


def _is_object(value):
    return isinstance(value, dict) and set(value) != {"b64"}


def _array(name, value, dtype):
    try:
        if dtype == tf.string:
            return _strings(value)
        array = np.array(value)
    except ValueError as error:
        raise _wrong(
            f"Input {name}: expected lists of one length at each level, received {_short(value)}"
        ) from error
    kinds = {"f": "fiu", "i": "iu", "u": "iu", "b": "b"}[np.dtype(dtype.as_numpy_dtype).kind]
    if array.size and array.dtype.kind not in kinds:
        raise _wrong(f"JSON Value: {_short(value)} is not of expected type: {dtype.name} ({name})")
    if array.size and not dtype.is_bool and not _fits(array, dtype):
        raise _wrong(
            f"Cannot convert JSON value: {_short(value)} to {dtype.name} without loss of "
            f"precision ({name})"
        )
    return array.astype(dtype.as_numpy_dtype)


def _fits(array, dtype):
    finite = array[np.isfinite(array)]
    return not finite.size or (finite.min() >= dtype.min and finite.max() <= dtype.max)


def _strings(value):
    array = np.array(_bytes(value), object)
    if not all(isinstance(item, bytes) for item in array.flat):
        raise ValueError("lists of several lengths")
    return array


def _bytes(value):
    if isinstance(value, list):
        return [_bytes(item) for item in value]
    if isinstance(value, str):
        return value.encode()
    if not (isinstance(value, dict) and isinstance(value.get("b64"), str)):
        raise _wrong(f"JSON Value: {_short(value)} is not of expected type: string")
    try:
        return base64.b64decode(value["b64"], validate=True)
    except binascii.Error as error:
        raise _wrong("Unable to base64 decode") from error


def _json_values(name, array):
    if array.dtype != object:
        return array.tolist()
    if name.endswith("_bytes"):
        return _map_leaves(array.tolist(), lambda leaf: {"b64": base64.b64encode(leaf).decode()})
    return _map_leaves(array.tolist(), lambda leaf: leaf.decode("utf-8", "replace"))


def _map_leaves(value, change):
    if isinstance(value, list):
        return [_map_leaves(item, change) for item in value]
    return change(value)


def _short(value):
    text = json.dumps(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _wrong(message):
    return Refusal("INVALID_ARGUMENT", message)
