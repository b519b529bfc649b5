"""Enrolls an artist from a few works, without training."""

import collections
import dataclasses
import itertools
import os
import pathlib
import unicodedata

import numpy as np

from anime_style_tf.data.opt_outs import ON_THE_LIST
from anime_style_tf.data.pictures import encode_png
from anime_style_tf.data.sources.names import artist_name, spelled_as
from anime_style_tf.data.sources.pictures import Pictures
from anime_style_tf.errors import InputError
from anime_style_tf.library.embedding import CODE, COLUMNS, StyleCoder
from anime_style_tf.library.enrolled_artists import (
    FOLDER,
    PORTRAIT,
    EnrolledArtist,
    forget_enrolled,
    opt_outs_of,
    read_enrolled,
    save_enrolled,
    usable,
    write_styles,
)
from anime_style_tf.library.index_folder import open_index, run_attribution
from anime_style_tf.library.portrait_sources import RecordedPortraits, pictured_portraits
from anime_style_tf.workdir.lock import locked
from anime_style_tf.workdir.provenance import checksum, read_json

_BATCH = 64  # portraits encoded at a time


def enroll(workdir, artist, images, *, overwrite=False, workers=1):
    """Makes an artist known to search, attribution and generation.

    Args:
        workdir: folder of a run with the stage `index`.
        artist: name, in any script; none of those in the records, compared by `match_key`.
        images: paths of pictures, folders and archives, all by the artist.
        overwrite: replace an enrolled artist of that name.
        workers: processes that read pictures.

    Returns:
        `(lines, set_aside)`: what was left, and `(source, reason)` of each picture that could
        not be used.

    Raises:
        InputError: no index, or one that is out of date; a name that is taken, or on the opt-out
            list of the records; no usable picture.
    """
    portraits = _portraits(workdir, images, workers)
    origins = [os.path.abspath(path) for path in images]
    return enroll_portraits(workdir, artist, portraits, origins=origins, overwrite=overwrite)


def enroll_portraits(workdir, artist, portraits, *, origins=None, overwrite=False):
    """Enrolls an artist from portraits that were made already.

    Args:
        workdir: see `enroll`.
        artist: see `enroll`.
        portraits: iterable of `Portrait`, read only once the name is known to be free. Their
            images must be made as those of the run's records are.
        origins: paths that the portraits are of, to be named if the artist is to be enrolled
            again; None for the sources of the portraits.
        overwrite: see `enroll`.

    Returns:
        As `enroll`.

    Raises:
        InputError: as `enroll`.
    """
    artist = _checked(artist)
    index, table, info = open_index(workdir)
    model = run_attribution(workdir, info)
    trained = set(table["artist"])
    if opt_outs_of(workdir).names(artist):
        raise InputError(
            f"--artist: {artist!r} is {ON_THE_LIST} of the records in {workdir}, and must never be "
            "included: nothing was enrolled"
        )
    if same := spelled_as(artist, trained):
        raise InputError(
            f"--artist: the run was trained on an artist {same!r}: give the new one another name"
        )
    with locked(pathlib.Path(workdir) / FOLDER):
        before = {known.artist: known for known in read_enrolled(workdir)}
        artist = spelled_as(artist, before) or artist
        if artist in before and not overwrite:
            raise InputError(
                f"--artist: {artist!r} is enrolled already: add --overwrite to replace all its "
                "works, or give another name"
            )
        works, unusable = _distinct(portraits)
        if not works:
            reasons = "; ".join(f"{source}: {reason}" for source, reason in unusable[:3])
            raise InputError(
                f"--images: expected pictures to enroll {artist!r} from, received none that can "
                f"be used ({reasons or 'no picture'})"
            )
        coder = StyleCoder(workdir)
        enrolled = EnrolledArtist(
            artist=artist,
            encoder_sha256=coder.origin["encoder_sha256"],
            images=tuple([work.source for work in works] if origins is None else origins),
            works=_columns(works, artist, coder),
        )
        enrolled_now = (before | {artist: enrolled}).values()
        kept, lines = usable(enrolled_now, workdir, info["encoder_sha256"], trained)
        lines += _shared(enrolled, kept) + _recorded(enrolled, works, index, table, workdir)
        write_styles(workdir, kept, model)
        save_enrolled(workdir, enrolled)  # Last: killed before it, the same command goes through.
    return [f"{artist}: enrolled from {len(works)} portraits", *lines], unusable


