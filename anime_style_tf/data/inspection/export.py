"""Turns a finished set of records back into folders of pictures, with tables beside them."""

import contextlib
import csv
import json
import os
import pathlib

import numpy as np

from anime_style_tf.data.inspection.file_names import folder_names, picture_name
from anime_style_tf.data.opt_outs import OptOuts
from anime_style_tf.data.pictures import decode_png, encode_png
from anime_style_tf.data.progress import bar
from anime_style_tf.data.shards import ATTRIBUTION, INFO, fingerprint
from anime_style_tf.data.stored import StoredSet
from anime_style_tf.errors import InputError
from anime_style_tf.replacing import replacing

FOLDER, IMAGEFOLDER = "folder", "imagefolder"
MARKER = "export.json"
WORKS, ORIGINS, METADATA = "works.csv", "origins.csv", "metadata.jsonl"
COVERAGE = ".coverage"  # hidden, so that no reader of the folders takes masks for pictures
OPT_OUT = "opt_out.txt"
_OWN_NAMES = (MARKER, WORKS, ORIGINS, METADATA, ATTRIBUTION, OPT_OUT)
# Of a picture. Not by `replacing`, which syncs: thousands of syncs take longer than the pictures,
# and a second call writes again whatever has other bytes.
_UNFINISHED = ".writing"
# The first are those of a manifest; what is not part of the content is in a table of its own,
# because a manifest's further columns are factors.
_COLUMNS = {
    WORKS: ("path", "artist", "id", "split", "factors"),
    ORIGINS: ("path", "source", "face", "sha256", "coverage"),
}


def export_set(path, output, *, layout=FOLDER, alpha=False, coverage=False, progress=True):
    """Writes a picture for each portrait, and tables.

    It can be killed and called again: what is there with the same bytes stays.

    Args:
        path: folder of the set.
        output: folder to write to: a new or empty one, or one that the same call left.
        layout: `folder`: `<artist>/<name>.png`, `works.csv` (the columns of a manifest) and
            `origins.csv`; or `imagefolder`: `<split>/<artist>/<name>.png` and
            `<split>/metadata.jsonl`, which the `datasets` library reads.
        alpha: the coverage becomes the pictures' opacity; otherwise they are the records' PNGs,
            byte for byte.
        coverage: also write the coverage masks, into `.coverage` beside the artists' folders.
        progress: show a bar with the time left on standard error.

    Returns:
        Number of pictures.

    Raises:
        InputError: no sound set, or a folder that something else is in.
    """
    stored, output = StoredSet(path), pathlib.Path(output)
    _claim(output, {
        "made_from": fingerprint(stored.path / INFO)["sha256"],
        "layout": layout, "alpha": alpha, "coverage": coverage,
    })  # fmt: skip
    stored.check_shards(progress)
    names = folder_names(stored.artists, taken=_OWN_NAMES, no_splits=layout == IMAGEFOLDER)
    folders = dict(zip(stored.artists, names, strict=True))
    labels = {name: label for label, name in enumerate(stored.artists)}
    kept = (row for row in stored.ledger() if row["numbers"])
    total = stored.info["verdicts"]["kept"]
    count = 0
    with _Tables(output, layout, coverage) as tables:
        for row in bar(kept, "exporting", " works", total=total, shown=progress):
            split = row["split"] if layout == IMAGEFOLDER else ""
            for number, values in stored.portraits(row):
                name = picture_name(row["reference"], row["input"], number)
                name = f"{folders[row['artist']]}/{name}"
                picture = _with_alpha(values) if alpha else values["image_png"]
                _write(output, os.path.join(split, name), picture)
                if coverage:
                    _write(output, os.path.join(split, COVERAGE, name), values["coverage_png"])
                tables.add(name, labels[row["artist"]], row, values)
                count += 1
    if opt_outs := OptOuts.of_set(stored.info).lines():
        _write(output, OPT_OUT, "".join(f"{line}\n" for line in opt_outs).encode())
    if (stored.path / ATTRIBUTION).exists():
        _write(output, ATTRIBUTION, (stored.path / ATTRIBUTION).read_bytes())
    return count


