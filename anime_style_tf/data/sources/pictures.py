"""A source of all pictures in files, folders and archives."""

import pathlib

from anime_style_tf.data.sources.encodings import encoding_given
from anime_style_tf.data.sources.files import FileArtwork, PlainFile
from anime_style_tf.data.sources.layout import find_layout
from anime_style_tf.data.sources.names import artist_name, is_archive, readable, readable_path
from anime_style_tf.data.sources.trees import open_tree


class Pictures:
    """A source of all pictures in files, folders and archives, with artists where folders say so.

    Args:
        paths: of pictures, folders and archives. In a folder or an archive, the first folder on
            the way to a picture names its artist, below those that `layout` looks through.

    Raises:
        InputError: a folder or an archive that cannot be opened.
    """

    def __init__(self, paths, *, archive_encoding=None):
        self._said = encoding_given(archive_encoding)
        self._files = []  # path, and its tree where it is not a picture
        for path in map(pathlib.Path, paths):
            inside = path.is_dir() or is_archive(path.name)
            self._files.append(
                (str(path), open_tree(path, encoding=archive_encoding) if inside else None)
            )

    def artworks(self):
        """Yields a `FileArtwork` for each picture."""
        for path, tree in self._files:
            if tree is None:
                name = readable_path(path)
                place = PlainFile(path)
                yield FileArtwork(artist="", work_id=name, reference=name, place=place)
                continue
            layout = find_layout(entry.name for entry in tree.walk() if entry.place)
            for entry in tree.walk():
                place = layout.place(entry.name)
                yield FileArtwork(
                    artist=artist_name(place.artist),
                    work_id=readable(place.work_id),
                    reference=f"{readable_path(path).rstrip('/')}/{readable(entry.name)}",
                    rejection=entry.rejection,
                    place=entry.place,
                )

    def description(self):
        """Returns what says which pictures these are."""
        paths = [readable_path(path) for path, _ in self._files]
        return {"name": "pictures", "paths": paths, **self._said}
