"""Files that are written whole or not at all."""

import contextlib
import errno
import os
import pathlib
import uuid

from anime_style_tf.errors import InputError

_FULL = {errno.ENOSPC, errno.EDQUOT}


@contextlib.contextmanager
def replacing(path, *, shared=False):
    """Gives the path of a file to write, which takes the place of another once it is whole.

    Args:
        path: of the file to be replaced or made; its folder exists.
        shared: other processes, perhaps of other machines, may write the same file meanwhile:
            each writes one of its own, and the last one stays. Otherwise what a killed process
            has left is overwritten by the next.

    Yields:
        `pathlib.Path` beside it, with the same suffix; gone afterwards, whatever happens.

    Raises:
        InputError: the disk, or one's share of it, is full; what was at `path` still is.
        IsADirectoryError: `path` is a folder.
    """
    path = pathlib.Path(path)
    if path.is_dir():  # said now, and not after all the work
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    own = f"{uuid.uuid4().hex}-" if shared else ""
    unfinished = path.with_name(f".writing-{own}{path.name}")
    try:
        with refusing_a_full_disk(path):
            yield unfinished
            _sync(unfinished)  # or a power cut could leave the new name with none of its content
            os.replace(unfinished, path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def _sync(path):
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


@contextlib.contextmanager
def refusing_a_full_disk(path):
    """Says in one line that there is no space left.

    Args:
        path: of what is written inside.

    Raises:
        InputError: in place of the error of the operating system, or of a library that quotes
            it, as TensorFlow and HDF5 do.
    """
    try:
        yield
    except Exception as error:
        quoted = any(os.strerror(number) in str(error) for number in _FULL)
        if getattr(error, "errno", None) not in _FULL and not quoted:
            raise
        raise InputError(
            f"the disk is full: {path} could not be written. Free some space and run the same "
            "command again; what was finished or saved before is kept"
        ) from error
