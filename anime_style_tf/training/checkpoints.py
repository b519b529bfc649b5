"""Checkpoints of everything that a training must remember: the newest two, each of them whole."""

import os
import re
import shutil
from pathlib import Path

import tensorflow as tf
from absl import logging

from anime_style_tf.errors import InputError
from anime_style_tf.replacing import refusing_a_full_disk

_FILE = re.compile(r"ckpt-(\d+)\.(index|data-\d+-of-\d+)")
_KEPT = 2
# Beside the state: the graph of objects, and a counter that earlier versions kept.
_OVERHEAD = ("_CHECKPOINTABLE_OBJECT_GRAPH", "save_counter/.ATTRIBUTES/VARIABLE_VALUE")


class Checkpoints:
    """The state of a training in a folder.

    Args:
        folder: made at the first save.
        variables: list of `tf.Variable`, always in the same order.

    Attributes:
        step: `tf.Variable`, steps taken; kept with the rest.
    """

    def __init__(self, folder, variables):
        self.folder = Path(folder)
        self.step = tf.Variable(0, dtype=tf.int64, trainable=False)
        # Numbered: Keras' names count what the program made before, so they differ between runs.
        state = {f"variable_{number}": each for number, each in enumerate(variables)}
        self._checkpoint = tf.train.Checkpoint(step=self.step, **state)
        # By these another model's checkpoint is told from a damaged one, before anything is read.
        self._expected = {
            f"{name}/.ATTRIBUTES/VARIABLE_VALUE": (each.shape.as_list(), each.dtype)
            for name, each in {"step": self.step, **state}.items()
        }
        self._kept = []

    def restore(self):
        """Takes up the newest checkpoint that is not damaged, if there is any.

        Raises:
            InputError: it is of another model, or all are damaged.
        """
        stored = stored_steps(self.folder)
        # From the newest back to the first that is whole; those passed over are named in one line.
        damaged = []
        while len(stored) > len(damaged):
            newest = stored[-1 - len(damaged)]
            if why := self._read(newest):
                damaged.append(f"{self._path(newest)} is damaged ({why})")
                continue
            # Damaged ones are not counted among the kept, or a whole one would go in their place.
            self._kept = [step for step in stored if step <= newest][-_KEPT:]
            if damaged:
                logging.warning("%s: going back to step %d", "; ".join(damaged), newest)
            return
        if damaged:
            raise InputError(
                f"{'; '.join(damaged)}: no checkpoint is left to resume from. Put a copy back, or "
                "run the stage again with --overwrite."
            )

    def save(self):
        """Writes a checkpoint of this step, and removes what is older than the newest two.

        Raises:
            InputError: the disk is full; the checkpoints that were there still are.
        """
        step = int(self.step)
        # In a folder of its own, so that a kill leaves no half of a checkpoint under its name.
        unfinished = self.folder / ".writing"
        # What a killed run had begun goes too.
        shutil.rmtree(unfinished, ignore_errors=True)
        try:
            with refusing_a_full_disk(self._path(step)):
                unfinished.mkdir(parents=True)
                self._checkpoint.write(str(unfinished / f"ckpt-{step}"))
                # The index comes last: without it there is no checkpoint.
                for path in sorted(unfinished.iterdir()):
                    os.replace(path, self.folder / path.name)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
        # Only now that it is whole does an older one go. A step that is saved again counts once.
        self._kept = [*(each for each in self._kept if each < step), step][-_KEPT:]
        for each in stored_steps(self.folder):
            if each < step and each not in self._kept:
                for path in sorted(self.folder.glob(f"ckpt-{each}.*"), reverse=True):
                    path.unlink()

    def _path(self, step):
        return self.folder / f"ckpt-{step}"

    def _read(self, step):
        """Restores a checkpoint, or says why it cannot be read."""
        path = str(self._path(step))
        # The index gives the shapes; sums of the data are checked as they are read.
        try:
            reader = tf.train.load_checkpoint(path)
            shapes, types = reader.get_variable_to_shape_map(), reader.get_variable_to_dtype_map()
            self._check_model(path, {name: (shapes[name], types[name]) for name in shapes})
            self._checkpoint.read(path).assert_existing_objects_matched()
        except (tf.errors.OpError, IndexError) as error:
            return " ".join(str(getattr(error, "message", error)).split())
        return None

    def _check_model(self, path, found):
        # One line with a count, where TensorFlow would print a line for each variable.
        found = {name: value for name, value in found.items() if name not in _OVERHEAD}
        names = {*found, *self._expected}
        if other := [name for name in names if found.get(name) != self._expected.get(name)]:
            raise InputError(
                f"The checkpoint {path} belongs to another model or version: {len(other)} of "
                f"{len(names)} variables are missing in one of them or differ in shape. Run the "
                "stage again with --overwrite."
            )


def stored_steps(folder):
    """The steps of which a folder has checkpoints, whole or damaged.

    Args:
        folder: which need not exist.

    Returns:
        Increasing list of whole numbers.
    """
    # One of the two files is enough: a checkpoint that lacks the other is damaged, not absent.
    folder = Path(folder)
    names = os.listdir(folder) if folder.is_dir() else []
    return sorted({int(found[1]) for found in map(_FILE.fullmatch, names) if found})
