"""Artists that a run did not train on, enrolled from a few works: what is kept of each.

A file for each in `<workdir>/enrolled/`, beside the folders of the stages, so that no stage that
is redone takes them away: the columns of `embedding`, the portraits, and what they were made
from. `styles.json` has their mean styles for the generator.
"""

import csv
import dataclasses
import hashlib
import io
import json
import pathlib

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from anime_style_tf.data.opt_outs import ON_THE_LIST, OptOuts
from anime_style_tf.data.sources.names import match_key
from anime_style_tf.errors import InputError
from anime_style_tf.library.embedding import CODE, COLUMNS, read_embeddings
from anime_style_tf.replacing import replacing
from anime_style_tf.terminal.typed import typed
from anime_style_tf.workdir.provenance import read_json, write_json
from anime_style_tf.workdir.trained import Trained

FOLDER = "enrolled"
STYLES = "styles.json"
PORTRAIT = "portrait_png"
_METADATA = ("artist", "encoder_sha256", "images")
_DEFINITIONS = {
    "artists": "mean style of each artist in the units of S^, as the signature generate takes "
    "it: the posterior mean given its works, drawn towards the mean of all artists the more, the "
    "fewer they are; where the index has no attribution, the plain mean",
    "deviations": "standard deviation of that posterior in each dimension, in the same units; "
    "null for a plain mean",
    "works": "portraits that the artist was enrolled from",
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class EnrolledArtist:
    """One enrolled artist.

    Args:
        artist: name.
        encoder_sha256: of the encoder that the codes are from.
        images: paths that were given for it.
        works: columns of its portraits, see `embedding.COLUMNS`; `code` is `[works, k_S]` and
            `portrait_png` holds PNG files.
    """

    artist: str
    encoder_sha256: str
    images: tuple[str, ...]
    works: dict


def read_enrolled(workdir):
    """Reads all enrolled artists.

    Args:
        workdir: folder of the run.

    Returns:
        List of `EnrolledArtist`, by name.

    Raises:
        InputError: a damaged file.
    """
    files = sorted((pathlib.Path(workdir) / FOLDER).glob("[0-9a-f]*.parquet"))
    return sorted(map(_read, files), key=lambda each: each.artist)


def save_enrolled(workdir, enrolled):
    """Writes an artist, whole or not at all, in place of an earlier one of that name."""
    columns = [(name, kind) for name, (kind, _) in COLUMNS.items()]
    size = enrolled.works[CODE].shape[1]
    schema = pa.schema(
        [*columns, (CODE, pa.list_(pa.float32(), size)), (PORTRAIT, pa.binary())],
        metadata={name: json.dumps(getattr(enrolled, name)) for name in _METADATA},
    )
    values = {**enrolled.works, CODE: list(enrolled.works[CODE])}
    with replacing(_path(workdir, enrolled.artist)) as unfinished:
        pq.write_table(pa.Table.from_pydict(values, schema), unfinished)


def forget_enrolled(workdir, artist):
    """Removes an artist and its style.

    Raises:
        InputError: no such artist.
    """
    path = _path(workdir, artist)
    if not path.is_file():
        names = [enrolled.artist for enrolled in read_enrolled(workdir)]
        alike = [name for name in names if match_key(name) == match_key(artist)]
        if not alike:
            raise InputError(
                f"--remove: expected an enrolled artist, received {artist!r}: "
                f"{', '.join(names) or 'none'}"
            )
        artist = alike[0]
        path = _path(workdir, artist)
    path.unlink()
    styles = path.with_name(STYLES)
    if values := read_json(styles):
        for name in _DEFINITIONS:
            values[name].pop(artist, None)
        write_json(styles, values)


def usable(enrolled, workdir, encoder_sha256, artists):
    """Tells which enrolled artists can be used with an index.

    Args:
        enrolled: list of `EnrolledArtist`.
        workdir: folder of the run, whose records refuse whom their opt-out list names.
        encoder_sha256: of the index.
        artists: names of those in the index.

    Returns:
        `(usable, lines)`: a list of `EnrolledArtist`; for each of the others, why not and what to
        do.
    """
    kept, lines, opt_outs = [], [], opt_outs_of(workdir)
    for each in enrolled:
        if opt_outs.names(each.artist):
            lines.append(
                f"{each.artist} is left out: {ON_THE_LIST} of the records; forget the enrolled "
                f"one: {_command(workdir, remove=each.artist)}"
            )
        elif each.artist in artists:
            lines.append(
                f"{each.artist} is left out: an artist of the records has that name now; forget "
                f"the enrolled one: {_command(workdir, remove=each.artist)}"
            )
        elif each.encoder_sha256 != encoder_sha256:
            again = _command(workdir, artist=each.artist, images=_listed(each.images))
            lines.append(
                f"{each.artist} is left out: enrolled with another encoder than the index; "
                f"enroll it again: {again} --overwrite"
            )
        else:
            kept.append(each)
    return kept, lines


def opt_outs_of(workdir):
    """Returns the `OptOuts` of a run's records."""
    return OptOuts.of_set(read_json(pathlib.Path(workdir) / "records" / "info.json"))


def write_styles(workdir, enrolled, model):
    """Writes `styles.json`, which a client of the generator can be given.

    Args:
        workdir: folder of the run.
        enrolled: list of `EnrolledArtist`, of the run's encoder.
        model: `attribution.Attribution` of the run, or None.
    """
    workdir = pathlib.Path(workdir)
    encoder = Trained(workdir).style_encoder  # its mean and deviation are the generator's units
    center, unit = encoder.mean.numpy(), encoder.deviation.numpy()
    styles, deviations = {}, {}
    for each in enrolled:
        codes, doubt = each.works[CODE], None
        style = codes.mean(axis=0)
        if model is not None:
            posterior = model.population.posterior(style[None], [len(codes)])
            style, deviation = (part[0] for part in model.population.style(*posterior))
            doubt = (deviation / unit).tolist()
        styles[each.artist] = ((style - center) / unit).tolist()
        deviations[each.artist] = doubt
    values = {
        "artists": styles,
        "deviations": deviations,
        "works": {one.artist: len(one.works[CODE]) for one in enrolled},
        "sizes": {"k_S": encoder.code_size},
        "definitions": _DEFINITIONS,
    }
    write_json(workdir / FOLDER / STYLES, values)


def _path(workdir, artist):
    """A file name for any name of an artist, in any script."""
    digest = hashlib.sha256(artist.encode()).hexdigest()
    return pathlib.Path(workdir) / FOLDER / f"{digest[:32]}.parquet"


def _read(path):
    try:
        works = read_embeddings(path)
        metadata = pq.read_schema(path).metadata
        fields = {name: json.loads(metadata[name.encode()]) for name in _METADATA}
        if not np.isfinite(works[CODE]).all() or not {*COLUMNS, PORTRAIT} <= set(works):
            raise ValueError("not all columns")
    except (OSError, pa.ArrowException, KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(
            f"{path} must hold an enrolled artist, and cannot be read "
            f"({' '.join(str(error).split())}): delete it, and enroll the artist again"
        ) from error
    return EnrolledArtist(**fields | {"images": tuple(fields["images"])}, works=works)


def _command(workdir, **flags):
    return typed("enroll", workdir=workdir, **flags)


def _listed(paths):
    """Paths as a flag takes a list of them: with commas, quoted where a path has one."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(paths)
    return line.getvalue()
