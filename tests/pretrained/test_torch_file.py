import collections
import io
import pickle
import struct

import numpy as np
import pytest

from anime_style_tf.errors import InputError
from anime_style_tf.pretrained.torch_file import read_tensors


class Storage:
    """A storage as `torch.save` names it: by a persistent identity."""

    def __init__(self, key, values, type_name="FloatStorage"):
        self.key, self.values, self.type_name = key, np.asarray(values), type_name


class Global:
    """Pickles as the name of something in another module."""

    def __init__(self, name):
        self.name = name


class Tensor:
    def __init__(self, storage, offset, shape, strides):
        self.arguments = (storage, offset, shape, strides, False, collections.OrderedDict())


class Writer(pickle._Pickler):
    """Writes PyTorch's names without PyTorch."""

    def persistent_id(self, value):
        if isinstance(value, Storage):
            name = Global(f"torch\n{value.type_name}")
            return ("storage", name, value.key, "cpu", len(value.values), None)
        return None

    def save(self, value, **options):
        if isinstance(value, Global):
            self.write(b"c" + value.name.encode() + b"\n")
        elif isinstance(value, Tensor):
            self.save(Global("torch._utils\n_rebuild_tensor_v2"))
            self.save(value.arguments)
            self.write(b"R")
        else:
            super().save(value, **options)


def written(tensors, storages, *, magic=0x1950A86A20F9469CFC6C):
    stream = io.BytesIO()
    sizes = {"protocol_version": 1001, "little_endian": True, "type_sizes": {}}
    keys = [storage.key for storage in storages]
    for part in (magic, 1001, sizes, collections.OrderedDict(tensors), keys):
        Writer(stream, 2).dump(part)
    for storage in storages:
        kind = "<f4" if storage.type_name == "FloatStorage" else "<i8"
        stream.write(struct.pack("<q", len(storage.values)) + storage.values.astype(kind).tobytes())
    return stream.getvalue()


def test_strided_tensors_are_read_as_the_views_that_they_are():
    storage = Storage("7", np.arange(12))
    count = Storage("9", [5], "LongStorage")
    tensors = {
        "rows": Tensor(storage, 0, (3, 4), (4, 1)),
        "columns": Tensor(storage, 0, (4, 3), (1, 4)),
        "part": Tensor(storage, 5, (2, 2), (4, 1)),
        "count": Tensor(count, 0, (), ()),
    }
    read = read_tensors(written(tensors, [storage, count]), "a.pth")
    grid = np.arange(12, dtype=np.float32).reshape(3, 4)
    np.testing.assert_array_equal(read["rows"], grid)
    np.testing.assert_array_equal(read["columns"], grid.T)
    np.testing.assert_array_equal(read["part"], grid[1:, 1:3])
    assert read["count"] == 5
    assert read["rows"].dtype == np.float32


@pytest.mark.parametrize("name", ["os\nsystem", "builtins\neval", "torch\nload"])
def test_a_name_that_is_no_tensor_is_refused_and_nothing_is_called(name, monkeypatch):
    content = written({"a": Global(name)}, [])
    with pytest.raises(InputError, match=f"it asks for {name.replace(chr(10), '.')}"):
        read_tensors(content, "a.pth")


@pytest.mark.parametrize(
    ("offset", "shape", "strides"),
    [
        (0, (13,), (1,)),
        (1, (3, 4), (4, 1)),
        (-1, (3,), (1,)),
        (0, (3,), (-1,)),
        (0, (10**9,), (0,)),
        (0, (3, 4), (4,)),
    ],
)
def test_a_tensor_that_reaches_beyond_its_storage_is_refused(offset, shape, strides):
    storage = Storage("7", np.arange(12))
    content = written({"a": Tensor(storage, offset, shape, strides)}, [storage])
    with pytest.raises(InputError, match=r"^a\.pth cannot be read: expected tensors"):
        read_tensors(content, "a.pth")


def test_files_that_are_cut_short_or_of_another_kind_are_one_line():
    storage = Storage("7", np.arange(12))
    whole = written({"a": Tensor(storage, 0, (12,), (1,))}, [storage])
    others = [b"", b"PK\x03\x04", whole[:60], whole[:-4], written({}, [], magic=3)]
    for content in others:
        with pytest.raises(InputError, match=r"^a\.pth cannot be read: [^\n]*$"):
            read_tensors(content, "a.pth")
