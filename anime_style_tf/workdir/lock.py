"""One run at a time in one folder."""

import contextlib
import fcntl
import os
import pathlib

from anime_style_tf.errors import InputError

LOCK_NAME = ".lock"


@contextlib.contextmanager
def locked(workdir):
    """Holds a folder for this process, and makes it if it is not there.

    The lock is the kernel's: it ends with the process that holds it, however that ends, so a
    file that a killed run has left behind never stops the next one. The number in the file is
    for the message.

    Args:
        workdir: Folder of a run.

    Raises:
        InputError: The folder cannot be made, or another run that is still alive holds it.
    """
    workdir = pathlib.Path(workdir)
    try:
        workdir.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(workdir / LOCK_NAME, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise InputError(
            f"{workdir}: expected a folder that can be written ({error.strerror}): name another"
        ) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 32).decode().strip() or "unknown"
            raise InputError(
                f"{workdir} is being written by another run (process {holder}): wait for it, "
                "stop it, or name another folder"
            ) from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(descriptor)
