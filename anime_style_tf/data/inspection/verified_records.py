"""Checks the shards of a finished set, record by record, against its index and `info.json`."""

import array
import io
import json

import numpy as np
from PIL import Image

from anime_style_tf.data.progress import bar
from anime_style_tf.data.shards import INDEX, INDEX_DTYPE, INFO, SPLITS
from anime_style_tf.data.stored import DamagedRecordError, digest, frames, unpack
from anime_style_tf.data.tfrecord import FRAME_HEAD
from anime_style_tf.text import one_line

_MODES = {"image_png": "RGB", "coverage_png": "L"}
UNREAD, DAMAGED = 0, 1  # in `RecordsCheck.contents`: nothing was found there, or nothing sound
_OFFSET_BITS, _SHARD_BITS = 40, 22  # of a place: 63 bits with the side


class RecordsCheck:
    """Reads all shards once.

    Args:
        stored: a `StoredSet`.
        index: array of `INDEX_DTYPE`, or None where there is none to compare with.

    Attributes:
        index: the index by split, shard and offset, or an empty one.
        contents: uint64 for each row of the index: `content_of` the record there, or `UNREAD`
            or `DAMAGED`.
        works: dict split -> `digest` of artist and identity of each record.
    """

    def __init__(self, stored, index):
        self._stored = stored
        self._has_index = index is not None
        index = np.zeros(0, INDEX_DTYPE) if index is None else index
        places = _place(*(index[name].astype(np.int64) for name in ("split", "shard", "offset")))
        order = np.argsort(places, kind="stable")
        self.index = index[order]
        self._places = places[order]
        self.contents = np.full(len(index), UNREAD, np.uint64)
        self.works = {split: array.array("Q") for split in SPLITS}
        self._counts = np.zeros((len(stored.artists), len(SPLITS)), np.int64)

    def run(self, progress):
        """Yields one line for each thing that is wrong."""
        shards = [
            (side, number, file)
            for side, split in enumerate(SPLITS)
            for number, file in enumerate(self._stored.shards[split])
            if (self._stored.path / file["name"]).is_file()  # or the missing file was named
        ]
        total = sum(file.get("records", 0) for *_, file in shards)
        records = bar(self._records(shards), "records", " records", total=total, shown=progress)
        for problems in records:
            yield from problems
        yield from self._check_index({_place(side, shard, 0) for side, shard, _ in shards})
        yield from self._check_counts()

    def find(self, split, shard, offset):
        """Returns the row of the index for a place, or None."""
        place = _place(SPLITS.index(split), shard, offset)
        row = int(np.searchsorted(self._places, np.int64(place)))
        return row if row < len(self._places) and self._places[row] == place else None

    def _records(self, shards):
        """Yields for each record found the list of what is wrong with it."""
        for side, shard, file in shards:
            ends = [np.int64(_place(side, shard + more, 0)) for more in (0, 1)]
            places = self._places[slice(*np.searchsorted(self._places, ends))]
            starts = places - ends[0] - FRAME_HEAD
            number = -1
            for number, start, data in frames(self._stored.path / file["name"], starts):
                row = self.find(SPLITS[side], shard, start + FRAME_HEAD)
                try:
                    problems = self._check(side, row, data)
                except DamagedRecordError as error:
                    problems = [f"damaged: {error}"]
                    self._count_damaged(side, row)
                yield [f"{file['name']}, record {number}: {problem}" for problem in problems]
            if file.get("records") not in (None, number + 1):
                yield [f"{file['name']}: expected {file['records']} records, found {number + 1}"]

    def _count_damaged(self, side, row):
        """Takes the index's word for it, so that one damaged record is not named twice."""
        if row is not None:
            self.contents[row] = DAMAGED
            if 0 <= self.index["label"][row] < len(self._counts):
                self._counts[self.index["label"][row], side] += 1

    def _check(self, side, row, data):
        if isinstance(data, DamagedRecordError):
            raise data
        values = unpack(data)
        label, problems = values["artist"], []
        artist = text_of(values, "artist_name")
        self.works[SPLITS[side]].append(digest(artist, text_of(values, "work_id")))
        if not 0 <= label < len(self._stored.artists):
            problems.append(
                f"label {label}: expected 0 to {len(self._stored.artists) - 1}, as in {INFO}"
            )
        else:
            self._counts[label, side] += 1
            if artist != self._stored.artists[label]:
                problems.append(
                    f"label {label} is {one_line(self._stored.artists[label])} in {INFO}, the "
                    f"record names {one_line(artist)}"
                )
        for name, mode in _MODES.items():
            problems += _picture_problems(values[name], name, mode, self._stored.image_size)
        for name in ("factors", "face"):
            problems += _json_problems(values[name], name)
        if row is None:
            return [*problems, f"not in {INDEX}"] if self._has_index else problems
        self.contents[row] = content_of(values)
        for name, value in (("length", len(data)), ("label", label)):
            if self.index[name][row] != value:
                problems.append(f"{name} {value}: {INDEX} says {self.index[name][row]}")
        return problems

    def _check_index(self, read):
        """Looks for rows that point at nothing; `read` has the places of the shards read."""
        shards = self._places >> _OFFSET_BITS << _OFFSET_BITS
        lost = int(np.count_nonzero((self.contents == UNREAD) & np.isin(shards, [*read])))
        if lost:
            yield f"{INDEX}: {lost} rows point at no record"
        known = [
            _place(side, shard, 0)
            for side, split in enumerate(SPLITS)
            for shard in range(len(self._stored.shards[split]))
        ]
        strange = int(np.count_nonzero(~np.isin(shards, known)))
        if strange:
            yield f"{INDEX}: {strange} rows point at shards that are not in {INFO}"

    def _check_counts(self):
        totals = dict.fromkeys(SPLITS, 0)
        for label, artist in enumerate(self._stored.info["artists"]):
            for side, split in enumerate(SPLITS):
                held = int(self._counts[label, side])
                totals[split] += held
                if held != artist[split]:
                    yield (
                        f"{INFO}: {one_line(artist['name'])} has {artist[split]} {split} "
                        f"portraits, the shards hold {held}"
                    )
        for split, held in totals.items():
            if held != self._stored.info["counts"][split]:
                yield (
                    f"{INFO}: {self._stored.info['counts'][split]} {split} portraits, the shards "
                    f"hold {held}"
                )


