"""Asks a run with pictures and writes the answers: neighbors and artists, a sheet and tables."""

import csv
import itertools
import os
import pathlib
import re
import tempfile

from anime_style_tf.data.sources.pictures import Pictures
from anime_style_tf.errors import InputError
from anime_style_tf.figures.neighbors import Row, neighbor_sheet
from anime_style_tf.library.catalog import Catalog
from anime_style_tf.library.gallery_catalog import GalleryCatalog
from anime_style_tf.library.portrait_sources import pictured_portraits
from anime_style_tf.workdir.figure_files import save_figure, unwritable
from anime_style_tf.workdir.provenance import write_json

NEIGHBOR_COLUMNS = ("query", "rank", "artist", "work", "source", "distance")
ARTIST_COLUMNS = ("query", "rank", "artist", "probability", "distance", "unknown", "p_value")
_ROWS_PER_SHEET = 20
_NEAR_TIE = 0.5  # of the likeliest's probability: the next artist is named too
_NEIGHBORS_PER_ROW = 20  # of the sheet; the tables have all
_SHEET = re.compile(r"neighbors(_\d+)?(\.png|\.names\.txt)")


def query(workdir, images, output, *, gallery=None, count=8, artists=None, workers=1, **options):
    """Asks with pictures and leaves a sheet and tables in a folder, in place of earlier ones.

    All appear together at the end; a run that is stopped leaves the earlier answers.

    Args:
        workdir: folder of the run; None with a gallery.
        images: paths of pictures, folders and archives.
        output: folder to write to; made if missing.
        gallery: folder or archive of pictures to search in place of a run, see `GalleryCatalog`.
        count: neighbors, and artists, for each picture.
        artists: answer with the works and the names of these only, see `Catalog.named`; None takes
            all. Probabilities stay those among all artists.
        workers: processes that read pictures.
        options: of `Catalog` or `GalleryCatalog`.

    Returns:
        `(lines, set_aside)`: what was left and what the answers lack, and `(source, reason)` of
        each picture that could not be used.

    Raises:
        InputError: no index, or one that is out of date; no such artist; a count below 1; no
            picture, or none that can be used.
    """
    output = pathlib.Path(output)
    if count < 1:
        raise InputError(f"--count: expected 1 or more, received {count}")
    if gallery is None:
        catalog = Catalog(workdir, **options)
        source = pictured_portraits(Pictures(images), workdir, workers=workers)
    else:
        catalog = GalleryCatalog(gallery, workers=workers, **options)
        source = catalog.portraits(images, workers=workers)
    artists = catalog.named(artists)
    portraits = _some_usable(source, images)
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=output, prefix=".answers-") as scratch:
        scratch = pathlib.Path(scratch)
        answers, unusable, names, legends = [], [], [], []
        while page := list(itertools.islice(portraits, _ROWS_PER_SHEET)):
            unusable += [(made.source, made.reason) for made in page if made.image is None]
            if pictured := [made for made in page if made.image is not None]:
                rows, of_page = ask(catalog, pictured, count=count, artists=artists)
                answers += of_page
                names.append(f"neighbors_{len(names) + 1}.png" if names else "neighbors.png")
                sheet = _sheet(rows, of_page, catalog)
                legends += save_figure(sheet, scratch / names[-1])[1:]
        names += [legend.name for legend in legends] + _write_tables(scratch, answers)
        names.append("neighbors.json")
        write_json(scratch / names[-1], _summary(catalog, answers, unusable))
        for earlier in output.glob("neighbors*.*"):
            if _SHEET.fullmatch(earlier.name):
                earlier.unlink()
        for name in names:
            os.replace(scratch / name, output / name)
    lines = [f"pictures asked with: {len(answers)}", *(str(output / name) for name in names)]
    artists = {work["artist"] for answer in answers for work in answer["neighbors"]}
    queries = [answer["query"] for answer in answers]
    return lines + catalog.notes + unwritable([*artists, *queries], "ask again"), unusable


