"""What both protocols ask: a signature of a version, with checked inputs, within the limits."""

import asyncio
import time

import numpy as np
import tensorflow as tf

from anime_style_tf.server.batching import Batcher
from anime_style_tf.server.limits import check_picture
from anime_style_tf.server.refusals import Refusal, refusal_of


class Predictor:
    """Answers requests.

    Args:
        models: `Models`.
        limits: `Limits`.
        metrics: `Metrics`.

    Attributes:
        models, limits, metrics: as given.
    """

    def __init__(self, models, limits, metrics):
        self.models, self.limits, self.metrics = models, limits, metrics
        self._batcher = Batcher(limits, on_batch=metrics.batch_rows.observe)
        metrics.waiting_rows.set_function(lambda: self._batcher.rows)

    async def __call__(self, version, signature_name, inputs, *, protocol):
        """Runs one signature.

        Args:
            version: a `Version`.
            signature_name: empty for the default one.
            inputs: `{input: array}`; strings are object arrays of `bytes`.
            protocol: "rest", "grpc" or "v2", for the metrics.

        Returns:
            `{output: array}`.

        Raises:
            Refusal: wrong inputs, or no answer within the limits.
        """
        started = time.perf_counter()
        name, code = "unknown", "OK"
        try:
            name, signature, function = version.signature(signature_name)
            rows = _check_inputs(name, signature.inputs, inputs)
            for array in inputs.values():
                if array.dtype == object:
                    for file in array.flat:
                        check_picture(file, self.limits.pixels)
            async with asyncio.timeout(self.limits.request_seconds):
                return await self._batcher(function, inputs, rows)
        except TimeoutError as error:
            code = "DEADLINE_EXCEEDED"
            raise Refusal(
                code,
                f"no answer within {self.limits.request_seconds:g} seconds: send fewer rows, or "
                "try again when less is asked",
            ) from error
        except Exception as error:
            refusal = refusal_of(error)
            code = refusal.code.name
            raise refusal from error
        finally:
            self.metrics.request(protocol, name, code, time.perf_counter() - started)

    def close(self):
        """Computes nothing more."""
        self._batcher.close()


def _check_inputs(signature_name, specs, inputs):
    """Returns the length of the inputs' common first axis, or None where they have none."""
    if set(inputs) != set(specs):
        raise Refusal(
            "INVALID_ARGUMENT",
            f"signature {signature_name} takes the inputs {', '.join(sorted(specs))}; received "
            f"{', '.join(sorted(inputs)) or 'none'}",
        )
    for name, array in inputs.items():
        dtype, shape = tf.as_dtype(specs[name].dtype), tf.TensorShape(specs[name].tensor_shape)
        received = tf.string if array.dtype == object else tf.as_dtype(array.dtype)
        if received != dtype or not shape.is_compatible_with(array.shape):
            raise Refusal(
                "INVALID_ARGUMENT",
                f"input {name} of signature {signature_name} must be {dtype.name} {_axes(shape)}, "
                f"received {received.name} {list(array.shape)}",
            )
    lengths = {array.shape[:1] for array in inputs.values()}
    batched = all(not s.tensor_shape.dim or s.tensor_shape.dim[0].size < 0 for s in specs.values())
    if not batched or len(lengths) != 1 or lengths == {()}:
        if batched and () not in lengths:
            raise Refusal(
                "INVALID_ARGUMENT",
                f"signature {signature_name} needs as many rows in each input, received "
                + ", ".join(f"{name} {len(array)}" for name, array in inputs.items()),
            )
        return None
    return int(np.max(list(lengths)))


def _axes(shape):
    return "of any shape" if shape.rank is None else [-1 if n is None else n for n in shape]
