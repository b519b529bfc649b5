"""The files of a set: shards, and the index that lets a reader fetch any record at once."""

import hashlib

import numpy as np

from anime_style_tf.errors import InputError

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
            found = fingerprint(path)
        except OSError as error:
            yield f"{file['name']}: {'missing' if not path.exists() else error.strerror}"
            continue
        if found["bytes"] != file["bytes"]:
            yield f"{file['name']}: expected {file['bytes']} bytes, found {found['bytes']}"
        elif found["sha256"] != file["sha256"]:
            yield f"{file['name']}: its SHA-256 is not the one in {INFO}"


def found_instead(error):
    """Returns what was found in place of a readable file, for a message: error -> text."""
    return error.strerror if isinstance(error, OSError) else f"a damaged one ({error})"


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
