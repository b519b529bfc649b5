"""What a run has learned, as one object: pictures and names in, codes, pictures and names out."""

import os
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from anime_style_tf.data.sources.given import PictureLike
from anime_style_tf.errors import InputError
from anime_style_tf.exploration import edit_dimension, interpolate_bilinear
from anime_style_tf.library.drawn_codes import check_dimension, draw_codes, moved_style
from anime_style_tf.library.opened_networks import open_networks
from anime_style_tf.library.portrait_sources import Portrait, given_portraits, only_one


def load(path: str | os.PathLike) -> "StyleSpace":
    """Opens a finished run, an exported bundle or `"pretrained"`, see `StyleSpace`."""
    return StyleSpace(path)


class StyleSpace:
    """Encoders, generator and index of a run, or of its export, behind one set of functions.

    Wherever pictures are expected, give a path of a picture, a folder or an archive; a PIL image;
    an array `[height, width, 3]` or `[pictures, height, width, 3]`, sRGB, uint8 or floats in
    [0, 1]; or a list of any of these. They are read exactly as those that the run was trained on:
    turned by EXIF, fitted into a square on black, faces cut out if the run has a detector (then
    the first face counts). What cannot be used is an `InputError` that names it. Networks are read
    when they are first used; nothing is written but by `enroll`.

    An exported bundle has no works: of it `who_drew`, `nearest` and `enroll` say what to open in
    its place, and pictures are taken as they are, without looking for faces.

    Pictures that are drawn are uint8 `[pictures, height, width, 3]`, sRGB. The same seed gives
    the same bytes, however many are drawn at once.

    Args:
        path: the folder that was given as `--workdir`; that of an exported bundle, such as
            `runs/demo/export/portraits` or one of its versions; or `"pretrained"`, the bundle that
            comes with the package.

    Raises:
        InputError: nothing of these there.
    """

    def __init__(self, path: str | os.PathLike):
        self._path = path
        self._networks = open_networks(path)

    def __repr__(self):
        """How it was opened."""
        return f"anime_style_tf.load({str(self._path)!r})"

    @property
    def artists(self) -> list[str]:
        """Names of the artists that can be asked for: the run's, then the enrolled ones."""
        return list(self._networks.styles.codes)

    @property
    def image_size(self) -> int:
        """Height and width of a portrait, pixels."""
        return self._networks.image_size

    @property
    def style_size(self) -> int:
        """k_S, dimensions of a style code."""
        return self._networks.style_size

    def portraits(self, pictures: PictureLike) -> np.ndarray:
        """Reads pictures as the run's networks see them.

        Args:
            pictures: see above.

        Returns:
            uint8 `[pictures, height, width, 3]`, sRGB.
        """
        usable, skipped = self.usable_portraits(pictures)
        if skipped:
            source, reason = skipped[0]
            raise InputError(f"{source}: {reason}: leave it out")
        return np.stack([one.image for one in usable])

    def usable_portraits(self, pictures: PictureLike) -> tuple[list[Portrait], list[tuple]]:
        """The same, but for those that cannot be used.

        Returns:
            `(usable, skipped)`: a `Portrait` of each picture that can be used, which may be given
            wherever pictures are expected, and `(source, reason)` of each other one.
        """
        made = given_portraits(pictures, self._networks.portraits)
        skipped = [(one.source, one.reason) for one in made if one.image is None]
        return [one for one in made if one.image is not None], skipped

    def style(self, pictures: PictureLike) -> np.ndarray:
        """Style codes S^(x), `[pictures, k_S]`; mean 0, variance 1 over the training works."""
        return self._networks.encode_style(self.portraits(pictures))

    def content(self, pictures: PictureLike) -> np.ndarray:
        """Content codes C(x), `[pictures, k_C]`."""
        return self.encode(pictures)[1]

    def encode(self, pictures: PictureLike) -> tuple[np.ndarray, np.ndarray]:
        """`style` and `content` of pictures that are read once."""
        return self._networks.encode(self.portraits(pictures))

    def artist_style(self, artist: str | Mapping[str, float]) -> np.ndarray:
        """The mean style code of an artist, or of several in given parts.

        Args:
            artist: a name, or a dictionary of names and weights above 0, which are divided by
                their sum.

        Returns `[k_S]`, in the units of `style`.
        """
        return self._networks.styles.of(artist)

    def draw(
        self, style: ArrayLike, content: ArrayLike, *, seed: int | Sequence[int] | None = None
    ) -> np.ndarray:
        """Draws codes: G([style, content, free]).

        Args:
            style: `[..., k_S]`.
            content: `[..., k_C]`; leading axes are broadcast.
            seed: whole number for all pictures, or one for each; decides the free code as the
                served signature `generate` does. None leaves it zero, as the paper's transfer (in
                a bundle that has no signature `draw` it is that of seed 0).

        Returns:
            uint8 `[..., height, width, 3]`, sRGB.
        """
        self._networks.need("content", "gan")
        return draw_codes(self._networks, style, content, seed=seed)

    def generate(
        self,
        artist: str | Mapping[str, float] | None = None,
        *,
        content: PictureLike | None = None,
        seed: int = 0,
        count: int = 1,
    ) -> np.ndarray:
        """Draws new portraits.

        Args:
            artist: whose style: a name or a blend, see `artist_style`; None blends two artists
                by chance in each picture.
            content: a picture to take the content from; None draws it as contents of works lie.
            seed: whole number; picture i has the seed `seed + i`, whatever `count` is.
            count: pictures, at least 1.

        Returns:
            uint8 `[count, height, width, 3]`.
        """
        if count < 1 or seed < 0:
            raise InputError(f"expected count of at least 1, seed of 0, received {count}, {seed}")
        self._networks.need("content", "gan")
        chances = [np.random.default_rng((seed + i, 1)) for i in range(count)]
        if content is None:
            density = self._networks.content_density
            contents = np.concatenate([density.sample(chance, 1) for chance in chances])
        else:
            contents = self._networks.encode(only_one(self.portraits(content)))[1]
        if artist is None:
            styles = np.stack([self._networks.styles.random_blend(chance) for chance in chances])
        else:
            styles = np.broadcast_to(self.artist_style(artist), (count, self.style_size))
        return self.draw(styles, contents, seed=seed + np.arange(count))

    def transfer(self, *, content: PictureLike, style: PictureLike) -> np.ndarray:
        """Draws what `content` shows in the style of `style`: G([S(y), C(x), 0]).

        Args:
            content: pictures.
            style: one picture for all, or one for each.

        Source: Xiang & Li (2018), figure 7.
        """
        return self.draw(self.style(style), self.content(content))

    def reconstruct(self, pictures: PictureLike, *, refine: int = 0) -> np.ndarray:
        """Draws pictures anew: G([S(x), C(x), 0]).

        Args:
            pictures: see above.
            refine: steps by which codes are first brought nearer, see `library.inversion`; the same
                steps give the same bytes. Of a run only, not of its export.
        """
        images = self.portraits(pictures)
        style, content = self._networks.encode(images)
        if not refine:
            return self.draw(style, content)
        self._networks.need("gan")
        codes = self._networks.refined(images, style, content, steps=refine)
        return draw_codes(self._networks, *codes[:2], free=codes[2])

    def grid(self, pictures: PictureLike, *, rows: int = 5, columns: int = 5) -> np.ndarray:
        """Draws the way between two or four pictures.

        Between two, columns go from the style of the first to that of the second, and rows from
        the content of the first to that of the second. Between four they are the corners, and both
        codes change.

        Args:
            pictures: two, or four: top left, top right, bottom left, bottom right.
            rows: at least 2.
            columns: at least 2.

        Returns:
            uint8 `[rows, columns, height, width, 3]`.
        """
        style, content = self.encode(pictures)
        if len(style) not in (2, 4) or min(rows, columns) < 2:
            raise InputError(
                f"grid: expected 2 or 4 pictures and at least 2 rows and columns, received "
                f"{len(style)} pictures, {rows} rows and {columns} columns"
            )
        if len(style) == 2:
            style, content = style[[0, 1, 0, 1]], content[[0, 0, 1, 1]]
        return self.draw(
            interpolate_bilinear(style, rows, columns), interpolate_bilinear(content, rows, columns)
        )

    def slide(
        self, picture: PictureLike, dimension: int, values: Sequence[float] = (-2, -1, 0, 1, 2)
    ) -> np.ndarray:
        """Draws a picture with one style dimension at given values and all else as it is.

        Args:
            picture: one picture.
            dimension: from 0, the most telling first.
            values: in standard deviations over the training works.

        Returns:
            uint8 `[values, height, width, 3]`.
        """
        style, content = self._networks.encode(only_one(self.portraits(picture)))
        check_dimension(dimension, self.style_size)
        return self.draw(edit_dimension(style, dimension, values)[0], content)

    def edit(self, pictures: PictureLike, shifts: Mapping[int, float]) -> np.ndarray:
        """Draws pictures with some style dimensions moved.

        Args:
            pictures: see above.
            shifts: dictionary of dimensions, from 0, and how far each is moved, in standard
                deviations over the training works.
        """
        style, content = self.encode(pictures)
        return self.draw(moved_style(style, shifts), content)

    def who_drew(self, pictures: PictureLike, count: int = 5) -> list[dict[str, Any]]:
        """Ranks the artists who may have drawn each picture, see `library.catalog`.

        Returns:
            A dictionary for each picture: `artist`, `probability`, `p_value`, `unknown` (None
            where the run has too few works for them), and `ranked`: a list of `count` artists.
        """
        catalog = self._networks.catalog
        none = dict.fromkeys(("artist", "probability", "p_value", "unknown"))
        return [
            {**(none if attribution is None else attribution), "ranked": ranked[:count]}
            for attribution, ranked in catalog.who_drew(catalog.coder(self.portraits(pictures)))
        ]

    def nearest(
        self, pictures: PictureLike, count: int = 8, *, artists: Sequence[str] | None = None
    ) -> list[list[dict[str, Any]]]:
        """Finds the works nearest in style to each picture.

        Args:
            pictures: see above.
            count: works for each, at least 1.
            artists: names; among their works only.

        Returns a list for each picture of dictionaries with `artist`, `work`, `distance` and, of a
        run, `source` and `split`, the nearest first. An exported model finds 20 at most, among all.
        """
        catalog = self._networks.catalog
        artists = catalog.named(artists)
        codes = catalog.coder(self.portraits(pictures))
        return catalog.nearest_works(codes, count, artists=artists)

    def enroll(self, artist: str, pictures: PictureLike, *, overwrite: bool = False) -> list[str]:
        """Makes an artist known by name, without training; an exported model forgets it at the end.

        Args:
            artist: name, in any script; none of the run's own.
            pictures: all by that artist.
            overwrite: replace an enrolled artist of that name.

        Returns lines on what was enrolled.
        """
        made = given_portraits(pictures, self._networks.portraits)
        lines, unusable = self._networks.enroll(artist, made, overwrite=overwrite)
        return lines + [f"skipped: {source}: {reason}" for source, reason in unusable]
