"""Stage 7: an index over the style codes of all portraits, to search and to look at."""

import pathlib

import numpy as np
import pyarrow as pa

from anime_style_tf.errors import InputError
from anime_style_tf.evaluation.uncertainty.measurements import measurement
from anime_style_tf.library.attributing import (
    ATTRIBUTION,
    describe_attribution,
    fit_attribution,
    open_attribution,
    save_attribution,
)
from anime_style_tf.library.embedding import CODE, StyleCoder, embed, read_embeddings
from anime_style_tf.library.enrolled import read_enrolled, usable, write_styles
from anime_style_tf.library.portraits import RecordedPortraits
from anime_style_tf.library.projector import write_projector
from anime_style_tf.search import StyleIndex
from anime_style_tf.terminal.tool import this_python
from anime_style_tf.workdir.networks import selection_half
from anime_style_tf.workdir.provenance import checksum, read_json, write_json

FOLDER = "index"
EMBEDDINGS = "embeddings.parquet"
INFO = "index.json"
DISTANCE = "Euclidean distance between the first k_S dimensions of the style encoder's code"
_COST_SAMPLE = 200  # works whose neighbors the cascade looks for, to see what it costs


def run(config, workdir):
    """Embeds the records and leaves codes, their description and the projector's files.

    Args:
        config: with the section `index`.
        workdir: folder of the run.

    Returns:
        Lines on what was left.

    Raises:
        InputError: no such backend for the search, or it is not installed.
    """
    section = config.index
    workdir = pathlib.Path(workdir)
    folder = workdir / FOLDER
    StyleIndex(np.zeros((1, 1)), [""], [""], **section.search)  # refuses a wrong backend now
    coder = StyleCoder(workdir)
    portraits = RecordedPortraits(workdir / "records")
    count, aside = embed(portraits, coder, folder / EMBEDDINGS, **section.embedding)
    table = read_embeddings(folder / EMBEDDINGS)
    shown = write_projector(
        folder / "projector",
        table,
        lambda rows: portraits.images(table["record"][row] for row in rows),
        **section.projector,
    )
    model, told = _attribution(table, portraits.numbers("test"))
    if model is not None:
        save_attribution(folder / ATTRIBUTION, model)
    info = {
        **coder.origin,
        "records_sha256": checksum(workdir / "records" / "info.json"),
        "distance": DISTANCE,
        "search": section.search.to_dict(),
        "portraits": count,
        "artists": len(set(table["artist"])),
        "splits": {split: table["split"].count(split) for split in ("train", "test")},
        "set_aside": [{"source": source, "reason": reason} for source, reason in aside],
        "shown_in_projector": shown,
        "cascade_cost": _cascade_cost(table),
        "attribution": told,
    }
    write_json(folder / INFO, info)
    lines = [f"set aside: {source}: {reason}" for source, reason in aside]
    lines += [] if model else [told["not_fitted"]]
    lines += _renew_enrolled(workdir, info, table, model)
    return [
        f"{folder / EMBEDDINGS}: {count} portraits by {info['artists']} artists, "
        f"{coder.code_size} dimensions",
        f"look at {shown} of them: {this_python()} -m tensorboard.main "
        f"--logdir={folder / 'projector'}",
        *lines,
    ]


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
    info = read_json(workdir / FOLDER / INFO)
    redo = f"run {this_python()} -m anime_style_tf --config=... --stage=index with this --workdir"
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


def _attribution(table, test):
    """Returns an attribution or None, and JSON values on it; `test`: numbers of test records."""
    artists, record = np.array(table["artist"]), np.array(table["record"])
    place = np.argsort(record, kind="stable")
    chosen = place[np.isin(record[place], test[selection_half(len(test))])]
    trained = np.array(table["split"]) == "train"
    try:
        model = fit_attribution(
            (table[CODE][trained], artists[trained]), (table[CODE][chosen], artists[chosen])
        )
    except InputError as error:
        return None, {"not_fitted": str(error)}
    return model, describe_attribution(model)


def _renew_enrolled(workdir, info, table, model):
    """Writes the enrolled artists' styles anew; returns lines on those that are out of date."""
    enrolled = read_enrolled(workdir)
    kept, lines = usable(enrolled, workdir, info["encoder_sha256"], set(table["artist"]))
    if enrolled:
        write_styles(workdir, kept, model)
    return lines


def _cascade_cost(table):
    """What the search costs on prefixes first, on works of this set."""
    names = identities(table)
    index = StyleIndex(table[CODE], names, table["artist"], backend="cascaded")
    queries = table[CODE][:: max(1, len(names) // _COST_SAMPLE)]
    return measurement(
        index.nearest(queries, 10).cost,
        count=len(queries),
        split="all",
        definition="multiplications of an exact search for 10 neighbors on prefixes of the code "
        "first, as a share of those on the whole code; works of the set as queries",
    )


CALLABLES = {"embedding": embed, "projector": write_projector, "search": StyleIndex}
