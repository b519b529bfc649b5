"""A finished set of records as it lies on disk, sound or not.

`reader.Records` is one for training, all of whose files are there.
"""

import hashlib
import json
import pathlib

import pyarrow as pa
from google.protobuf.message import DecodeError

from anime_style_tf.data.ledger import COLUMNS, LEDGER, read_ledger
from anime_style_tf.data.progress import bar
from anime_style_tf.data.schema import FIELDS, INT64
from anime_style_tf.data.shards import (
    INFO,
    SPLITS,
    check_format,
    damaged_files,
    shards_of,
)
from anime_style_tf.data.tfrecord import FRAME_HEAD, FRAME_TAIL, Example, read_frame
from anime_style_tf.errors import InputError
from anime_style_tf.text import one_line

_SEE = "anime-style verify says all that is damaged"
_NEVER_NULL = (
    "input", "reference", "artist", "work_id", "verdict", "numbers", "shards", "offsets",
    "lengths", "fingerprints",
)  # fmt: skip
_KEYS = {
    "image_size": int, "inputs": list, "rendering": dict, "rules": dict, "opt_outs": dict,
    "verdicts": dict, "counts": dict, "artists": list, "dropped_artists": list, "files": list,
}  # fmt: skip


class DamagedRecordError(Exception):
    """A record cannot be read; the message says why."""


class StoredSet:
    """A folder with `info.json`.

    Args:
        path: the folder.

    Attributes:
        path: the folder.
        info: content of `info.json`.
        artists: names, by label.
        image_size: height and width in pixels.
        shards: dict split -> what `info.json` says of its shards, a dict each, by number.

    Raises:
        InputError: no `info.json`, or one of another form.
    """

    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.info = _read_info(self.path / INFO)
        self.artists = [artist["name"] for artist in self.info["artists"]]
        self.image_size = self.info["image_size"]
        self.shards = {split: shards_of(self.info["files"], split) for split in SPLITS}

    def ledger(self):
        """Yields the rows of the ledger, see `ledger.COLUMNS`.

        Raises:
            InputError: it is missing, damaged, or has other columns.
        """
        rows = read_ledger(self.path)
        while True:
            try:
                row = next(rows, None)
            except (OSError, ValueError, pa.ArrowException) as error:
                raise InputError(
                    f"{self.path / LEDGER}: expected the ledger as written, received "
                    f"{one_line(f'{type(error).__name__}: {error}')}; copy it again"
                ) from error
            if row is None:
                return
            if row.keys() != COLUMNS.keys() or any(row[name] is None for name in _NEVER_NULL):
                raise InputError(
                    f"{self.path / LEDGER}: expected the columns {', '.join(COLUMNS)}, received "
                    f"{one_line(str(row))[:500]}; write the records again"
                )
            yield row

    def portraits(self, row):
        """Yields the records of a row of the ledger: `(number, values)`, see `unpack`.

        They are read where the ledger says, without a look at their checksums: the caller has
        called `check_shards`.

        Raises:
            InputError: there is no record.
        """
        places = (row["numbers"], row["shards"], row["offsets"], row["lengths"])
        for number, shard, offset, length in zip(*places, strict=True):
            try:
                with open(self.path / self.shards[row["split"]][shard]["name"], "rb") as file:
                    file.seek(offset)
                    yield number, unpack(file.read(length))
            except (OSError, LookupError, DamagedRecordError) as error:
                raise InputError(
                    f"{self.path}: expected a record of {one_line(row['reference'])} in "
                    f"{row['split']} shard {shard} at byte {offset}, received "
                    f"{one_line(str(error))}; {_SEE}"
                ) from error

    def check_shards(self, shown):
        """Checks the size and SHA-256 of every shard.

        Args:
            shown: show a bar.

        Raises:
            InputError: one of them is not as it was written.
        """
        files = [file for split in SPLITS for file in self.shards[split]]
        for problem in self.damaged_files(files, shown):
            raise InputError(f"{self.path / problem}; {_SEE}")

    def check_sizes(self):
        """Checks that every shard is there, at its size.

        Raises:
            InputError: one of them is not.
        """
        for file in [file for split in SPLITS for file in self.shards[split]]:
            path = self.path / file["name"]
            size = path.stat().st_size if path.is_file() else None
            if size != file["bytes"]:
                received = "no such file" if size is None else f"{size:,}"
                raise InputError(
                    f"{path}: expected {file['bytes']:,} bytes, received {received}; {_SEE}"
                )

    def damaged_files(self, files, shown):
        """Checks the size and SHA-256 of files.

        Args:
            files: what `info.json` says of them.
            shown: show a bar.

        Yields:
            One line for each that is not as it was written.
        """
        with_bar = bar(files, "checksums", " files", total=len(files), shown=shown)
        yield from damaged_files(self.path, with_bar)


