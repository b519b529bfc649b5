"""Trees of files: a folder or an archive, looked at in one way."""

import collections
import contextlib
import dataclasses
import os
import pathlib

from absl import logging

from anime_style_tf.data.artwork import DamagedArtworkError
from anime_style_tf.data.litter import describe_litter, find_litter, kind_of_litter
from anime_style_tf.data.sources.encodings import check_encoding
from anime_style_tf.data.sources.files import PlainFile, check_regular, reason_of
from anime_style_tf.data.sources.names import bytes_of, is_archive, readable_path, text_of
from anime_style_tf.data.sources.tars import list_tar, unpacked
from anime_style_tf.data.sources.zips import is_zip, list_zip
from anime_style_tf.errors import InputError

OVERWRITTEN = "a later file in the archive has the same name"
NESTED = "an archive inside the input: unpack it, or give it as an input of its own"


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """A file of a tree.

    Args:
        name: path in the tree with `/`; bytes that are no UTF-8 are lone surrogates.
        place: where its bytes are, see `FileArtwork`; None if they must not be read.
        rejection: why not, or None.
    """

    name: str
    place: object = None
    rejection: str | None = None


def open_tree(path, *, cache=None, encoding=None):
    """Opens a folder or an archive.

    Args:
        path: folder, or .zip, .tar, .tar.gz, .tar.bz2, .tar.xz.
        cache: folder in which compressed tar files are unpacked, to be found there the next
            time; None unpacks them into one that goes with this process.
        encoding: of the names in an archive that does not say it; None recognizes UTF-8 and
            Japanese, see `encodings`.

    Returns:
        A tree: `walk()` yields an `Entry` for each file that is no litter, by name, and the
        first walk to its end says what it left out; `find(name)` returns the `Entry` of one file,
        litter or not, or None; `root` is its path; `wrapper` the one folder of an archive, with
        a `/`, that holds all others, or nothing.

    Raises:
        InputError: there is none, it is damaged so that nothing can be listed, or a folder or an
            unknown encoding was given with an encoding.
    """
    path = pathlib.Path(path)
    check_encoding(encoding)
    if path.is_dir():
        if encoding is not None:
            raise InputError(
                f"--archive_encoding: expected a .zip or a .tar to read with it, received the "
                f"folder {path}; leave it out"
            )
        return FolderTree(path)
    try:
        check_regular(os.stat(path))
        with open(path, "rb"):
            pass
    except (OSError, DamagedArtworkError) as error:
        raise InputError(
            f"no artworks: expected a folder, a .zip or a .tar at {path}, received "
            f"{reason_of(error)}; give its path (--input, --root or source_options)"
        ) from error
    if is_zip(path):
        return ArchiveTree(path, list_zip(path, encoding))
    return ArchiveTree(path, list_tar(path, unpacked(path, cache), encoding))


class _Tree:
    """What folders and archives have in common."""

    def __init__(self, root):
        self.root = root
        self._said = False

    def walk(self):
        """Yields the entries; see `open_tree`. Holds no more than the folders on its way."""
        litter = collections.Counter()
        any_entry = False
        for entry in self._walk(litter):
            any_entry = True
            yield entry
        # Where there is nothing else, the error that says so is the one line.
        if any_entry and litter and not self._said:
            self._said = True
            logging.info(
                "%s: left out what other programs keep there: %s",
                readable_path(self.root),
                describe_litter(litter),
            )


