"""The files of a set: shards, and the index that lets a reader fetch any record at once."""

import hashlib

import numpy as np

from anime_style_tf.errors import InputError
from anime_style_tf.text import one_line

INFO = "info.json"
INDEX = "index.npy"
ATTRIBUTION = "ATTRIBUTION.md"
FORMAT_VERSION = 2
SPLITS = ("train", "test")
# One row for each record, in the order of the shuffled set: which split and shard, where its
# data begins in the file, how long it is, whose it is.
INDEX_DTYPE = np.dtype(
    [("split", "<u1"), ("shard", "<u4"), ("offset", "<u8"), ("length", "<u4"), ("label", "<i4")]
)


def shard_name(split, shard, shards):
    """Returns a shard's file name; TensorFlow's usual form."""
    return f"{split}-{shard:05d}-of-{shards:05d}.tfrecord"


def shards_of(files, split):
    """Returns those of the `files` of `info.json` that are a split's shards, by number."""
    return [
        file
        for file in files
        if file["name"].startswith(f"{split}-") and file["name"].endswith(".tfrecord")
    ]


def damaged_files(folder, files):
    """Checks the size and SHA-256 of files.

    Args:
        folder: `pathlib.Path` of the set.
        files: what `info.json` says of them.

    Yields:
        One line for each that is not as it was written.
    """
    for file in files:
        path = folder / file["name"]
        try:
            actual = fingerprint(path)
        except OSError as error:
            yield f"{file['name']}: {'missing' if not path.exists() else error.strerror}"
            continue
        if actual["bytes"] != file["bytes"]:
            yield f"{file['name']}: expected {file['bytes']} bytes, found {actual['bytes']}"
        elif actual["sha256"] != file["sha256"]:
            yield f"{file['name']}: its SHA-256 is not the one in {INFO}"


def load_index(folder):
    """Loads the index of a set.

    Args:
        folder: `pathlib.Path` of the set.

    Returns:
        Array of `INDEX_DTYPE`, a row for each record.

    Raises:
        InputError: it is missing or damaged, or has other columns.
    """
    path = folder / INDEX
    try:
        index = np.load(path, allow_pickle=False)
        form = f"{index.dtype} {index.shape}"
    except Exception as error:  # NumPy raises nearly everything on a damaged header
        form = one_line(f"{type(error).__name__}: {error}")
    else:
        if index.dtype == INDEX_DTYPE and index.ndim == 1:
            return index
    raise InputError(
        f"{path}: expected rows of {INDEX_DTYPE}, received {form}; copy it again, or write the "
        "records again"
    )


def fingerprint(path):
    """Returns a file's `bytes` and `sha256` as a dict."""
    with open(path, "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"bytes": path.stat().st_size, "sha256": digest}


def check_format(version, path):
    """Raises an `InputError` if a set was written in another format.

    Args:
        version: the `format_version` of its `info.json`.
        path: of that file, for the message.
    """
    if version != FORMAT_VERSION:
        raise InputError(
            f"{path}: expected format version {FORMAT_VERSION}, received {version}; write the "
            "records again"
        )
