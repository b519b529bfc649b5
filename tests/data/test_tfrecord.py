import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf

from anime_style_tf.data.tfrecord import Example, frame, read_frame

RECORDS = [b"", b"one", bytes(range(256)) * 300]


def test_frames_are_the_bytes_that_tensorflow_writes(tmp_path):
    with tf.io.TFRecordWriter(str(tmp_path / "theirs")) as writer:
        for data in RECORDS:
            writer.write(data)
    ours = b"".join(part for data in RECORDS for part in frame(data))
    assert ours == (tmp_path / "theirs").read_bytes()


def test_frames_that_tensorflow_wrote_are_read(tmp_path):
    with tf.io.TFRecordWriter(str(tmp_path / "theirs")) as writer:
        for data in RECORDS:
            writer.write(data)
    with open(tmp_path / "theirs", "rb") as file:
        start = 0
        for data in RECORDS:
            assert read_frame(file, start) == data
            start += 12 + len(data) + 4


def test_a_changed_bit_anywhere_in_a_frame_is_found(tmp_path):
    whole = bytearray(b"".join(frame(b"some data")))
    path = tmp_path / "shard"
    for place in range(len(whole)):
        changed = whole.copy()
        changed[place] ^= 1 << (place % 8)
        path.write_bytes(changed)
        with open(path, "rb") as file, pytest.raises(ValueError, match="checksum"):
            read_frame(file, 0)


def test_a_frame_that_is_cut_off_anywhere_is_found(tmp_path):
    whole = b"".join(frame(b"some data"))
    path = tmp_path / "shard"
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with open(path, "rb") as file, pytest.raises(ValueError, match="ends within"):
            read_frame(file, 0)


def test_messages_are_those_of_tensorflow_in_both_directions():
    ours, theirs = Example(), tf.train.Example()
    for example in (ours, theirs):
        feature = example.features.feature
        feature["name"].bytes_list.value.append("Bōsai".encode())
        feature["label"].int64_list.value.extend([-(2**63), 2**63 - 1])
        feature["weights"].float_list.value.extend(np.float32([0.1, -np.inf]).tolist())
    written = theirs.SerializeToString(deterministic=True)
    assert ours.SerializeToString(deterministic=True) == written
    assert Example.FromString(written) == ours


def test_a_conversion_does_not_load_tensorflow():
    program = (
        "import sys, anime_style_tf.data.conversion.writer\n"
        "import anime_style_tf.data.inspection.verification\n"
        "sys.exit('tensorflow' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
