"""What a conversion is asked to do: the one place where its arguments are declared."""

import dataclasses
import os
import pathlib

from anime_style_tf.data.conversion.rendering import Settings
from anime_style_tf.data.conversion.selection import Rules
from anime_style_tf.errors import InputError

SCRATCH = ".writing"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Plan:
    """A source, the set of records to make of it, and how.

    Args:
        source: an object of one of the classes in `SOURCES`.
        output: folder to write; made if missing.
        rendering: how portraits look.
        rules: which works are kept, and which of them are for testing.
        opt_out: path of a list of artists and files never to be included, see `read_opt_outs`;
            what the lists of the earlier set refused stays refused.
        rejects: path of a list of portraits that a person rejected, see `read_rejects`.
        append: add the source to the set that `output` holds.
        overwrite: replace the set that `output` holds.
        previous: folder of another set whose test split is kept; None takes the one in
            `output`.
        shards: files of the training split, the test split has as many in proportion; None
            aims at 256 MiB in each. With Beam a worker holds one in memory.
        workers: rendering processes; None takes one for each processor. The bytes written do
            not depend on it. 1 renders in this process, where a crash of a decoder is fatal.
            Beam has its own.
        progress: show a bar with the time left on standard error.

    Raises:
        InputError: a value out of its range, or both `append` and `overwrite`.
    """

    source: object
    output: str | os.PathLike
    rendering: Settings = dataclasses.field(default_factory=Settings)
    rules: Rules = dataclasses.field(default_factory=Rules)
    opt_out: str | os.PathLike | None = None
    rejects: str | os.PathLike | None = None
    append: bool = False
    overwrite: bool = False
    previous: str | os.PathLike | None = None
    shards: int | None = None
    workers: int | None = None
    progress: bool = True

    def __post_init__(self):
        """Checks the values."""
        object.__setattr__(self, "output", pathlib.Path(self.output))
        for name in ("shards", "workers"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise InputError(f"{name}: expected at least 1, received {value}")
        if self.append and self.overwrite:
            raise InputError("append, overwrite: expected one of them, received both; choose")

    @property
    def scratch(self) -> pathlib.Path:
        """Folder for what is not finished; inside the result's, so that files are only moved."""
        return self.output / SCRATCH

    @property
    def earlier_folder(self) -> pathlib.Path | None:
        """Folder of the set whose split and portraits are taken over, if there is one."""
        return self.output if self.previous is None else pathlib.Path(self.previous)
