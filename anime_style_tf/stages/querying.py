"""Asks the index of a run with pictures: neighbors and artists, as a sheet and as tables."""

import csv
import difflib
import io
import itertools
import pathlib
import warnings

import numpy as np

from anime_style_tf.errors import InputError
from anime_style_tf.exploration import artist_styles
from anime_style_tf.figures.neighbors import Row, neighbor_sheet
from anime_style_tf.search import StyleIndex
from anime_style_tf.stages.embedding import CODE, StyleCoder
from anime_style_tf.stages.index import open_index
from anime_style_tf.stages.portraits import PicturedPortraits, Pictures, RecordedPortraits
from anime_style_tf.stages.provenance import read_json, write_json

NEIGHBOR_COLUMNS = ("query", "rank", "artist", "work", "source", "distance", "definition")
ARTIST_COLUMNS = ("query", "rank", "artist", "distance", "definition")
_ROWS_PER_SHEET = 20


class Search:
    """A run's index, ready to be asked.

    Args:
        workdir: folder of the run.
        count: neighbors for each picture.
        artists: search among the works of these only; None takes all.
        backend: of the search; None takes that of the stage `index`.

    Raises:
        InputError: no index, one that is out of date, no such artist, or a count below 1.

    Attributes:
        definitions: what the distances to neighbors and to artists are, in words.
    """

    def __init__(self, workdir, *, count=8, artists=None, backend=None):
        self._index, self._table, self.info = open_index(workdir, backend=backend)
        self._coder = StyleCoder(workdir)
        self._recorded = RecordedPortraits(pathlib.Path(workdir) / "records")
        self._count, self._only = count, artists
        known = sorted(set(self._table["artist"]))
        _check(count, artists, known)
        labels = np.searchsorted(known, self._table["artist"])
        self._means = StyleIndex(artist_styles(self._table[CODE], labels).means, known, known)
        self.definitions = {
            "neighbors": self.info["distance"],
            "artists": f"{self.info['distance']}: from the picture's to the mean of the artist's "
            "works in the index",
        }

    def ask(self, portraits):
        """Looks for what is nearest to some pictures.

        Args:
            portraits: list of `Portrait` with images.

        Returns:
            `(rows, answers)`: a `figures.neighbors.Row` for each, and a dict of JSON values.
        """
        codes = self._coder([each.image for each in portraits])
        found = self._index.nearest(codes, self._count, artists=self._only)
        artists = self._means.nearest(codes, self._count, artists=self._only)
        rows, answers = [], []
        for number, portrait in enumerate(portraits):
            works, away = found.rows[number].tolist(), found.distances[number].tolist()
            name = f"{portrait.source}#{portrait.face}" if portrait.face else portrait.source
            names = [self._table["artist"][row] for row in works]
            images = self._recorded.images(self._table["record"][row] for row in works)
            rows.append(Row(portrait.image, name.rpartition("/")[2], images, names, away))
            near = self._means.artists[artists.rows[number]]
            ranked = zip(near, artists.distances[number].tolist(), strict=True)
            answers.append(
                {
                    "query": name,
                    "neighbors": [
                        {
                            "rank": rank,
                            "artist": self._table["artist"][row],
                            "work": self._table["work_id"][row],
                            "source": self._table["source"][row],
                            "split": self._table["split"][row],
                            "distance": distance,
                        }
                        for rank, (row, distance) in enumerate(zip(works, away, strict=True), 1)
                    ],
                    "artists": [
                        {"rank": rank, "artist": artist, "distance": distance}
                        for rank, (artist, distance) in enumerate(ranked, 1)
                    ],
                }
            )
        return rows, answers


def query(workdir, images, output, *, workers=1, **options):
    """Asks with pictures and leaves a sheet and tables in a folder.

    Args:
        workdir: folder of the run.
        images: paths of pictures, folders and archives.
        output: folder to write to; made if missing.
        workers: processes that read pictures.
        options: of `Search`.

    Returns:
        `(lines, set_aside)`: what was left, and `(source, reason)` of each picture that could
        not be used.

    Raises:
        InputError: no index, or one that is out of date; no such artist; no picture.
    """
    output = pathlib.Path(output)
    search = Search(workdir, **options)
    rendering = read_json(pathlib.Path(workdir) / "records" / "info.json")["rendering"]
    portraits = PicturedPortraits(Pictures(images), rendering, workers=workers)
    output.mkdir(parents=True, exist_ok=True)
    answers, aside, sheets = [], [], []
    made = itertools.chain.from_iterable(portraits.works([]))
    while page := list(itertools.islice(made, _ROWS_PER_SHEET)):
        aside += [(each.source, each.reason) for each in page if each.image is None]
        usable = [each for each in page if each.image is not None]
        if usable:
            rows, told = search.ask(usable)
            answers += told
            number = f"_{len(sheets) + 1}" if sheets else ""
            sheets.append(output / f"neighbors{number}.png")
            figure = neighbor_sheet(rows, distance=search.definitions["neighbors"])
            sheets[-1].write_bytes(_as_png(figure))
    _write_tables(output, answers, search.definitions)
    write_json(
        output / "neighbors.json",
        {
            "definitions": search.definitions,
            "encoder_sha256": search.info["encoder_sha256"],
            "code_size": search.info["code_size"],
            "queries": answers,
            "set_aside": [{"source": source, "reason": reason} for source, reason in aside],
        },
    )
    tables = [output / name for name in ("neighbors.csv", "artists.csv", "neighbors.json")]
    return [f"{len(answers)} pictures asked with", *map(str, [*sheets, *tables])], aside


def _write_tables(output, answers, definitions):
    """Writes `neighbors.csv` and `artists.csv`, a line for each neighbor and artist."""
    for kind, columns in (("neighbors", NEIGHBOR_COLUMNS), ("artists", ARTIST_COLUMNS)):
        with open(output / f"{kind}.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, columns, extrasaction="ignore")
            writer.writeheader()
            for answer in answers:
                about = {"query": answer["query"], "definition": definitions[kind]}
                writer.writerows({**about, **each} for each in answer[kind])


def _check(count, artists, known):
    if count < 1:
        raise InputError(f"--count: expected 1 or more, received {count}")
    for artist in artists or ():
        if artist not in known:
            near = difflib.get_close_matches(artist, known, 3) or known[:10]
            raise InputError(
                f"--artists: the index has none called {artist!r}: give for instance "
                f"{', '.join(near)}"
            )


def _as_png(figure):
    content = io.BytesIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph ")  # boxes stand for letters without one
        figure.savefig(content, format="png")
    return content.getvalue()
