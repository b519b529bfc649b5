"""The index of a run with its enrolled artists: what is nearest to pictures, and who drew them."""

import difflib
import pathlib

import numpy as np

from anime_style_tf.data.pictures import decode_png
from anime_style_tf.data.sources.names import artist_name, match_key
from anime_style_tf.errors import InputError
from anime_style_tf.exploration import artist_styles
from anime_style_tf.figures.neighbors import Row
from anime_style_tf.library.attributing import Attributor
from anime_style_tf.library.embedding import CODE, COLUMNS, StyleCoder
from anime_style_tf.library.enrolled import PORTRAIT, read_enrolled, usable
from anime_style_tf.library.opened import identities, open_index, run_attribution
from anime_style_tf.library.portraits import RecordedPortraits
from anime_style_tf.search import StyleIndex

_SHOWN = 20  # neighbors in a row of the sheet; the tables have all


class Search:
    """A run's index and attribution, with the enrolled artists, ready to be asked.

    Args:
        workdir: folder of the run.
        count: neighbors, and artists, for each picture.
        artists: answer with the works and the names of these only; a text that is nobody's name
            is several, separated by commas. None takes all. Probabilities stay those among all
            artists.
        backend: of the search; None takes that of the stage `index`.
        error_rate: in (0, 1), share of works by the run's artists that may be called unknown;
            raising it calls more works unknown.

    Raises:
        InputError: no index, one that is out of date, no such artist, a count below 1, or an
            error rate outside (0, 1).

    Attributes:
        info: content of `index.json`.
        definitions: what the distances and the other numbers are, in words.
        notes: lines on what the answers lack, and why.
    """

    def __init__(self, workdir, *, count=8, artists=None, backend=None, error_rate=0.05):
        index, table, self.info = open_index(workdir, backend=backend)
        model = run_attribution(workdir, self.info)
        self._coder = StyleCoder(workdir)
        self._recorded = RecordedPortraits(pathlib.Path(workdir) / "records")
        enrolled, self.notes = usable(
            read_enrolled(workdir), workdir, self.info["encoder_sha256"], set(table["artist"])
        )
        self._index, self._table = _with_enrolled(index, table, enrolled)
        self._enrolled_png = [png for each in enrolled for png in each.works[PORTRAIT]]
        known = sorted(set(self._table["artist"]))
        if count < 1:
            raise InputError(f"--count: expected 1 or more, received {count}")
        self._count, self._only = count, _chosen(artists, known)
        labels = np.searchsorted(known, self._table["artist"])
        self._means = StyleIndex(artist_styles(self._table[CODE], labels).means, known, known)
        self.definitions = {
            "neighbors": self.info["distance"],
            "artists": f"{self.info['distance']}: from the picture's to the mean of the artist's "
            "works in the index",
        }
        self._attribute = None
        if model is None:
            self.notes.append(self.info["attribution"]["not_fitted"])
        else:
            codes = {each.artist: each.works[CODE] for each in enrolled}
            self._attribute = Attributor(model, codes, error_rate)
            self.definitions |= self._attribute.definitions
            self.notes += self._attribute.notes

    def ask(self, portraits):
        """Looks for what is nearest to some pictures, and for who may have drawn them.

        Args:
            portraits: list of `Portrait` with images.

        Returns:
            `(rows, answers)`: a `figures.neighbors.Row` for each, and a dict of JSON values.
        """
        codes = self._coder([each.image for each in portraits])
        found = self._index.nearest(codes, self._count, artists=self._only)
        attributed = self._attribute(codes) if self._attribute else [(None, {})] * len(codes)
        ranked = self._artists(codes, [chances for _, chances in attributed])
        rows, answers = [], []
        for number, (portrait, (attribution, _)) in enumerate(
            zip(portraits, attributed, strict=True)
        ):
            works, away = found.rows[number].tolist(), found.distances[number].tolist()
            name = f"{portrait.source}#{portrait.face}" if portrait.face else portrait.source
            answers.append(
                {
                    "query": name,
                    **({} if attribution is None else {"attribution": attribution}),
                    "neighbors": [
                        {"rank": rank, **self._work(row), "distance": distance}
                        for rank, (row, distance) in enumerate(zip(works, away, strict=True), 1)
                    ],
                    "artists": ranked[number],
                }
            )
            shown = {
                "image": portrait.image,
                "name": name.rpartition("/")[2],
                "neighbors": [self._picture(row) for row in works[:_SHOWN]],
                "artists": [self._table["artist"][row] for row in works[:_SHOWN]],
                "distances": away[:_SHOWN],
            }
            rows.append(Row(**shown, **_in_short(attribution)))
        return rows, answers

    def _artists(self, codes, chances):
        """Returns the artists for each picture: the likeliest first, without chances the nearest.

        `chances`: a dict for each picture, probabilities of all artists, or empty.
        """
        near = self._means.nearest(codes, len(self._means), artists=self._only)
        result = []
        for rows, distances, chance in zip(near.rows, near.distances, chances, strict=True):
            ranked = [
                {"artist": name}
                | ({"probability": chance[name]} if chance else {})
                | {"distance": distance}
                for name, distance in zip(
                    self._means.artists[rows], distances.tolist(), strict=True
                )
            ]
            ranked.sort(key=lambda each: -each.get("probability", 0))  # stable: then the nearest
            result.append([{"rank": i, **each} for i, each in enumerate(ranked[: self._count], 1)])
        return result

    def _work(self, row):
        return {
            "artist": self._table["artist"][row],
            "work": self._table["work_id"][row],
            "source": self._table["source"][row],
            "split": self._table["split"][row] or "enrolled",
        }

    def _picture(self, row):
        recorded = len(self._table["artist"]) - len(self._enrolled_png)
        if row >= recorded:
            return decode_png(self._enrolled_png[row - recorded])
        return self._recorded.images([self._table["record"][row]])[0]


def _with_enrolled(index, table, enrolled):
    """Returns the index and its columns, the works of enrolled artists after those there are."""
    if not enrolled:
        return index, table
    works = [each.works for each in enrolled]
    columns = {name: [*table[name], *(v for w in works for v in w[name])] for name in COLUMNS}
    added = {name: values[len(table["artist"]) :] for name, values in columns.items()}
    codes = np.concatenate([each[CODE] for each in works])
    index = index.add(codes, identities(added), added["artist"])
    return index, {**columns, CODE: index.codes}


def _in_short(attribution):
    """Returns what a sheet says of an attribution, arguments of `Row`."""
    if attribution is None:
        return {}
    if attribution["unknown"]:
        return {"answer": "unknown"}
    return {"answer": attribution["artist"], "probability": attribution["probability"]}


def _chosen(artists, known):
    """Returns the names of the artists asked for, as the index has them, or None for all."""
    if not artists:
        return None
    names = []
    for text in map(artist_name, artists):
        names += [text] if text in known else [each.strip() for each in text.split(",")]
    spelled = {match_key(name): name for name in known}
    names = [name if name in known else spelled.get(match_key(name), name) for name in names]
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, 3) or known[:10]
            raise InputError(
                f"--artists: the index has none called {name!r}: give for instance "
                f"{', '.join(near)}"
            )
    return names
