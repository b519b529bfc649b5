"""An index over the style codes of all portraits, to search and to look at."""

import pathlib

import numpy as np

from anime_style_tf.errors import InputError
from anime_style_tf.evaluation.uncertainty.measurements import measurement
from anime_style_tf.library.attributor import describe_attribution, fit_attribution
from anime_style_tf.library.embedding import CODE, StyleCoder, embed, read_embeddings
from anime_style_tf.library.enrolled_artists import read_enrolled, usable, write_styles
from anime_style_tf.library.index_folder import (
    ATTRIBUTION,
    EMBEDDINGS,
    FOLDER,
    INFO,
    identities,
    save_attribution,
)
from anime_style_tf.library.portrait_sources import RecordedPortraits
from anime_style_tf.library.projector import write_projector
from anime_style_tf.search import StyleIndex
from anime_style_tf.terminal.typed import this_python
from anime_style_tf.workdir.networks import selection_half
from anime_style_tf.workdir.provenance import checksum, write_json

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
