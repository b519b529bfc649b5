"""Artworks from Danbooru-style metadata beside a tree of images."""

import json
import os
import pathlib

from anime_style_tf.data.sources.aliases import Aliases
from anime_style_tf.data.sources.encodings import encoding_given
from anime_style_tf.data.sources.files import FileArtwork
from anime_style_tf.data.sources.names import artist_name, bytes_of, readable, readable_path
from anime_style_tf.data.sources.posts import DamagedLineError, metadata_files, read_posts
from anime_style_tf.data.sources.seen import Seen
from anime_style_tf.data.sources.trees import open_tree
from anime_style_tf.errors import InputError

NO_METADATA = "no metadata"
RATINGS = {"g": "general", "s": "sensitive, or safe", "q": "questionable", "e": "explicit"}


class DanbooruSource:
    """Reads posts in the order of the metadata, then names the images without any.

    The metadata are JSON objects, see `json_objects`, with `id`, `md5`, `file_ext`, `rating` and
    `tag_string_artist`, or `tags` with categories as in the Danbooru20xx sets. The image of a
    post is looked for in the usual places: `<id % 1000, 4 digits>/<id>.<ext>`, `<id>.<ext>`,
    `<md5[:2]>/<md5[2:4]>/<md5>.<ext>` and `<md5>.<ext>`, with the post's ending or that of a
    reduced copy. Only posts by one artist, neither banned nor deleted, are used; the others are
    rejected with the reason. The identity of a work is the post's id.

    Args:
        path: metadata, one file or a folder of files.
        root: folder or archive with the images; None takes the folder of `path`.
        ratings: letters of `RATINGS` that are used. `s` meant safe until 2022, when `g` was
            split from it.
        aliases: table (.csv, .tsv or .parquet) with the columns `alias` and `canonical`: other
            names of artists; None knows no others.
        cache: see `FolderSource`.
        archive_encoding: see `FolderSource`.

    Raises:
        InputError: a file is missing or of another kind, a rating is unknown, or aliases form
            a circle; `artworks()` raises it where the metadata hold no post at all.
    """

    def __init__(
        self,
        *,
        path,
        root=None,
        ratings=("g", "s"),
        aliases=None,
        cache=None,
        archive_encoding=None,
    ):
        self.path = pathlib.Path(path)
        self.archive_encoding = archive_encoding
        self.root = self.path.parent if root is None else pathlib.Path(root)
        self.ratings = tuple(ratings)
        if not self.ratings or not set(self.ratings) <= set(RATINGS):
            raise InputError(
                f"ratings: expected some of {', '.join(RATINGS)}, received "
                f"{', '.join(self.ratings) or 'none'}"
            )
        self.aliases = aliases
        self.other_names = Aliases(aliases)
        tables = [self.path] if aliases is None else [self.path, aliases]
        self._tables = [os.fsencode(os.path.realpath(table)) for table in tables]
        metadata_files(self.path)
        self._tree = open_tree(self.root, cache=cache, encoding=archive_encoding)

    def artworks(self):
        """Yields a `FileArtwork` for each post, then for each image without one."""
        sound, damaged = 0, []  # of the damaged the first alone, which says what is wrong
        with Seen() as seen:
            for file in metadata_files(self.path):
                for place, post in read_posts(file):
                    where = f"{readable(file.name)}, {place}"
                    if isinstance(post, DamagedLineError):
                        damaged = damaged or [f"{where}: {post}"]
                    else:
                        sound += 1
                    yield self._artwork(post, where, seen)
            if not sound:
                first = damaged[0] if damaged else "nothing"
                raise InputError(
                    f"{self.path}: expected posts, received none at all; {first}; give Danbooru's "
                    "metadata, in JSON"
                )
            for entry in self._tree.walk():
                name = readable(entry.name)
                if name not in seen and not self._is_table(entry):
                    yield _refused(name, entry.rejection or NO_METADATA, entry.place)

    def description(self):
        """Returns what `info.json` says about the source."""
        return {
            "name": "danbooru",
            "path": readable_path(self.path),
            "root": readable_path(self.root),
            "ratings": list(self.ratings),
            "aliases": None if self.aliases is None else readable_path(self.aliases),
            **encoding_given(self.archive_encoding),
        }

    def attribution(self):
        """Returns None: whose the works are is in the metadata."""
        return None

    def _artwork(self, post, line, seen):
        if isinstance(post, DamagedLineError):
            return _refused(line, str(post))
        entry = next(filter(None, map(self._tree.find, post.names())), None)
        reference = f"post {post.id}" if entry is None else readable(entry.name)
        # Evaluated both: the post is noted, and its file.
        if not all([seen.add(f"id {post.id}"), seen.add(reference)]):
            return _refused(line, f"post {post.id} was described before")
        artists = sorted({self.other_names.canonical(tag) for tag in post.artists})
        rejection = post.rejection(self.ratings, artists)
        return FileArtwork(
            artist=artist_name(artists[0]) if len(artists) == 1 else "",
            work_id=str(post.id),
            reference=reference,
            rejection=rejection or (entry and entry.rejection),
            place=entry and entry.place,
            factors=json.dumps(
                {
                    "post": post.id,
                    "rating": post.rating,
                    "tags": [readable(tag) for tag in post.tags],
                    "characters": [readable(tag) for tag in post.characters],
                }
            ),
        )

    def _is_table(self, entry):
        """Tells whether a file is the metadata or the aliases, which are no images."""
        path = os.path.join(os.fsencode(self._tree.root), bytes_of(entry.name))
        path = os.path.realpath(path)
        return any(path == table or path.startswith(table + b"/") for table in self._tables)


def _refused(reference, rejection, place=None):
    return FileArtwork(
        artist="", work_id=reference, reference=reference, rejection=rejection, place=place
    )
