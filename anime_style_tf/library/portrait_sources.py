"""Portraits to embed or to ask with: from a set of records, or from any pictures."""

import dataclasses
import json
import pathlib

import numpy as np

from anime_style_tf.data.conversion.pool import render_all
from anime_style_tf.data.conversion.rendering import Settings
from anime_style_tf.data.opt_outs import ON_THE_LIST, OptOuts
from anime_style_tf.data.pictures import decode_png
from anime_style_tf.data.shards import INDEX, INFO, SPLITS, fingerprint
from anime_style_tf.data.sources.given import GivenPictures
from anime_style_tf.data.stored import DamagedRecordError, StoredSet, frames, unpack
from anime_style_tf.data.tfrecord import FRAME_HEAD
from anime_style_tf.errors import InputError
from anime_style_tf.workdir.provenance import read_json

_NOBODY = OptOuts()


@dataclasses.dataclass(frozen=True, kw_only=True)
class Portrait:
    """One portrait, or the reason why there is none.

    Args:
        source: where it comes from: a path, a recipe.
        artist: name; empty where it is not known.
        work_id: identity within the artist.
        face: number of the face in its picture, from 0.
        split: `train` or `test` in a set of records, else None.
        record: number of its record in the set, from 0, or None.
        image: uint8 `[height, width, 3]`, sRGB; None where there is none.
        reason: why not, one line; None if there is.
    """

    source: str
    artist: str = ""
    work_id: str = ""
    face: int = 0
    split: str | None = None
    record: int | None = None
    image: np.ndarray | None = None
    reason: str | None = None


class RecordedPortraits:
    """The portraits of a set of records, shard by shard; damaged records are passed over.

    Args:
        path: folder with `info.json`.
        opt_outs: an `OptOuts` of another set that these are used with; its own refuses none.

    Raises:
        InputError: no set of records there.
    """

    def __init__(self, path, *, opt_outs=_NOBODY):
        self._set = StoredSet(path)
        self._index = np.load(self._set.path / INDEX)
        self._opt_outs = opt_outs
        self._refused = set()  # references of files, whichever input they are of
        if opt_outs.hashes:
            rows = self._set.ledger()
            self._refused = {r["reference"] for r in rows if r["sha256"] in opt_outs.hashes}

    def description(self):
        """Returns JSON values that differ for another set or another list."""
        records = fingerprint(self._set.path / INFO)["sha256"]
        return {"records": records, **_said(self._opt_outs)}

    def lacking(self, done):
        """Returns how many works `works(done)` yields."""
        return len(self._index) - len(done)

    def works(self, done):
        """Yields a list of one `Portrait` for each record after the first `len(done)`."""
        passed = len(done)
        for number, split in enumerate(SPLITS):
            for shard, file in enumerate(self._set.shards[split]):
                here = (self._index["split"] == number) & (self._index["shard"] == shard)
                records = np.flatnonzero(here)
                starts = self._index["offset"][records].astype(np.int64) - FRAME_HEAD
                for _, start, data in frames(self._set.path / file["name"], starts.tolist()):
                    if passed:
                        passed -= 1
                        continue
                    record = int(records[min(np.searchsorted(starts, start), len(records) - 1)])
                    place = f"{file['name']}, record {record}"
                    portrait = _unpacked(data, split=split, record=record, place=place)
                    if portrait.source in self._refused or self._opt_outs.names(portrait.artist):
                        portrait = dataclasses.replace(portrait, image=None, reason=ON_THE_LIST)
                    yield [portrait]

    def numbers(self, split):
        """Returns the numbers of the records of a split, int `[records]`, in their order."""
        return np.flatnonzero(self._index["split"] == SPLITS.index(split))

    def images(self, records):
        """Reads the pictures of some records.

        Args:
            records: iterable of numbers of records, as in `Portrait`.

        Returns:
            List of uint8 `[height, width, 3]`, sRGB; black where a record is damaged.
        """
        return [self._image(self._index[record]) for record in records]

    def _image(self, row):
        file = self._set.shards[SPLITS[row["split"]]][row["shard"]]["name"]
        with open(self._set.path / file, "rb") as shard:
            shard.seek(row["offset"])
            data = shard.read(row["length"])
        image = _unpacked(data, split="", record=0, place="").image
        side = self._set.image_size
        return np.zeros((side, side, 3), np.uint8) if image is None else image