def remove(workdir, artist):
    """Forgets an enrolled artist; returns lines on it.

    Raises:
        InputError: no such artist.
    """
    artist = artist_name(artist.strip())
    with locked(pathlib.Path(workdir) / FOLDER):
        forget_enrolled(workdir, artist)
    return [f"{artist}: forgotten"]


def list_enrolled(workdir):
    """Returns a line on each enrolled artist, and one on each that is out of date.

    Raises:
        InputError: no run there, or a damaged file.
    """
    info = read_json(pathlib.Path(workdir) / "records" / "info.json")
    if info is None:
        raise InputError(f"--workdir: expected a run with records, received {workdir}")
    enrolled = read_enrolled(workdir)
    encoder = checksum(pathlib.Path(workdir) / "style" / "style_encoder.keras")
    _, lines = usable(enrolled, workdir, encoder, {artist["name"] for artist in info["artists"]})
    names = [
        f"{each.artist}: {len(each.works[CODE])} portraits, from {', '.join(each.images)}"
        for each in enrolled
    ]
    return [*(names or ["no artist is enrolled"]), *lines]


def _checked(name):
    """Returns a name as those of the records are: composed, without blanks at its ends."""
    artist = artist_name(name.strip())
    if not artist or any(unicodedata.category(letter) == "Cc" for letter in artist):
        raise InputError(f"--artist: expected a name on one line, received {name!r}")
    return artist


def _portraits(workdir, images, workers):
    """Yields the portraits of pictures; looks at none before the first is asked for."""
    source = pictured_portraits(Pictures(images), workdir, workers=workers)
    yield from itertools.chain.from_iterable(source.works([]))


def _distinct(portraits):
    """Returns the portraits that can be used, and `(source, reason)` of the others."""
    first, distinct, unusable = {}, [], []
    for portrait in portraits:
        if portrait.image is None:
            unusable.append((portrait.source, portrait.reason))
            continue
        # The same picture twice tells nothing new, and would count as two works.
        pixels = portrait.image.tobytes()
        if pixels in first:
            same = first[pixels] == portrait.source
            reason = "given twice" if same else f"duplicate of {first[pixels]}"
            unusable.append((portrait.source, reason))
        else:
            first[pixels] = portrait.source
            distinct.append(portrait)
    return distinct, unusable


def _shared(enrolled, others):
    """Returns a line on each other artist who is enrolled from some of the same portraits."""
    mine = set(enrolled.works[PORTRAIT])
    counts = {
        each.artist: len(mine.intersection(each.works[PORTRAIT]))
        for each in others
        if each.artist != enrolled.artist
    }
    return [
        f"{enrolled.artist}: {count} of these portraits are enrolled for {artist!r} too, and both "
        "share their probability"
        for artist, count in counts.items()
        if count
    ]


def _recorded(enrolled, portraits, index, table, workdir):
    """Returns a line on each artist of the records whose works are among the portraits."""
    rows = index.nearest(enrolled.works[CODE], 1).rows[:, 0]
    records = RecordedPortraits(pathlib.Path(workdir) / "records")
    images = records.images([table["record"][row] for row in rows])
    counts = collections.Counter(
        table["artist"][row]
        for row, image, portrait in zip(rows, images, portraits, strict=True)
        if np.array_equal(image, portrait.image)
    )
    return [
        f"{enrolled.artist}: {count} of these portraits are works by {artist!r}, whom the run "
        "knows, and both share their probability"
        for artist, count in counts.items()
    ]


def _columns(portraits, artist, coder):
    """Returns what `EnrolledArtist.works` holds."""
    named = [dataclasses.replace(portrait, artist=artist) for portrait in portraits]
    images = [portrait.image for portrait in portraits]
    codes = [coder(images[i : i + _BATCH]) for i in range(0, len(images), _BATCH)]
    return {
        **{name: [getattr(work, name) for work in named] for name in COLUMNS},
        CODE: np.concatenate(codes),
        PORTRAIT: [encode_png(image) for image in images],
    }