class _Tables:
    """The tables of an export; they get their names when all is written."""

    def __init__(self, output, layout, coverage):
        self._output, self._layout, self._coverage = output, layout, coverage
        self._opened = contextlib.ExitStack()
        self._files = {}

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        return self._opened.__exit__(*exception)

    def add(self, name, label, row, values):
        """Adds a portrait.

        Args:
            name: path of its picture.
            label: of its artist.
            row: of the ledger.
            values: of the record.
        """
        known = {
            "path": name,
            "artist": row["artist"],
            "label": label,
            "id": row["work_id"],
            "split": row["split"],
            "factors": values["factors"].decode(),
            "source": row["reference"],
            "face": values["face"].decode(),
            "sha256": row["sha256"],
            "coverage": f"{COVERAGE}/{name}" if self._coverage else "",
        }
        if self._layout == IMAGEFOLDER:
            columns = ("artist", "label", "id", "factors", "source", "face", "sha256")
            values = {"file_name": name, **{column: known[column] for column in columns}}
            if self._coverage:
                values["coverage_file_name"] = known["coverage"]
            file = self._file(f"{row['split']}/{METADATA}")
            file.write(json.dumps(values, ensure_ascii=False) + "\n")
        else:
            for table, columns in _COLUMNS.items():
                values = [known[column] for column in columns]
                csv.writer(self._file(table, columns)).writerow(values)

    def _file(self, name, columns=()):
        if name not in self._files:
            path = self._output / name
            path.parent.mkdir(exist_ok=True)
            unfinished = self._opened.enter_context(replacing(path))
            file = unfinished.open("w", encoding="utf-8", newline="")
            self._files[name] = self._opened.enter_context(file)
            if columns:
                csv.writer(file).writerow(columns)
        return self._files[name]


def _claim(output, description):
    """Makes the folder and marks it as ours; resumes in one that the same export left."""
    marker = output / MARKER
    try:
        earlier = json.loads(marker.read_text("utf-8"))
    except (OSError, ValueError):
        earlier = None
    if earlier is not None and earlier != description:
        raise InputError(
            f"{output} holds an export of other records or with other options ({earlier}): "
            f"expected {description}; choose another folder, or delete it"
        )
    if earlier is None:
        if output.exists() and not (output.is_dir() and _is_empty(output)):
            raise InputError(
                f"{output}: expected a new or empty folder, received one that something else is "
                "in; choose another"
            )
        output.mkdir(parents=True, exist_ok=True)
        _write(output, MARKER, (json.dumps(description) + "\n").encode())


def _is_empty(folder):
    """Tells whether there is nothing but what an export left that was killed at once."""
    return all(path.name == _UNFINISHED for path in folder.iterdir())


def _write(output, name, data):
    """Writes a file unless it is there already; a killed writer leaves nothing by that name."""
    path = output / name
    with contextlib.suppress(FileNotFoundError):
        if not path.is_symlink() and path.read_bytes() == data:
            return
    folder = output
    for part in pathlib.PurePath(name).parent.parts:
        folder = folder / part
        folder.mkdir(exist_ok=True)
        if folder.is_symlink():
            raise InputError(
                f"{folder}: expected a folder that the export made, received a link; delete it"
            )
    unfinished = output / _UNFINISHED
    unfinished.write_bytes(data)
    os.replace(unfinished, path)


def _with_alpha(values):
    """Returns an RGBA PNG that looks on black as the picture does, and keeps it when read."""
    image = decode_png(values["image_png"])
    opacity = decode_png(values["coverage_png"])[..., None]
    straight = np.round(image * 255.0 / np.maximum(opacity, 1)).clip(0, 255).astype(np.uint8)
    return encode_png(np.concatenate([straight, opacity], -1))
