import logging
import os

import numpy as np
import pytest
import tensorflow as tf

from anime_style_tf.errors import InputError
from anime_style_tf.training.checkpoints import Checkpoints, stored_steps

SHAPES = ((30, 20), ())


def checkpoints(folder, shapes=SHAPES, dtype=tf.float32):
    variables = [tf.Variable(tf.zeros(shape, dtype)) for shape in shapes]
    return Checkpoints(folder, variables), variables


def save(folder, *steps):
    """Checkpoints in which every value is the step."""
    saved, variables = checkpoints(folder)
    saved.restore()
    for step in steps:
        for variable in (*variables, saved.step):
            variable.assign(tf.cast(tf.fill(variable.shape, step), variable.dtype))
        saved.save()
    return saved


def restored(folder):
    """The one value that all variables have."""
    saved, variables = checkpoints(folder)
    saved.restore()
    values = {*(float(each) for v in variables for each in np.ravel(v.numpy())), int(saved.step)}
    (value,) = values
    return value


def truncate_data(folder, step):
    os.truncate(folder / f"ckpt-{step}.data-00000-of-00001", 1000)


def flip_a_bit(folder, step):
    path = folder / f"ckpt-{step}.data-00000-of-00001"
    content = bytearray(path.read_bytes())
    content[500] ^= 1
    path.write_bytes(content)


def empty_index(folder, step):
    os.truncate(folder / f"ckpt-{step}.index", 0)


def spoil_index(folder, step):
    (folder / f"ckpt-{step}.index").write_bytes(bytes(range(256)))


def remove_index(folder, step):
    (folder / f"ckpt-{step}.index").unlink()


def remove_data(folder, step):
    (folder / f"ckpt-{step}.data-00000-of-00001").unlink()


DAMAGES = [truncate_data, flip_a_bit, empty_index, spoil_index, remove_index, remove_data]


def test_without_a_checkpoint_a_training_begins(tmp_path):
    assert restored(tmp_path / "missing") == 0
    assert stored_steps(tmp_path / "missing") == []


def test_the_newest_two_are_kept_and_nothing_else(tmp_path):
    save(tmp_path, 4, 8, 100)
    save(tmp_path, 104)
    assert sorted(os.listdir(tmp_path)) == [
        f"ckpt-{step}.{part}" for step in (100, 104) for part in ("data-00000-of-00001", "index")
    ]
    assert restored(tmp_path) == 104


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_checkpoint_is_passed_over_for_the_one_before_in_one_line(
    tmp_path, caplog, damage
):
    save(tmp_path, 4, 8)
    damage(tmp_path, 8)
    with caplog.at_level(logging.WARNING, logger="absl"):
        assert restored(tmp_path) == 4
    (line,) = caplog.messages
    assert "\n" not in line
    assert "ckpt-8 is damaged (" in line
    assert line.endswith(": going back to step 4")


def test_two_sound_checkpoints_are_kept_beside_a_damaged_one(tmp_path):
    save(tmp_path, 4, 8)
    truncate_data(tmp_path, 8)
    save(tmp_path, 6)
    assert stored_steps(tmp_path) == [4, 6, 8]
    save(tmp_path, 10)
    assert stored_steps(tmp_path) == [6, 10]
    assert restored(tmp_path) == 10


def test_a_damaged_checkpoint_is_replaced_when_its_step_comes_again(tmp_path, caplog):
    save(tmp_path, 4, 8)
    empty_index(tmp_path, 8)
    save(tmp_path, 8)
    caplog.clear()
    assert restored(tmp_path) == 8
    assert not caplog.messages


def test_where_all_are_damaged_nothing_begins_anew_and_nothing_is_removed(tmp_path):
    save(tmp_path, 4, 8)
    for step in (4, 8):
        truncate_data(tmp_path, step)
    before = sorted(os.listdir(tmp_path))
    with pytest.raises(InputError, match=r"ckpt-8 is damaged .*ckpt-4 is damaged .*--overwrite"):
        restored(tmp_path)
    assert sorted(os.listdir(tmp_path)) == before


@pytest.mark.parametrize(
    ("other", "differing"),
    [
        ({"shapes": ((30, 21), ())}, "1 of 3 variables"),
        ({"shapes": ((30, 20), (), (2,))}, "1 of 4 variables"),
        ({"shapes": ((30, 20),)}, "1 of 3 variables"),
        ({"dtype": tf.float64}, "2 of 3 variables"),
    ],
)
def test_a_checkpoint_of_another_model_is_refused_and_said_not_to_be_damaged(
    tmp_path, other, differing
):
    save(tmp_path, 4, 8)
    with pytest.raises(InputError, match=f"ckpt-8 belongs to another model .*{differing}"):
        checkpoints(tmp_path, **other)[0].restore()


def test_a_checkpoint_that_tensorflows_manager_wrote_is_taken_up(tmp_path):
    """As the revision before wrote them: with a counter of its own and a file of state."""
    step = tf.Variable(6, dtype=tf.int64)
    state = {f"variable_{i}": tf.Variable(tf.fill(s, 6.0)) for i, s in enumerate(SHAPES)}
    manager = tf.train.CheckpointManager(tf.train.Checkpoint(step=step, **state), tmp_path, 2)
    manager.save(checkpoint_number=6)
    assert restored(tmp_path) == 6


def test_a_full_disk_is_one_line_and_leaves_the_checkpoints_as_they_were(tmp_path, monkeypatch):
    save(tmp_path, 4, 8)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def fill(self, path, options=None):
        with open(f"{path}.data-00000-of-00001", "wb") as file:
            file.write(b"half of it")
        raise tf.errors.ResourceExhaustedError(None, None, "No space left on device")

    monkeypatch.setattr(tf.train.Checkpoint, "write", fill)
    with pytest.raises(InputError, match=r"disk is full: .*ckpt-12 could not be written"):
        save(tmp_path, 12)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    monkeypatch.undo()
    save(tmp_path, 12)
    assert restored(tmp_path) == 12


def test_what_a_killed_run_had_begun_to_write_is_removed(tmp_path):
    save(tmp_path, 4)
    (tmp_path / ".writing").mkdir()
    (tmp_path / ".writing" / "ckpt-8.data-00000-of-00001").write_bytes(b"begun")
    assert stored_steps(tmp_path) == [4]
    save(tmp_path, 8)
    assert not (tmp_path / ".writing").exists()
