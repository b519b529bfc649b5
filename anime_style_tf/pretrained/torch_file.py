"""Tensors of a file that `torch.save` wrote before PyTorch 1.6, without PyTorch.

Such a file is five pickles (a magic number, a version, the writer's type sizes, the object, the
keys of its storages) and then each storage: a 64-bit count, and so many little-endian values. A
pickle may call any function by its name; here the three that make tensors are all there are.

Source: torch/serialization.py, `_legacy_save`.
"""

import collections
import io
import math
import pickle
import typing

import numpy as np

from anime_style_tf.errors import InputError

_MAGIC = 0x1950A86A20F9469CFC6C
_VERSION = 1001
_DTYPES = {"FloatStorage": "<f4", "LongStorage": "<i8"}


class _Tensor(typing.NamedTuple):
    """Where a tensor's values are: a view into a storage, which need not be contiguous."""

    storage: tuple
    offset: int
    shape: tuple
    strides: tuple


def _tensor(storage, offset, shape, strides, *_):
    return _Tensor(storage, offset, shape, strides)


class _TensorsOnly(pickle.Unpickler):
    """Knows dictionaries, tensors and storages; every other name is an error."""

    def find_class(self, module, name):
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _tensor
        if module == "torch" and name in _DTYPES:
            return name  # Said beside each storage; nothing calls it.
        raise pickle.UnpicklingError(f"it asks for {module}.{name}")

    def persistent_load(self, pid):
        kind, type_name, key, _, count, _ = pid
        if kind != "storage" or type_name not in _DTYPES:
            raise pickle.UnpicklingError(f"it holds a {kind} of {type_name}")
        return key, _DTYPES[type_name], count


def read_tensors(content, name):
    """Reads a dictionary of tensors.

    Args:
        content: bytes of the file.
        name: of the file, for the message.

    Returns:
        Dictionary from names to NumPy arrays, float32 or int64, of their own memory.

    Raises:
        InputError: it is not such a file, is damaged, or holds anything but tensors.
    """
    stream = io.BytesIO(content)
    try:
        magic, version, writer, tensors, keys = (_TensorsOnly(stream).load() for _ in range(5))
        if (magic, version, writer["little_endian"]) != (_MAGIC, _VERSION, True):
            raise pickle.UnpicklingError("it is of another format")
        counts = dict(each.storage[::2] for each in tensors.values())
        dtypes = {each.storage[0]: each.storage[1] for each in tensors.values()}
        storages = {key: _storage(stream, dtypes[key], counts[key]) for key in keys}
        return {key: _array(each, storages[each.storage[0]]) for key, each in tensors.items()}
    # What a pickle of other bytes raises is not known beforehand.
    except Exception as error:
        raise InputError(
            f"{name} cannot be read: expected tensors as torch.save wrote them before PyTorch 1.6, "
            f"received {type(error).__name__}: {error}; install its package again"
        ) from error


def _storage(stream, dtype, count):
    stored = int.from_bytes(stream.read(8), "little")
    if stored != count:
        raise ValueError(f"a storage of {stored} values where {count} were announced")
    # Raises if fewer bytes are left.
    return np.frombuffer(stream.read(count * np.dtype(dtype).itemsize), dtype, count)


def _array(tensor, storage):
    """Copies a view, after making sure that it lies inside its storage."""
    shape, strides = tensor.shape, tensor.strides
    if len(shape) != len(strides) or min((tensor.offset, *shape, *strides)) < 0:
        raise ValueError(f"a tensor of shape {shape} and strides {strides}")
    reach = sum((side - 1) * stride for side, stride in zip(shape, strides, strict=True))
    # A stride of 0 would make much out of little.
    if tensor.offset + reach >= storage.size or math.prod(shape) > storage.size:
        raise ValueError(f"a tensor that reaches beyond its {storage.size} values")
    bytes_apart = [stride * storage.itemsize for stride in strides]
    view = np.lib.stride_tricks.as_strided(storage[tensor.offset :], shape, bytes_apart)
    return view.astype(storage.dtype.newbyteorder("="), order="C")