def frames(path, starts=()):
    """Reads a shard, and what comes after a damaged record, too.

    Args:
        path: the shard.
        starts: where frames begin according to the index, ascending; without them the damaged
            frame's own length is believed.

    Yields:
        `(number, start, data)`: which record of the shard, where its frame begins, in bytes, and
        its `bytes`, or a `DamagedRecordError`.
    """
    size, number, start = path.stat().st_size, 0, 0
    with open(path, "rb") as file:
        while start < size:
            try:
                data = read_frame(file, start)
                end = start + FRAME_HEAD + len(data) + FRAME_TAIL
            except ValueError as error:
                data = DamagedRecordError(str(error))
                end = _next_start(file, start, starts, size)
            yield number, start, data
            number, start = number + 1, end


def unpack(data):
    """Takes a record apart.

    Args:
        data: the serialized `tf.train.Example`.

    Returns:
        Dict name of each of `schema.FIELDS` -> `bytes` or `int`.

    Raises:
        DamagedRecordError: it is none, or has other fields.
    """
    try:
        features = Example.FromString(data).features.feature
    except DecodeError as error:
        raise DamagedRecordError(f"no tf.train.Example: {one_line(str(error))}") from error
    values = {}
    for field in FIELDS:
        feature = features[field.name]
        kind = feature.int64_list if field.type == INT64 else feature.bytes_list
        if len(kind.value) != 1:
            raise DamagedRecordError(
                f"{field.name}: expected one value, received {len(kind.value)}"
            )
        values[field.name] = kind.value[0]
    if len(features) != len(FIELDS):
        other = sorted(features.keys() - values.keys())
        raise DamagedRecordError(f"expected only the fields of a record, received {other}")
    return values


def digest(*parts):
    """Returns a 64-bit integer that stands for texts and numbers; for others it is another."""
    text = repr(parts).encode("utf-8", "backslashreplace")
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big")


def _next_start(file, start, starts, size):
    later = next((other for other in starts if other > start), None)
    if later is None and len(starts) == 0:
        file.seek(start)
        later = start + int.from_bytes(file.read(8), "little") + FRAME_HEAD + FRAME_TAIL
    return size if later is None else min(int(later), size)


def _read_info(path):
    try:
        info = json.loads(path.read_text("utf-8"))
        version = info["format_version"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"no records: expected {path} as the stage records or anime-style convert leaves it, "
            f"received {_found_instead(error)}; give the folder of a finished set, or write one"
        ) from error
    check_format(version, path)
    if not _is_complete(info):
        raise InputError(f"{path}: expected it as the converter leaves it; copy it again")
    return info


def _found_instead(error):
    return error.strerror if isinstance(error, OSError) else f"a damaged one ({error})"


def _is_complete(info):
    """Tells whether all that the tools read is there, and of its type."""
    try:
        numbers = [info["counts"][split] for split in SPLITS]
        texts = [file[name] for file in info["files"] for name in ("name", "sha256")]
        for artist in info["artists"]:
            numbers += [artist[name] for name in (*SPLITS, "threshold")]
            texts.append(artist["name"])
        return (
            all(isinstance(info[name], type_) for name, type_ in _KEYS.items())
            and all(isinstance(description, dict) for description in info["inputs"])
            and all(isinstance(number, int) for number in numbers)
            and all(isinstance(text, str) for text in texts)
            and all(pathlib.PurePath(file["name"]).name == file["name"] for file in info["files"])
            and all(isinstance(file["bytes"], int) for file in info["files"])
        )
    except (KeyError, TypeError):
        return False
