"""Makes the page on which a person rejects portraits, and reads back what was rejected."""

import base64
import dataclasses
import functools
import hashlib
import io
import json
import pathlib
import string

from PIL import Image

from anime_style_tf.errors import InputError
from anime_style_tf.replacing import replacing

THUMBNAIL_SIDE = 96
_QUALITY = 80  # of the thumbnails: about 2 KB each
_PARTS = pathlib.Path(__file__).parent / "review_page"
_SCRIPTS = ("csv.js", "store.js", "tiles.js", "moves.js", "actions.js")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Candidate:
    """A portrait that a person is to look at.

    Args:
        source: reference of the file or recipe that it was made of.
        face: dict with `number`, which of the source's faces it is, and `likelihood`, the
            detector's certainty in `[0, 1]`; empty where there was no detector.
        artist: name of the artist.
        split: `train` or `test`.
        image: an encoded picture, `bytes`, of any size.
    """

    source: str
    face: dict
    artist: str
    split: str
    image: bytes


def write_review(candidates, output, *, name, checksum, works_per_page=3000, columns=None):
    """Writes the portraits as pages that need nothing else, no network either.

    Artists come in the order of their names; within an artist the least likely face is first,
    and portraits without a likelihood are last.

    Args:
        candidates: iterable of `Candidate`; only the thumbnails are kept in memory.
        output: path of the page. If one is not enough, a number is added: `review-000.html`.
        name: title of the pages.
        checksum: names the records: the browser keeps the rejects under it.
        works_per_page: portraits on a page, at most. An artist is divided only if one page does
            not hold all of the artist's; raising it leaves fewer, slower pages.
        columns: thumbnails in a row; None takes as many as the window holds.

    Returns:
        List of the `pathlib.Path` written.

    Raises:
        InputError: there are no portraits, or a page is to hold fewer than one.
    """
    output = pathlib.Path(output)
    artists = _by_artist(candidates)
    if not artists or works_per_page < 1:
        raise InputError(
            f"review {output}: expected at least 1 portrait and works_per_page of at least 1, "
            f"received {len(artists)} artists and {works_per_page}; choose others"
        )
    pages = list(_paginate(artists, works_per_page))
    paths = [output]
    if len(pages) > 1:
        suffix = output.suffix or ".html"
        paths = [output.with_name(f"{output.stem}-{n:03d}{suffix}") for n in range(len(pages))]
    output.parent.mkdir(parents=True, exist_ok=True)
    fill = _template()
    for number, (path, page) in enumerate(zip(paths, pages, strict=True)):
        data = {
            "name": name,
            "checksum": checksum,
            "columns": columns,
            "page": number,
            "pages": [path.name for path in paths],
            "artists": page,
        }
        # In a script element only a "<" could end the element, and JSON may escape it anywhere.
        text = json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")
        with replacing(path) as unfinished:
            unfinished.write_text(fill(data=text), "utf-8")
    return paths


def _by_artist(candidates):
    """Returns what the page needs of each artist, in order: dicts with name and portraits."""
    portraits = {}
    for candidate in candidates:
        portraits.setdefault(candidate.artist, []).append(
            {
                "source": candidate.source,
                "face": candidate.face.get("number"),
                "likelihood": candidate.face.get("likelihood"),
                "split": candidate.split,
                "thumbnail": _thumbnail(candidate.image),
            }
        )
    return [
        {"name": artist, "portraits": sorted(portraits[artist], key=_urgency)}
        for artist in sorted(portraits)
    ]


def _urgency(portrait):
    likelihood, face = portrait["likelihood"], portrait["face"]
    return (
        likelihood is None,
        likelihood or 0.0,
        portrait["source"],
        -1 if face is None else face,
    )


def _thumbnail(data):
    """Returns a small WebP, in base 64."""
    with Image.open(io.BytesIO(data)) as picture:
        small = picture.convert("RGB")
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    encoded = io.BytesIO()
    small.save(encoded, "WEBP", quality=_QUALITY)
    return base64.b64encode(encoded.getvalue()).decode("ascii")


def _paginate(artists, works_per_page):
    """Yields lists of artists as `_by_artist` gives them, with so many portraits at most."""
    page, room = [], works_per_page
    for artist in artists:
        for start in range(0, len(artist["portraits"]), works_per_page):
            portraits = artist["portraits"][start : start + works_per_page]
            if len(portraits) > room:
                yield page
                page, room = [], works_per_page
            page.append({"name": artist["name"], "portraits": portraits})
            room -= len(portraits)
    yield page


def _template():
    """Returns a function `data -> page`; its policy admits its own style and script alone."""
    style = (_PARTS / "page.css").read_text("utf-8")
    script = "\n".join((_PARTS / name).read_text("utf-8") for name in _SCRIPTS)
    return functools.partial(
        string.Template((_PARTS / "page.html").read_text("utf-8")).substitute,
        style=style,
        style_hash=_hash(style),
        script=script,
        script_hash=_hash(script),
    )


def _hash(text):
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest())
    return f"sha256-{digest.decode('ascii')}"
