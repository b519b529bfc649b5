"""`tf.train.Example` messages and TFRecord frames without TensorFlow.

Importing TensorFlow takes seconds and hundreds of MiB; writing records needs none of it.

Source: `tensorflow/core/example/{example,feature}.proto`; `tensorflow/core/lib/io/record_writer.h`
for the frame: length, its masked CRC-32C, data, their masked CRC-32C, numbers little-endian.
"""

import struct

import google_crc32c
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

FRAME_HEAD, FRAME_TAIL = 12, 4  # bytes around a record's data: length + checksum, checksum
_MASK = 0xA282EAD8
_PACKAGE = "anime_style_tf"


def frame(data):
    """Returns the parts of the frame that holds `data`, in their order: a tuple of `bytes`."""
    length = struct.pack("<Q", len(data))
    return length, _checksum(length), data, _checksum(data)


def read_frame(file, start):
    """Reads one record and checks both checksums of its frame.

    Args:
        file: open binary file.
        start: where the frame begins, in bytes.

    Returns:
        The record's `bytes`.

    Raises:
        ValueError: the frame is cut off, or a checksum differs.
    """
    file.seek(start)
    head = file.read(FRAME_HEAD)
    if len(head) < FRAME_HEAD:
        raise ValueError("the file ends within the head of the record")
    if _checksum(head[:8]) != head[8:]:
        raise ValueError("the checksum of the record's length differs")
    (length,) = struct.unpack("<Q", head[:8])
    data, tail = file.read(length), file.read(FRAME_TAIL)
    if len(tail) < FRAME_TAIL:
        raise ValueError("the file ends within the record")
    if _checksum(data) != tail:
        raise ValueError("the checksum of the record's data differs")
    return data


def _checksum(data):
    crc = google_crc32c.value(data)
    return struct.pack("<I", ((crc >> 15 | crc << 17) + _MASK) & 0xFFFFFFFF)


def _example_class():
    """Makes the message class from the fields that TensorFlow's `.proto` files declare."""
    file = descriptor_pb2.FileDescriptorProto(
        name=f"{_PACKAGE}/example.proto", package=_PACKAGE, syntax="proto3"
    )
    kind = descriptor_pb2.FieldDescriptorProto
    one, many = kind.LABEL_OPTIONAL, kind.LABEL_REPEATED
    for name, value in (
        ("BytesList", kind.TYPE_BYTES),
        ("FloatList", kind.TYPE_FLOAT),
        ("Int64List", kind.TYPE_INT64),
    ):
        message = file.message_type.add(name=name)
        message.field.add(name="value", number=1, type=value, label=many)
    feature = file.message_type.add(name="Feature")
    feature.oneof_decl.add(name="kind")
    for number, name in enumerate(("Bytes", "Float", "Int64"), start=1):
        _add(feature, f"{name.lower()}_list", number, f"{name}List", one, oneof_index=0)
    features = file.message_type.add(name="Features")
    entry = features.nested_type.add(name="FeatureEntry")
    entry.options.map_entry = True
    entry.field.add(name="key", number=1, type=kind.TYPE_STRING, label=one)
    _add(entry, "value", 2, "Feature", one)
    _add(features, "feature", 1, "Features.FeatureEntry", many)
    _add(file.message_type.add(name="Example"), "features", 1, "Features", one)
    pool = descriptor_pool.DescriptorPool()  # not the common one, in which TensorFlow's are
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{_PACKAGE}.Example"))


def _add(message, name, number, message_type, label, **options):
    message.field.add(
        name=name,
        number=number,
        type=descriptor_pb2.FieldDescriptorProto.TYPE_MESSAGE,
        type_name=f".{_PACKAGE}.{message_type}",
        label=label,
        **options,
    )


Example = _example_class()
