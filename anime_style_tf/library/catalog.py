"""The works of a run and of its enrolled artists: what is nearest to a code, and who drew it."""

import difflib
import pathlib

import numpy as np

from anime_style_tf.data.pictures import decode_png
from anime_style_tf.data.sources.names import artist_name, spelled_as
from anime_style_tf.errors import InputError
from anime_style_tf.exploration import artist_styles
from anime_style_tf.library.attributor import Attributor
from anime_style_tf.library.embedding import CODE, COLUMNS, StyleCoder
from anime_style_tf.library.enrolled_artists import PORTRAIT, read_enrolled, usable
from anime_style_tf.library.index_folder import identities, open_index, run_attribution
from anime_style_tf.library.portrait_sources import RecordedPortraits
from anime_style_tf.search import StyleIndex


class Catalog:
    """A run's index and attribution, with the enrolled artists, ready to be asked.

    Codes in, arrays and plain values out; `coder` makes the codes.

    Args:
        workdir: folder of the run.
        backend: of the search; None takes that of the stage `index`.
        error_rate: in (0, 1), share of works by the run's artists that may be called unknown;
            raising it calls more works unknown.

    Raises:
        InputError: no index, one that is out of date, no such backend, or an error rate outside
            (0, 1).

    Attributes:
        title: where is searched, for a sheet.
        coder: the run's `StyleCoder`.
        index: `StyleIndex` of all works, those of the enrolled artists last.
        artists: names of all artists, sorted.
        info: content of `index.json`.
        definitions: what the distances and the other numbers are, in words.
        notes: lines on what the answers lack, and why.
    """

    title = "Nearest works in style space"
    look_for = "Look along a row for one artist: line, shading, color; the subject need not return."

    def __init__(self, workdir, *, backend=None, error_rate=0.05):
        index, columns, self.info = open_index(workdir, backend=backend)
        model = run_attribution(workdir, self.info)
        self.coder = StyleCoder(workdir)
        self._records = RecordedPortraits(pathlib.Path(workdir) / "records")
        enrolled, self.notes = usable(
            read_enrolled(workdir), workdir, self.info["encoder_sha256"], set(columns["artist"])
        )
        self.index, self._columns = _with_enrolled(index, columns, enrolled)
        self._enrolled_png = [png for artist in enrolled for png in artist.works[PORTRAIT]]
        self._name_artists()
        self.definitions = {
            "neighbors": self.info["distance"],
            "artists": f"{self.info['distance']}: from the picture's to the mean of the artist's "
            "works in the index",
        }
        self._attributor = None
        if model is None:
            self.notes.append(self.info["attribution"]["not_fitted"])
        else:
            codes = {artist.artist: artist.works[CODE] for artist in enrolled}
            self._attributor = Attributor(model, codes, error_rate)
            self.definitions |= self._attributor.definitions
            self.notes += self._attributor.notes

    def _name_artists(self):
        """Names the artists of the works, and puts their means into an index."""
        self.artists = sorted(set(self._columns["artist"]))
        labels = np.searchsorted(self.artists, self._columns["artist"])
        means = artist_styles(self._columns[CODE], labels).means
        self._means = StyleIndex(means, self.artists, self.artists)

    @property
    def attribution(self):
        """The `attribution.Attribution` with the enrolled artists; None if there is none."""
        return None if self._attributor is None else self._attributor.model

    def nearest(self, codes, count, *, artists=None):
        """Finds the works nearest to some codes.

        Args:
            codes: `[queries, k_S]`, as `coder` gives them.
            count: works for each, at least 1.
            artists: among the works of these names only; None takes all.

        Returns:
            `search.NearestWorks`; its rows are what `work` and `picture` take.
        """
        return self.index.nearest(codes, count, artists=artists)

    def nearest_works(self, codes, count, *, artists=None):
        """The same, as a list for each code of dictionaries as `work` gives them.

        Each has a `distance` too; the nearest comes first.
        """
        near = self.nearest(codes, count, artists=artists)
        return [
            [self.work(row) | {"distance": far} for row, far in zip(rows, distances, strict=True)]
            for rows, distances in zip(near.rows, near.distances.tolist(), strict=True)
        ]

    def who_drew(self, codes, *, artists=None):
        """Ranks the artists for each work: the likeliest first, the nearest without probabilities.

        Args:
            codes: `[queries, k_S]`, as `coder` gives them.
            artists: rank these names only; None ranks all. Probabilities stay those among all.

        Returns:
            A pair for each work: a dict with the likeliest `artist` of all, its `probability`,
            `p_value` and `unknown`, None where the run has too few works for an attribution; and a
            list of dicts with `artist`, `probability` (where there is one) and `distance`.
        """
        if self._attributor is None:
            attributions = [(None, {})] * len(codes)
        else:
            attributions = self._attributor(codes)
        near = self._means.nearest(codes, len(self._means), artists=artists)
        answers = []
        for (attribution, chances), rows, distances in zip(
            attributions, near.rows, near.distances, strict=True
        ):
            names = self._means.artists[rows]
            ranked = [
                {"artist": name}
                | ({"probability": chances[name]} if chances else {})
                | {"distance": distance}
                for name, distance in zip(names, distances.tolist(), strict=True)
            ]
            # The sort is stable: of equally likely artists the nearest comes first.
            ranked.sort(key=lambda artist: -artist.get("probability", 0))
            answers.append((attribution, ranked))
        return answers

    def named(self, artists):
        """Reads names of artists as a person types them.

        Args:
            artists: texts; one that is nobody's name is several names, separated by commas.

        Returns:
            The names as `artists` has them, or None for none, which asks for all.

        Raises:
            InputError: no artist of that name.
        """
        if not artists:
            return None
        names = []
        for text in map(artist_name, artists):
            names += [text] if text in self.artists else [name.strip() for name in text.split(",")]
        names = [spelled_as(name, self.artists) or name for name in names]
        for name in names:
            if name not in self.artists:
                alike = difflib.get_close_matches(name, self.artists, 3) or self.artists[:10]
                raise InputError(
                    f"--artists: the index has none called {name!r}: give for instance "
                    f"{', '.join(alike)}"
                )
        return names

    def work(self, row):
        """Returns a work's `artist`, `work` (its identity), `source` and `split`."""
        return {
            "artist": self._columns["artist"][row],
            "work": self._columns["work_id"][row],
            "source": self._columns["source"][row],
            "split": self._columns["split"][row] or "enrolled",
        }

    def picture(self, row):
        """Returns a work's portrait, uint8 `[height, width, 3]`, sRGB."""
        recorded = len(self.index) - len(self._enrolled_png)
        if row >= recorded:
            return decode_png(self._enrolled_png[row - recorded])
        return self._records.images([self._columns["record"][row]])[0]


def _with_enrolled(index, columns, enrolled):
    """Returns the index and its columns, the works of enrolled artists after those there are."""
    if not enrolled:
        return index, columns
    works = [artist.works for artist in enrolled]
    columns = {name: [*columns[name], *(v for w in works for v in w[name])] for name in COLUMNS}
    added = {name: values[len(index) :] for name, values in columns.items()}
    codes = np.concatenate([work[CODE] for work in works])
    index = index.add(codes, identities(added), added["artist"])
    return index, {**columns, CODE: index.codes}