class FolderTree(_Tree):
    """A folder of the file system.

    Links to files are followed. Links to folders are followed where they lead out of the tree,
    each folder once in a walk.

    Args:
        root: `pathlib.Path` of the folder.
    """

    wrapper = ""

    def __init__(self, root):
        super().__init__(root)
        self._folder = os.fspath(root)

    def find(self, name):
        """Returns the `Entry` of one file or None; see `open_tree`."""
        try:
            path = f"{self._folder}/{os.fsdecode(bytes_of(name))}"
        except UnicodeEncodeError:  # no name of a file
            return None
        return self._entry(name, path) if os.path.lexists(path) else None

    def _walk(self, litter):
        real_root = os.path.realpath(self.root)
        seen = {_identity(os.stat(self.root))}
        pending = [self._scan("", self._folder, litter)]
        while pending:
            step = next(pending[-1], None)
            if step is None:
                pending.pop()
            elif isinstance(step, Entry):
                yield step
            else:
                name, item = step
                rejection = _reason_to_stay_out(item, real_root, seen)
                if rejection:
                    yield Entry(name, rejection=rejection)
                else:
                    pending.append(self._scan(f"{name}/", item.path, litter))

    def _scan(self, prefix, folder, litter):
        """Yields the entries of one folder, and `(name, item)` for each folder in it."""
        try:
            with os.scandir(folder) as items:
                listing = sorted(items, key=lambda item: os.fsencode(item.name))
        except OSError as error:
            yield Entry(
                prefix.rstrip("/"), rejection=f"a folder that cannot be read: {reason_of(error)}"
            )
            return
        for item in listing:
            name = text_of(os.fsencode(item.name))
            if kind := kind_of_litter(name):
                litter[kind] += 1
                continue
            name = prefix + name
            is_folder = False
            with contextlib.suppress(OSError):  # a link to itself
                is_folder = item.is_dir()
            yield (name, item) if is_folder else self._entry(name, item.path)

    def _entry(self, name, path):
        place = PlainFile(os.fsencode(path))  # the same for processes in any locale
        return Entry(name, place, NESTED if is_archive(name) else None)


class ArchiveTree(_Tree):
    """An archive, listed once.

    Args:
        root: `pathlib.Path` of the archive.
        entries: iterable of `(name, place, rejection)`, as in `Entry`.
    """

    def __init__(self, root, entries):
        super().__init__(root)
        self._entries = {}
        for name, place, rejection in entries:
            if rejection is None and is_archive(name):
                rejection = NESTED
            if name in self._entries:  # the later one counts, as where it is unpacked
                earlier, reason = self._entries[name]
                self._entries[_another(name, self._entries)] = (earlier, reason or OVERWRITTEN)
            self._entries[name] = (place, rejection)
        self.wrapper = _wrapper(
            name
            for name, (_, rejection) in self._entries.items()
            if rejection is None and not find_litter(name)
        )

    def find(self, name):
        """Returns the `Entry` of one file or None; see `open_tree`."""
        for known in (name, self.wrapper + name):
            if known in self._entries:
                return Entry(known, *self._entries[known])
        return None

    def _walk(self, litter):
        last = None
        for name in sorted(self._entries):
            path_and_kind = find_litter(name)
            if path_and_kind is None:
                yield Entry(name, *self._entries[name])
            elif path_and_kind != last:  # what is in one folder stands together
                litter[path_and_kind[1]] += 1
                last = path_and_kind


def _reason_to_stay_out(item, real_root, seen):
    """Returns why a folder is not walked into, or None; notes that it was."""
    try:
        if item.is_symlink():
            target = os.path.realpath(item.path)
            common = os.path.commonpath([real_root, target])
            if common == target:
                return "a link to a folder that contains it"
            if common == real_root:
                return "a link to a folder of the same input"
        identity = _identity(item.stat())
    except OSError as error:
        return f"a folder that cannot be read: {reason_of(error)}"
    if identity in seen:
        return "a link to a folder that was read before"
    seen.add(identity)
    return None


def _identity(status):
    return status.st_dev, status.st_ino


def _another(name, names):
    number = 1
    while f"{name} (no. {number} of this name)" in names:
        number += 1
    return f"{name} (no. {number} of this name)"


def _wrapper(names):
    """Finds the folder around everything: the only one at the top, with folders in it."""
    tops, deep = set(), False
    for name in names:
        top, _, below = name.partition("/")
        tops.add(top)
        deep = deep or "/" in below
        if len(tops) > 1:
            return ""
    return f"{tops.pop()}/" if deep else ""
