"""Reads a set of records as batches, each a function of the seed and the step alone."""

import functools
import hashlib
import os
import weakref

import numpy as np
import tensorflow as tf

from anime_style_tf.data import decoding
from anime_style_tf.data.sampling import ArtistSampler, shuffled_batch
from anime_style_tf.data.shards import INFO, SPLITS, load_index
from anime_style_tf.data.stored import StoredSet
from anime_style_tf.errors import InputError

CACHE_BYTES = 2**30
_PREFETCH = 4


class Records(StoredSet):
    """A set of records that `write_records` left, all of whose files are there, for training.

    Datasets of batches (dicts, see `schema`) start at any step at once and continue exactly as
    if they had begun at step 0, so a run that was killed continues bit for bit.

    Args:
        path: folder with `info.json`.
        cache: keep the decoded pictures in memory; None does if they take less than 1 GiB.

    Attributes: those of `StoredSet`.

    Raises:
        InputError: no set of records there, or one that is incomplete.
    """

    def __init__(self, path: str | os.PathLike, *, cache: str | os.PathLike | None = None):
        super().__init__(path)
        # Sizes alone: a training should not wait until gigabytes are hashed, see `verify`.
        missing = [file["name"] for file in self.info["files"] if not self._has_size(file)]
        if missing:
            raise InputError(
                f"{self.path}: {', '.join(missing)} missing or of another size than {INFO} says: "
                "expected the files as written; copy them again, or write the records again"
            )
        self._index = load_index(self.path)
        self._descriptors = {}
        decoded_bytes = len(self._index) * self.image_size**2 * 4
        self._cached = decoded_bytes < CACHE_BYTES if cache is None else cache

    @property
    def checksum(self) -> str:
        """SHA-256 over all shards' checksums: names the data that a run saw."""
        lines = "".join(f"{file['sha256']}  {file['name']}\n" for file in self.info["files"])
        return hashlib.sha256(lines.encode()).hexdigest()

    def count(self, split: str = "all") -> int:
        """Returns the number of works in a split: `train`, `test` or `all`."""
        return len(self._rows(split))

    def labels(self, split: str = "all") -> np.ndarray:
        """Returns int32 `[works]`, in the order of `batches` without a seed."""
        return self._index["label"][self._rows(split)].astype(np.int32)

    def verify(self) -> list[str]:
        """Checks every file's size and SHA-256.

        Returns:
            One sentence for each file that is not as it was written; empty if all are.
        """
        return list(self.damaged_files(self.info["files"], shown=False))

    def artist_batches(
        self,
        split: str = "train",
        *,
        artists_per_batch: int,
        works_per_artist: int,
        seed: int | None,
        start_step: int = 0,
    ) -> tf.data.Dataset:
        """Makes endless batches of P artists x K works, for metric learning.

        Artists are uniform and so are each one's works; none repeats within a batch.

        Args:
            split: `train`, `test` or `all`.
            artists_per_batch: P.
            works_per_artist: K.
            seed: of the draws.
            start_step: number of the first batch.

        Returns:
            `tf.data.Dataset` of batches of P * K, artist by artist.

        Raises:
            InputError: fewer artists than P, or an artist with fewer than K works.
        """
        rows = self._rows(split)
        sampler = ArtistSampler(
            self._index["label"][rows],
            artists_per_batch=artists_per_batch,
            works_per_artist=works_per_artist,
            seed=seed,
        )
        return self._dataset(
            lambda step: rows[sampler.batch(int(step))],
            tf.data.Dataset.range(start_step, np.iinfo(np.int64).max),
            artists_per_batch * works_per_artist,
        )

    def batches(
        self,
        split: str,
        batch_size: int,
        *,
        seed: int | None = None,
        start_step: int = 0,
        repeat: bool = True,
    ) -> tf.data.Dataset:
        """Makes plain batches.

        Args:
            split: `train`, `test` or `all`.
            batch_size: works in a batch.
            seed: shuffle each epoch; None keeps the order of `labels`.
            start_step: number of the first batch.
            repeat: full batches without end, which may span two epochs. Otherwise stop
                after the first epoch; the last batch may be smaller.

        Returns:
            `tf.data.Dataset` of batches.

        Raises:
            InputError: an empty split, or a batch size below 1.
        """
        rows = self._rows(split)
        if batch_size < 1 or not len(rows):
            raise InputError(
                f"batches of {self.path}: expected a batch size of at least 1 and works in "
                f"{split!r}, received {batch_size} and {len(rows)} works"
            )
        stop = np.iinfo(np.int64).max if repeat else -(-len(rows) // batch_size)

        def draw(step):
            size = batch_size
            if not repeat:
                size = min(size, len(rows) - int(step) * batch_size)
            return rows[shuffled_batch(len(rows), batch_size, seed, int(step))[:size]]

        steps = tf.data.Dataset.range(start_step, stop)
        return self._dataset(draw, steps, batch_size, full=repeat)

    def _has_size(self, file):
        path = self.path / file["name"]
        return path.is_file() and path.stat().st_size == file["bytes"]

    def _rows(self, split):
        if split == "all":
            return np.arange(len(self._index))
        if split not in SPLITS:
            raise InputError(f"split: expected train, test or all, received {split!r}")
        return np.flatnonzero(self._index["split"] == SPLITS.index(split))

    def _dataset(self, draw, steps, size, *, full=True):
        """Makes batches of `size` works, all of them `full` or the last one perhaps smaller."""

        def indices(step):
            drawn = tf.numpy_function(draw, [step], tf.int64)
            return tf.ensure_shape(drawn, [size if full else None])

        drawn = steps.map(indices)
        if self._cached:
            store = self._store

            def gather(rows):
                return {key: tf.gather(values, rows) for key, values in store.items()}

            batches = drawn.map(gather, num_parallel_calls=2)
        else:
            batches = self._works(drawn).batch(size, drop_remainder=full)
        return batches.prefetch(_PREFETCH)

    @functools.cached_property
    def _store(self):
        """All works as one batch, in memory."""
        rows = tf.data.Dataset.from_tensor_slices(np.arange(len(self._index)))
        chunks = self._works(rows.batch(64)).batch(64).prefetch(2)
        batches = list(chunks.as_numpy_iterator())
        with tf.device("CPU:0"):
            return {
                key: tf.constant(np.concatenate([batch.pop(key) for batch in batches]))
                for key in list(batches[0])
            }

    def _works(self, drawn):
        """Reads and parses batch by batch, then decodes work by work: on all cores at any size."""

        def fetch(rows):
            serialized = tf.numpy_function(self._read, [rows], tf.string)
            serialized.set_shape(rows.shape)
            return decoding.parse(serialized)

        decode = functools.partial(decoding.decode, image_size=self.image_size)
        fetched = drawn.map(fetch, num_parallel_calls=2).unbatch()
        return fetched.map(decode, num_parallel_calls=tf.data.AUTOTUNE)

    def _read(self, rows):
        data = []
        for split, shard, offset, length, _ in self._index[rows].tolist():
            data.append(os.pread(self._open(split, shard), length, offset))
        return np.array(data, object)

    def _open(self, split, shard):
        key = (split, shard)
        if key not in self._descriptors:
            file = self.path / self.shards[SPLITS[split]][shard]["name"]
            descriptor = os.open(file, os.O_RDONLY)
            weakref.finalize(self, os.close, descriptor)
            self._descriptors[key] = descriptor
        return self._descriptors[key]
