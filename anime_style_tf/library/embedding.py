"""Style codes of many portraits, to a Parquet file; killed, it loses a few seconds of work."""

import itertools
import pathlib
import shutil
import time

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
import tensorflow as tf

from anime_style_tf.data.progress import bar
from anime_style_tf.errors import InputError
from anime_style_tf.image.color import srgb_to_lab
from anime_style_tf.replacing import replacing
from anime_style_tf.workdir.lock import locked
from anime_style_tf.workdir.provenance import checksum, read_json, write_json
from anime_style_tf.workdir.trained import Trained

# Column -> type and meaning; the table in `export/README.md` comes from it. After them comes
# `code`, of the run's own length.
COLUMNS = {
    "split": (pa.string(), "`train` or `test` in a set of records, else null."),
    "artist": (pa.string(), "Name of the artist; empty where no folder says it."),
    "work_id": (pa.string(), "Identity of the work within its artist."),
    "source": (pa.string(), "Where the picture comes from: a path, a recipe."),
    "face": (pa.int32(), "Number of the face in its picture, from 0."),
    "record": (pa.int64(), "Number of the record in its set, from 0, else null."),
}
CODE = "code"
_CODE_MEANING = "The first k_S dimensions of the style code, as the encoder gives them."
_BEGUN = "begun.json"


class Coder:
    """Images to codes, by a function that is traced once.

    Args:
        function: from normalized Lab `[batch, height, width, 3]` to codes `[batch, code_size]`.
        image_size: height and width in pixels.
        code_size: numbers in a code.
        origin: JSON values that name the encoder.

    Attributes:
        image_size: as given.
        code_size: as given.
        origin: as given.
    """

    def __init__(self, function, *, image_size, code_size, origin):
        self.image_size, self.code_size, self.origin = image_size, code_size, origin
        self._encode = tf.function(
            lambda images: function(srgb_to_lab(images)),
            autograph=False,
            input_signature=[tf.TensorSpec((None, image_size, image_size, 3), tf.uint8)],
        )

    def __call__(self, images):
        """Encodes images.

        Args:
            images: list of uint8 `[height, width, 3]`, sRGB.

        Returns:
            float32 `[images, code_size]`.
        """
        return self._encode(np.stack(images)).numpy()


class StyleCoder(Coder):
    """Images to style codes, pruned and not standardized, by the encoder of a run.

    Distances between these codes are what metric learning trains and `evaluate` measures.

    Args:
        workdir: folder of the run.

    Raises:
        InputError: the run has no style encoder.
    """

    def __init__(self, workdir):
        trained = Trained(pathlib.Path(workdir))
        encoder = trained.network("style", "style_encoder")
        code_size = trained.pruning("style")["code_size"]
        super().__init__(
            lambda lab: encoder(lab)[:, :code_size],
            image_size=encoder.image_size,
            code_size=code_size,
            origin={
                "encoder_sha256": checksum(trained.workdir / "style" / "style_encoder.keras"),
                "code_size": code_size,
            },
        )


def embed(portraits, coder, output, *, batch_size=64, save_seconds=20.0, progress=True):
    """Writes the style codes of portraits to a Parquet file, see `COLUMNS`.

    What cannot be used is skipped and listed, with the reason, in `<output>.quarantine.csv`.
    A run that is killed resumes where it was when it is started again on the same input; a
    picture that changed meanwhile is not read twice. The file appears whole or not at all.

    Args:
        portraits: a `RecordedPortraits` or a `PicturedPortraits`.
        coder: a `StyleCoder`.
        output: path of the file; replaced.
        batch_size: works at a time; raising it takes more memory.
        save_seconds: how much is lost at most when the process is killed.
        progress: show a bar with the time left on standard error.

    Returns:
        `(portraits, skipped)`: how many were embedded, and a list of `(source, reason)`.

    Raises:
        InputError: no portrait, `output` cannot be written, or another process is writing it.
    """
    output = pathlib.Path(output)
    if output.is_dir():
        raise InputError(f"--output must be a file, received the folder {output}: name a file")
    if output.parent.exists() and not output.parent.is_dir():
        raise InputError(f"--output: {output.parent} is a file: name one in a folder")
    scratch = output.with_name(f".{output.name}.parts")
    with locked(scratch):
        parts = _Parts(scratch, {**coder.origin, "input": portraits.description()}, coder.code_size)
        done = parts.sources()
        lacking = portraits.lacking(done)
        if not lacking and not done:
            shutil.rmtree(scratch)
            raise InputError("--input: expected pictures or records with works, received none")
        works = bar(portraits.works(done), "embedding", " works", total=lacking, shown=progress)
        last_save = time.monotonic()
        for batch in _batches(works, batch_size):
            parts.rows += _with_codes(batch, coder)
            if time.monotonic() - last_save > save_seconds:
                parts.save()
                last_save = time.monotonic()
        parts.save()
        counted = parts.merge(output)
        shutil.rmtree(scratch)
    return counted


