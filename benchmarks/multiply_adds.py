"""Multiply-adds of a traced function, counted in its graph."""

import numpy as np


def multiply_adds(function):
    """Counts those of convolutions and products of matrices, backward passes too.

    Args:
        function: concrete `tf.function` whose shapes are all known.

    Returns:
        Dictionary from the kind of operation to its multiply-adds in one call. What no result
        and no variable depends on is left out, as TensorFlow leaves it out.
    """
    totals = {}
    for operation in _run(function.graph):
        count = _COUNTS.get(operation.type)
        if count is not None:
            inputs = [tuple(each.shape) for each in operation.inputs]
            output = tuple(operation.outputs[0].shape)
            made = count(operation, inputs, output)
            totals[operation.type] = totals.get(operation.type, 0) + int(made)
    return totals


def _run(graph):
    """The operations that are run: what results and changed variables are made of."""
    waiting = [each.op for each in graph.outputs]
    waiting += [each for each in graph.get_operations() if each.type.startswith("Assign")]
    found = set()
    while waiting:
        operation = waiting.pop()
        if operation.name not in found:
            found.add(operation.name)
            waiting += [each.op for each in operation.inputs]
            yield operation


def _size(shape):
    return np.prod(shape, dtype=np.int64)


def _of_filter(operation, inputs, output):
    """The kernel has as many entries for each position of the incoming gradient."""
    height, width, channels, _ = output
    return _size(inputs[2]) * height * width * channels


def _of_matrices(operation, inputs, output):
    rows = inputs[0][0] if operation.get_attr("transpose_a") else inputs[0][1]
    return _size(output) * rows


_COUNTS = {
    "Conv2D": lambda _, inputs, output: _size(output) * _size(inputs[1][:3]),
    "Conv2DBackpropInput": lambda _, inputs, output: _size(inputs[2]) * _size(inputs[1][:3]),
    "Conv2DBackpropFilter": _of_filter,
    "DepthwiseConv2dNative": lambda _, inputs, output: _size(output) * _size(inputs[1][:2]),
    "DepthwiseConv2dNativeBackpropInput": lambda _, inputs, output: (
        _size(inputs[2]) * _size(inputs[1][:2])
    ),
    "MatMul": _of_matrices,
}
