"""The index that a run has: how it is opened, whether it is that of its encoder and records."""

import pathlib
import zipfile

import numpy as np
import pyarrow as pa

from anime_style_tf import attribution
from anime_style_tf.errors import InputError
from anime_style_tf.library.embedding import CODE, read_embeddings
from anime_style_tf.replacing import replacing
from anime_style_tf.search import StyleIndex
from anime_style_tf.terminal.typed import typed
from anime_style_tf.workdir.provenance import checksum, read_json

FOLDER = "index"
EMBEDDINGS = "embeddings.parquet"
INFO = "index.json"
ATTRIBUTION = "attribution.npz"


def identities(table):
    """Returns a text for each portrait, the same wherever its record lies."""
    return [
        f"{source}#{face}" if face else source
        for source, face in zip(table["source"], table["face"], strict=True)
    ]


def open_index(workdir, *, backend=None):
    """Opens what the stage left.

    Args:
        workdir: folder of the run.
        backend: of the search, see `search.BACKENDS`; None takes that of the stage.

    Returns:
        `(index, table, info)`: a `StyleIndex`, the columns of `read_embeddings` in the same
        order, and the content of `index.json`.

    Raises:
        InputError: there is none, it is damaged, or the style encoder or the records are others
            by now.
    """
    workdir = pathlib.Path(workdir)
    if not workdir.is_dir():
        raise InputError(f"--workdir: expected the folder of a run, received {workdir}: no folder")
    info = read_json(workdir / FOLDER / INFO, keys=("encoder_sha256", "records_sha256", "search"))
    redo = f"run {typed('train', config='...', workdir=workdir, stage='index')}"
    if info is None:
        raise InputError(f"{workdir} has no index: expected {FOLDER}/{INFO}; {redo}")
    made_from = {
        "encoder_sha256": workdir / "style" / "style_encoder.keras",
        "records_sha256": workdir / "records" / "info.json",
    }
    for name, path in made_from.items():
        if checksum(path) != info[name]:
            raise InputError(
                f"{workdir / FOLDER} is out of date: expected {path} as it was when the index was "
                f"made, received another; {redo} --overwrite"
            )
    try:
        table = read_embeddings(workdir / FOLDER / EMBEDDINGS)
    except (OSError, pa.ArrowException) as error:
        raise InputError(
            f"{workdir / FOLDER / EMBEDDINGS} is missing or damaged ({error}); {redo} --overwrite"
        ) from error
    search = info["search"] if backend is None else {"backend": backend}
    return StyleIndex(table[CODE], identities(table), table["artist"], **search), table, info


def run_attribution(workdir, info):
    """Opens the attribution that the stage left.

    Args:
        workdir: folder of the run.
        info: as `open_index` gives it.

    Returns:
        `attribution.Attribution`, or None where there were too few works to fit one.

    Raises:
        InputError: a file that is missing or damaged, or an index from before there was one.
    """
    path = pathlib.Path(workdir) / FOLDER / ATTRIBUTION
    return None if "not_fitted" in info.get("attribution", {}) else open_attribution(path)


def save_attribution(path, model):
    """Writes an attribution whole or not at all; no pickle."""
    with replacing(path) as unfinished, open(unfinished, "wb") as file:
        np.savez(file, **attribution.to_arrays(model))


def open_attribution(path):
    """Reads what `save_attribution` wrote.

    Raises:
        InputError: no such file, or a damaged one.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            return attribution.from_arrays(dict(file))
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, InputError) as error:
        raise InputError(
            f"{path} cannot be read ({' '.join(str(error).split())}): make it again with "
            "--stage=index --overwrite"
        ) from error