class PicturedPortraits:
    """Portraits made of pictures as those of the records were, but for whom these refuse.

    Args:
        source: as in `data.sources`, or `Pictures`.
        rendering: what `info.json` of the records says of it.
        workers: processes; 1 renders in this one.
        opt_outs: an `OptOuts`: that of the records. Where a source names no artist, the folder
            that holds the picture must not have the name of one of them.
    """

    def __init__(self, source, rendering, *, workers, opt_outs=_NOBODY):
        names = {field.name for field in dataclasses.fields(Settings)}
        self._settings = Settings(**{k: v for k, v in rendering.items() if k in names})
        self._source = source
        self._workers = workers
        self._opt_outs = opt_outs

    def description(self):
        """Returns JSON values that differ for other pictures, another rendering or list."""
        rendering = self._settings.description()
        source = self._source.description()
        return {"source": source, "rendering": rendering, **_said(self._opt_outs)}

    def lacking(self, done):
        """Returns how many works `works(done)` yields."""
        return sum(1 for _ in self._artworks(done))

    def works(self, done):
        """Yields a list of `Portrait` for each work whose source is not among `done`."""
        lacking = self._artworks(done)
        forbidden = frozenset(self._opt_outs.hashes)
        for made in render_all(
            lacking, settings=self._settings, workers=self._workers, forbidden=forbidden
        ):
            work = made.artwork
            identity = {"source": work.reference, "artist": work.artist, "work_id": work.work_id}
            if made.verdict is not None:
                yield [Portrait(**identity, reason=f"{made.verdict}: {made.reason}".rstrip(": "))]
                continue
            yield [
                Portrait(**identity, face=_face(cut.face), image=decode_png(cut.image_png))
                for cut in made.portraits
            ]

    def _artworks(self, done):
        known = set(done)
        lacking = (work for work in self._source.artworks() if work.reference not in known)
        return map(self._refused, lacking)

    def _refused(self, work):
        folder = work.reference.rpartition("/")[0].rpartition("/")[2]
        if self._opt_outs.names(work.artist or folder):
            return dataclasses.replace(work, rejection=ON_THE_LIST)
        return work


def pictured_portraits(source, workdir, *, workers):
    """Makes portraits as those of a run's records were made, but for whom these refuse.

    Args:
        source: see `PicturedPortraits`.
        workdir: folder of the run.
        workers: see `PicturedPortraits`.

    Returns:
        A `PicturedPortraits`.

    Raises:
        InputError: the run has no records.
    """
    info = read_json(pathlib.Path(workdir) / "records" / INFO)
    if info is None:
        raise InputError(f"--workdir: expected a run with records, received {workdir}")
    opt_outs = OptOuts.of_set(info)
    return PicturedPortraits(source, info["rendering"], workers=workers, opt_outs=opt_outs)


def given_portraits(pictures, made_of):
    """Makes one portrait of each picture that a program gives.

    Of a picture with several faces the first counts, so that each picture gives one code.

    Args:
        pictures: see `data.sources.given`; a `Portrait`, or a list of them, is given back as it is:
            a face that was cut out once would else be looked for in its own portrait.
        made_of: function of a source of pictures to `PicturedPortraits`.

    Returns:
        List of `Portrait`.

    Raises:
        InputError: no picture, or something that is none.
    """
    ready = [pictures] if isinstance(pictures, Portrait) else pictures
    if isinstance(ready, list) and ready and all(isinstance(each, Portrait) for each in ready):
        return ready
    portraits_of_works = made_of(GivenPictures(pictures)).works([])
    made = [portraits[0] for portraits in portraits_of_works if portraits]
    if not made:
        raise InputError(f"expected pictures, received none in {pictures!r}")
    return made


def only_one(images):
    """Returns the images where there is one; more than one is an `InputError`."""
    if len(images) > 1:
        raise InputError(f"expected one picture, received {len(images)}: give one of them")
    return images


def _unpacked(data, *, split, record, place):
    try:
        if isinstance(data, DamagedRecordError):
            raise data
        values = unpack(data)
        return Portrait(
            source=values["source"].decode(),
            artist=values["artist_name"].decode(),
            work_id=values["work_id"].decode(),
            face=_face(values["face"]),
            split=split,
            record=record,
            image=decode_png(values["image_png"]),
        )
    except (DamagedRecordError, OSError, ValueError) as error:
        reason = f"damaged: {' '.join(str(error).split())}"
        return Portrait(source=place, split=split, record=record, reason=reason)


def _said(opt_outs):
    """Returns what a description says of a list: nothing where it is empty, as before."""
    return {} if opt_outs == _NOBODY else {"opt_outs": opt_outs.description()}


def _face(text):
    return json.loads(text).get("number", 0)