def read_embeddings(path):
    """Reads what `embed` left.

    Args:
        path: of the file.

    Returns:
        Dict of the columns, lists, in one order; `code` is float32 `[portraits, k_S]`.
    """
    table = pq.read_table(path)
    size = table.schema.field(CODE).type.list_size
    codes = table[CODE].combine_chunks().flatten().to_numpy().reshape(-1, size)
    columns = {name: table[name].to_pylist() for name in table.column_names if name != CODE}
    return {**columns, CODE: codes}


def column_table():
    """Returns the columns of the file as a Markdown table."""
    lines = ["| column | type | meaning |", "|---|---|---|"]
    lines += [f"| `{name}` | {kind} | {meaning} |" for name, (kind, meaning) in COLUMNS.items()]
    return "\n".join([*lines, f"| `{CODE}` | fixed_size_list<float>[k_S] | {_CODE_MEANING} |"])


class _Parts:
    """What has been embedded so far: small files, each whole."""

    def __init__(self, folder, origin, code_size):
        self.folder = folder
        self.rows = []
        self._schema = pa.schema(
            [(name, kind) for name, (kind, _) in COLUMNS.items()]
            + [(CODE, pa.list_(pa.float32(), code_size)), ("reason", pa.string())]
        )
        self._metadata = {name: str(value) for name, value in origin.items() if name != "input"}
        if read_json(folder / _BEGUN) != origin:
            for part in self._files():
                part.unlink()
            write_json(folder / _BEGUN, origin)

    def _files(self):
        return sorted(self.folder.glob("part-*.parquet"))

    def sources(self):
        """Returns the source of each row there is."""
        read = (pq.read_table(file, columns=["source"])["source"] for file in self._files())
        return [source for column in read for source in column.to_pylist()]

    def save(self):
        """Writes the rows since the last time."""
        if not self.rows:
            return
        path = self.folder / f"part-{len(self._files()):06}.parquet"
        with replacing(path) as unfinished:
            pq.write_table(pa.Table.from_pylist(self.rows, self._schema), unfinished)
        self.rows = []

    def merge(self, output):
        """Makes the result of all parts; returns what `embed` does."""
        schema = self._schema.remove(len(self._schema) - 1).with_metadata(self._metadata)
        count, refusals = 0, []
        with replacing(output) as unfinished:
            with pq.ParquetWriter(unfinished, schema) as writer:
                for file in self._files():
                    table = pq.read_table(file)
                    sound = table.filter(pc.is_null(table["reason"])).drop_columns(["reason"])
                    writer.write_table(sound.cast(schema))
                    count += len(sound)
                    refused = table.filter(pc.is_valid(table["reason"]))
                    refusals.append(refused.select(["source", "reason"]))
            refused = (
                pa.concat_tables(refusals) if refusals else pa.table({"source": [], "reason": []})
            )
            quarantine = output.with_name(f"{output.name}.quarantine.csv")
            quarantine.unlink(missing_ok=True)
            if len(refused):
                pyarrow.csv.write_csv(refused, quarantine)
        return count, list(zip(*(column.to_pylist() for column in refused.columns), strict=True))


def _batches(works, size):
    """Yields lists of the portraits of `size` works."""
    works = iter(works)
    while batch := list(itertools.islice(works, size)):
        yield [portrait for work in batch for portrait in work]


def _with_codes(portraits, coder):
    """Returns a row for each portrait."""
    images = [portrait.image for portrait in portraits if portrait.image is not None]
    codes = iter(coder(images)) if images else iter(())
    return [
        {
            **{name: getattr(portrait, name) for name in COLUMNS},
            CODE: None if portrait.image is None else next(codes),
            "reason": portrait.reason,
        }
        for portrait in portraits
    ]
