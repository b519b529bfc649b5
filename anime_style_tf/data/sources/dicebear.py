"""Portraits drawn on this machine in the styles of named designers, from the dicebear packages.

Subject number n is asked of every style with the same background, flip, skin, hair color and so
on, as far as a style has them: the styles' works of one subject have matched content.
"""

import dataclasses
import functools
import importlib.metadata
import importlib.resources
import importlib.util
import io
import json
from collections.abc import Iterator, Sequence
from typing import Any

from PIL import Image

from anime_style_tf.data.artwork import Artwork, DamagedArtworkError
from anime_style_tf.data.sources.dicebear_content import (
    STYLES,
    draw,
    style_options,
    subject_factors,
)
from anime_style_tf.errors import InputError

SUPERSAMPLING = 2  # drawn at this many times the size, then averaged: softer, even edges
DEFAULT_SIZE = 512  # where no size is asked for


@dataclasses.dataclass(frozen=True, kw_only=True)
class DicebearArtwork(Artwork):
    """One subject in one style; `artist` is the style.

    Args:
        seed: of the whole set.
        subject: number of the subject, the same for all styles.
    """

    seed: int
    subject: int

    def stamp(self):
        """Returns the versions of the packages that draw it."""
        return " ".join(_versions().values())

    def read(self):
        """Composes the portrait as an SVG; see `Artwork.read`."""
        from dicebear import Avatar

        options, factors = style_options(self.artist, subject_factors(self.seed, self.subject))
        # The style draws the rest by itself. Seeds are hashes: near seeds look alike.
        seed = f"{draw(f'{self.seed}/{self.subject}/{self.artist}'):016x}"
        avatar = Avatar(load_style(self.artist), {**options, "seed": seed})
        chosen = {
            name: value
            for name, value in sorted(avatar.to_json()["options"].items())
            if name.endswith(("Variant", "Color"))
        }
        return avatar.to_string().encode(), {**factors, "options": chosen}

    def decode(self, data, *, image_size, max_pixels):
        """Draws the SVG at `image_size`, 512 if None; see `Artwork.decode`. All is covered."""
        import resvg_py

        size = image_size or DEFAULT_SIZE
        side = SUPERSAMPLING * size
        if side * side > max_pixels:
            raise DamagedArtworkError(
                f"drawn with {side} x {side} pixels, the limit is {max_pixels} (max_pixels)"
            )
        # Given in the SVG too: resvg rounds differently where it has to scale.
        svg = data.decode().replace("<svg ", f'<svg width="{side}" height="{side}" ', 1)
        try:
            png = resvg_py.svg_to_bytes(
                svg_string=svg, skip_system_fonts=True, width=side, height=side
            )
        except ValueError as error:
            raise DamagedArtworkError(f"resvg: {error}") from error
        with Image.open(io.BytesIO(png)) as drawing:
            picture = drawing.convert("RGB").reduce(SUPERSAMPLING)
        picture.putalpha(255)
        return picture


class DicebearSource:
    """Draws `works_per_artist` subjects in each style; no network, nothing to download.

    Args:
        works_per_artist: number of subjects; raising it adds works and changes none.
        seed: another seed gives other subjects.
        styles: names of dicebear styles, a subset of `STYLES`; None takes all 14.

    Raises:
        InputError: the packages are missing, a style is unknown, or there is nothing to draw.
    """

    def __init__(
        self, *, works_per_artist: int = 200, seed: int = 0, styles: Sequence[str] | None = None
    ):
        for package in ("dicebear", "dicebear_styles", "resvg_py"):
            if importlib.util.find_spec(package) is None:
                raise InputError(
                    f"source 'dicebear' needs the package {package}, which is not installed: "
                    "pip install 'anime_style_tf[dicebear]'"
                )
        self.styles = tuple(STYLES) if styles is None else tuple(styles)
        unknown = sorted(set(self.styles) - set(STYLES))
        if unknown or not self.styles:
            raise InputError(
                f"dicebear styles: expected some of {', '.join(STYLES)}; received "
                f"{', '.join(unknown) or 'none'}"
            )
        if works_per_artist < 1:
            raise InputError(f"works_per_artist: expected at least 1, received {works_per_artist}")
        self.works_per_artist = works_per_artist
        self.seed = seed

    def artworks(self) -> Iterator[Artwork]:
        """Yields a `DicebearArtwork` for each style and subject, by style."""
        for style in self.styles:
            for subject in range(self.works_per_artist):
                yield DicebearArtwork(
                    artist=style,
                    work_id=f"subject-{self.seed}-{subject:06d}",
                    reference=f"dicebear {style}, seed {self.seed}, subject {subject}",
                    seed=self.seed,
                    subject=subject,
                )

    def description(self) -> dict[str, Any]:
        """Returns what `info.json` says about the source."""
        return {
            "name": "dicebear",
            "works_per_artist": self.works_per_artist,
            "seed": self.seed,
            "styles": list(self.styles),
            "packages": dict(_versions()),
        }

    def attribution(self) -> str | None:
        """Returns the designers, licenses and sources of the styles, as Markdown."""
        rows = [
            "# Attribution",
            "",
            "The pictures in these records were drawn by `dicebear-core` from the definitions",
            "in `dicebear-styles`, which are remixes of the designs below. Whoever passes the",
            "pictures on passes this file on with them.",
            "",
            "| style | designer | design | license |",
            "|---|---|---|---|",
        ]
        for style in self.styles:
            meta = _definition(style)["meta"]
            creator, source, license_ = (
                f"[{meta[part]['name']}]({meta[part]['url']})"
                for part in ("creator", "source", "license")
            )
            rows.append(f"| {style} | {creator} | {source} | {license_} |")
        return "\n".join(rows) + "\n"


@functools.cache
def _versions():
    packages = ("dicebear-core", "dicebear-styles", "resvg-py")
    return {package: importlib.metadata.version(package) for package in packages}


@functools.cache
def load_style(name):
    """Returns the parsed style; parsing takes up to a second, so once in each process."""
    from dicebear import Style

    return Style(_definition(name))


def _definition(name):
    file = importlib.resources.files("dicebear_styles") / f"{name}.json"
    return json.loads(file.read_text("utf-8"))