def ask(catalog, portraits, *, count, artists=None):
    """Looks for what is nearest to some portraits, and for who may have drawn them.

    Args:
        catalog: `Catalog`.
        portraits: list of `Portrait` with images.
        count: neighbors, and artists, for each.
        artists: as `Catalog.named` gives them.

    Returns:
        `(rows, answers)`: a `figures.neighbors.Row` for each, and a dict of JSON values with
        `query`, `neighbors`, `artists` and, where the run has one, `attribution`.
    """
    codes = catalog.coder([portrait.image for portrait in portraits])
    near = catalog.nearest(codes, count, artists=artists)
    drawn_by = catalog.who_drew(codes, artists=artists)
    rows, answers = [], []
    for portrait, works, distances, (attribution, ranked) in zip(
        portraits, near.rows.tolist(), near.distances.tolist(), drawn_by, strict=True
    ):
        name = f"{portrait.source}#{portrait.face}" if portrait.face else portrait.source
        neighbors = [
            {"rank": rank, **catalog.work(row), "distance": distance}
            for rank, (row, distance) in enumerate(zip(works, distances, strict=True), 1)
        ]
        answers.append(
            {
                "query": name,
                **({} if attribution is None else {"attribution": attribution}),
                "neighbors": neighbors,
                "artists": [
                    {"rank": rank, **artist} for rank, artist in enumerate(ranked[:count], 1)
                ],
            }
        )
        row = Row(
            image=portrait.image,
            name=name.rpartition("/")[2],
            neighbors=[catalog.picture(row) for row in works[:_NEIGHBORS_PER_ROW]],
            artists=[work["artist"] for work in neighbors[:_NEIGHBORS_PER_ROW]],
            distances=distances[:_NEIGHBORS_PER_ROW],
            answers=_in_short(attribution, ranked),
        )
        rows.append(row)
    return rows, answers


def _some_usable(source, images):
    """Returns an iterator of the portraits of the pictures, of which at least one can be used."""
    portraits = itertools.chain.from_iterable(source.works([]))
    looked_at = []
    for portrait in portraits:
        looked_at.append(portrait)
        if portrait.image is not None:
            return itertools.chain(looked_at, portraits)
    if looked_at:
        raise InputError(
            f"--images: none of {len(looked_at)} pictures can be used, such as "
            f"{looked_at[0].source}: {looked_at[0].reason}; nothing was written"
        )
    raise InputError(
        f"--images: expected pictures, received {', '.join(map(str, images)) or 'nothing'}: no "
        "picture there"
    )


def _in_short(attribution, ranked):
    """Returns what a sheet says of an attribution: one artist, or at a near tie two."""
    if attribution is None:
        return []
    if attribution["unknown"]:
        return [("unknown", None)]
    likeliest = [(attribution["artist"], attribution["probability"])]
    others = [artist for artist in ranked if artist["artist"] != attribution["artist"]]
    if others and others[0]["probability"] >= _NEAR_TIE * attribution["probability"]:
        likeliest.append((others[0]["artist"], others[0]["probability"]))
    return likeliest


def _sheet(rows, answers, catalog):
    notes, definitions = [catalog.look_for], catalog.definitions
    wanted, drawn = len(answers[0]["neighbors"]), len(rows[0].artists)
    if wanted > drawn:
        notes.append(f"Shown are {drawn} of {wanted}; neighbors.csv has all.")
    if "unknown" in definitions:
        notes.append(
            "Below each picture: the likeliest artist, with the probability that this artist drew "
            "it if one of the known did, and the next one if at least half as likely; or "
            f"unknown, {definitions['unknown']}."
        )
    return neighbor_sheet(
        rows, title=catalog.title, distance=definitions["neighbors"], notes=" ".join(notes)
    )


def _summary(catalog, answers, unusable):
    """Returns the content of `neighbors.json`."""
    return {
        "definitions": catalog.definitions,
        "encoder_sha256": catalog.info["encoder_sha256"],
        "code_size": catalog.info["code_size"],
        "left_out": catalog.notes,
        "queries": answers,
        "set_aside": [{"source": source, "reason": reason} for source, reason in unusable],
    }


def _write_tables(folder, answers):
    """Writes `neighbors.csv` and `artists.csv`, a line for each neighbor and artist."""
    tables = {"neighbors": NEIGHBOR_COLUMNS, "artists": ARTIST_COLUMNS}
    for kind, columns in tables.items():
        with open(folder / f"{kind}.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, columns, extrasaction="ignore")
            writer.writeheader()
            for answer in answers:
                attribution = answer.get("attribution", {})
                shared = {"query": answer["query"]}
                shared |= {
                    name: attribution[name] for name in ("p_value", "unknown") if attribution
                }
                writer.writerows({**shared, **line} for line in answer[kind])
    return [f"{kind}.csv" for kind in tables]
