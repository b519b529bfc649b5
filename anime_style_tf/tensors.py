"""The type of what networks and losses take and give."""

from typing import Any, TypeAlias

# Of Keras' backend, `tf.Tensor` or `jax.Array`; NumPy arrays are taken too. The docstrings say
# shape, color space and range.
Tensor: TypeAlias = Any
