"""Posts of Danbooru's metadata: today's, or those of the Danbooru20xx sets."""

import dataclasses
import re

from anime_style_tf.data.litter import kind_of_litter
from anime_style_tf.data.sources.files import reason_of
from anime_style_tf.data.sources.json_objects import EXPECTED, DamagedLineError, read_objects
from anime_style_tf.data.sources.streams import READ_ERRORS, WIDE, open_bytes
from anime_style_tf.data.sources.tables import without_fraction
from anime_style_tf.errors import InputError

_MAX_TAGS = 256  # of one kind that are kept
_PICTURES = ("jpg", "jpeg", "png", "webp", "gif", "avif")
_SMALLER = ("jpg", "png", "webp")  # endings of the reduced copies that some sets hold instead
_FLAGS = {"is_banned": "banned on Danbooru", "is_deleted": "deleted on Danbooru"}


@dataclasses.dataclass(frozen=True)
class Post:
    """What is used of a post.

    Args:
        id: its number.
        md5: of the original file, hexadecimal, or nothing.
        extension: of the original file, without a dot, or nothing.
        rating: one letter, or nothing.
        artists: tags of artists.
        tags: general tags.
        characters: tags of characters.
        flags: why it should not be used, or None.
    """

    id: int
    md5: str
    extension: str
    rating: str
    artists: tuple[str, ...]
    tags: tuple[str, ...]
    characters: tuple[str, ...]
    flags: str | None

    def names(self):
        """Yields the paths at which its picture may be, in any of the usual layouts."""
        for extension in dict.fromkeys((self.extension, *_SMALLER)):
            if not extension:
                continue
            yield f"{self.id % 1000:04d}/{self.id}.{extension}"
            yield f"{self.id}.{extension}"
            if self.md5:
                yield f"{self.md5[:2]}/{self.md5[2:4]}/{self.md5}.{extension}"
                yield f"{self.md5}.{extension}"

    def rejection(self, ratings, artists):
        """Returns why it is not to be used, or None.

        Args:
            ratings: letters that are allowed.
            artists: names of its artists, aliases resolved, each once.
        """
        if self.flags:
            return self.flags
        if "banned_artist" in self.artists:
            return "by an artist banned on Danbooru"
        if self.rating not in ratings:
            return f"rating {self.rating or 'missing'}, expected {' or '.join(ratings)}"
        if len(artists) != 1:
            return f"{len(artists)} artists, expected 1"
        if self.extension and self.extension not in _PICTURES:
            return f"a {self.extension} file, not a picture"
        return None


def metadata_files(path):
    """Returns the files of the metadata: the file itself, or those of a folder by name.

    Args:
        path: `pathlib.Path`.

    Raises:
        InputError: there is none, or one is of another kind.
    """
    try:
        files = [path]
        if path.is_dir():
            files = sorted(
                file for file in path.iterdir() if file.is_file() and not kind_of_litter(file.name)
            )
        for file in files:
            with open_bytes(file, expected=EXPECTED) as opened:
                if opened.read(2) in WIDE:
                    raise InputError(f"{file}: expected {EXPECTED}, in UTF-8, received UTF-16; "
                                     "save it as UTF-8")  # fmt: skip
    except READ_ERRORS as error:
        raise InputError(
            f"{path}: expected {EXPECTED}, or a folder of such files, received {reason_of(error)}"
        ) from error
    if not files:
        raise InputError(f"{path}: expected files of {EXPECTED}, received none")
    return files


def read_posts(file):
    """Reads posts, in any of the forms of `json_objects`.

    Args:
        file: `pathlib.Path`.

    Yields:
        `(place, post)`: where it is in the file, for a person, each another, and a `Post`, or a
        `DamagedLineError` that says what is wrong.
    """
    for place, fields in read_objects(file):
        try:
            yield place, fields if isinstance(fields, DamagedLineError) else _post(fields)
        except DamagedLineError as error:
            yield place, error


def _post(fields):
    if not isinstance(fields, dict):
        raise DamagedLineError("no post: expected an object")
    return Post(
        id=_number(fields.get("id")),
        md5=_matching(r"[0-9a-f]{32}", fields.get("md5")),
        extension=_matching(r"[0-9a-z]{1,8}", fields.get("file_ext")),
        rating=_matching(r"[a-z]{1,16}", fields.get("rating"))[:1],
        artists=_tags(fields, "artist", "1"),
        tags=_tags(fields, "general", "0")[:_MAX_TAGS],
        characters=_tags(fields, "character", "4")[:_MAX_TAGS],
        flags=next((why for flag, why in _FLAGS.items() if _is_set(fields.get(flag))), None),
    )


def _number(value):
    """Returns the id, which older sets write as text, and pandas as `1000.0`."""
    text = without_fraction(str(value) if isinstance(value, int | float) else _text(value))
    if not re.fullmatch(r"[0-9]{1,15}", text):
        raise DamagedLineError(f"no post: expected a number as id, received {value!r:.40}")
    return int(text)


def _matching(pattern, value):
    """Returns text that may become part of a path, or nothing."""
    text = _text(value).lower()
    return text if re.fullmatch(pattern, text, re.ASCII) else ""


def _text(value):
    return value if isinstance(value, str) else ""


def _tags(fields, kind, category):
    """Returns the tags of one kind, each once: `tag_string_KIND`, or `tags` with categories."""
    joined = fields.get(f"tag_string_{kind}")
    if isinstance(joined, str):
        return tuple(dict.fromkeys(joined.split()))
    tags = fields.get("tags")
    named = [tag for tag in tags if isinstance(tag, dict)] if isinstance(tags, list) else []
    names = (_text(tag.get("name")) for tag in named if str(tag.get("category")) == category)
    return tuple(dict.fromkeys(filter(None, names)))


def _is_set(flag):
    return flag is True or str(flag).lower() in ("true", "t", "1")