def _place(side, shard, offset):
    """Returns integers that sort by split, shard and offset."""
    return (((side << _SHARD_BITS) + shard) << _OFFSET_BITS) + offset


def text_of(values, name):
    """Returns a text of an unpacked record."""
    return values[name].decode("utf-8", "surrogateescape")


def content_of(values):
    """Returns the `digest` of what a record says it is: artist, identity, source, face."""
    try:
        number = json.loads(values["face"]).get("number", 0)
    except (ValueError, AttributeError):
        number = None
    names = ("artist_name", "work_id", "source")
    return digest(*(text_of(values, name) for name in names), number)


def _picture_problems(data, name, mode, size):
    """Looks at the header before it decodes, so that no picture takes more than its share."""
    try:
        with Image.open(io.BytesIO(data), formats=("PNG",)) as picture:
            if picture.size != (size, size) or picture.mode != mode:
                width, height = picture.size
                return [
                    f"{name}: expected {size} x {size} {mode}, found {width} x {height} "
                    f"{picture.mode}"
                ]
            picture.load()
    except Exception as error:  # Pillow's decoders raise nearly everything on damaged input
        return [f"{name}: does not decode: {one_line(f'{type(error).__name__}: {error}')}"]
    return []


def _json_problems(data, name):
    try:
        sound = isinstance(json.loads(data), dict)
    except (ValueError, RecursionError):
        sound = False
    return [] if sound else [f"{name}: expected a JSON object, found {data[:40]!r}"]
