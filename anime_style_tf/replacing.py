"""Files that are written whole or not at all."""

import contextlib
import errno
import os
import pathlib

from anime_style_tf.errors import InputError

_FULL = {errno.ENOSPC, errno.EDQUOT}


@contextlib.contextmanager
def replacing(path):
    """Gives the path of a file to write, which takes the place of another once it is whole.

    Args:
        path: of the file to be replaced or made; its folder exists.

    Yields:
        `pathlib.Path` beside it, with the same suffix; gone afterwards, whatever happens.

    Raises:
        InputError: the disk, or one's share of it, is full; what was at `path` still is.
    """
    path = pathlib.Path(path)
    unfinished = path.with_name(f".writing-{path.name}")
    try:
        with refusing_a_full_disk(path):
            yield unfinished
            os.replace(unfinished, path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


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
