"""Which works are in batch number `step`: a function of the seed and the step alone.

Nothing depends on what was drawn before, so a run can resume at any step without replaying.
Where draws must be even (each work once before any comes again) the steps are cut into cycles,
within which they are, and a cycle is made from its number.
"""

import functools
import math

import numpy as np

from anime_style_tf.errors import InputError


def shuffled_batch(count, batch_size, seed, step):
    """Draws batch `step` of a stream that runs through all works epoch after epoch.

    Args:
        count: number of works.
        batch_size: works in a batch; batches are full, and may span two epochs.
        seed: of the order; None keeps the works in theirs.
        step: number of the batch, from 0.

    Returns:
        int64 `[batch_size]` in `[0, count)`.
    """
    positions = np.arange(step * batch_size, (step + 1) * batch_size, dtype=np.int64)
    if seed is None:
        return positions % count
    epochs = positions // count
    return np.concatenate(
        [
            _permutation(count, seed, int(epoch))[positions[epochs == epoch] % count]
            for epoch in np.unique(epochs)
        ]
    )


def distinct_draws(count, size, key):
    """Cuts shuffled rounds over a population into draws without a repetition.

    Args:
        count: size of the population.
        size: of each draw, at most `count`.
        key: sequence of non-negative integers, the seed.

    Returns:
        int64 `[draws, size]` with `draws = count / gcd(count, size)`: a cycle in which each
        member comes up equally often, once in each `count` consecutive places; the members of a
        draw are distinct.
    """
    random = np.random.Generator(np.random.Philox(np.random.SeedSequence(key)))
    rounds = size // math.gcd(count, size)
    places = np.empty(rounds * count, np.int64)
    for start in range(0, places.size, count):
        order = random.permutation(count)
        # A draw that spans two rounds may not repeat its part in the first.
        begun = start % size
        if begun:
            taken = np.isin(order, places[start - begun : start])
            head = order[~taken][: size - begun]
            order = np.concatenate([head, order[~np.isin(order, head)]])
        places[start : start + count] = order
    return places.reshape(-1, size)


class ArtistSampler:
    """Batches of P artists x K works.

    Artists are uniform: each comes up once before any comes again, and so do the works of each
    artist. Within a batch no artist and no work repeats.

    Args:
        labels: int `[works]`, whose each work is.
        artists_per_batch: P; raising it compares more artists at once.
        works_per_artist: K; raising it gives more pairs of one artist.
        seed: of the draws.

    Raises:
        InputError: fewer artists than P, or an artist with fewer than K works.
    """

    def __init__(self, labels, *, artists_per_batch, works_per_artist, seed):
        labels = np.asarray(labels)
        by_artist = np.argsort(labels, kind="stable")
        present, starts = np.unique(labels[by_artist], return_index=True)
        self._works = np.split(by_artist, starts[1:]) if len(labels) else []
        self._artists_per_batch = artists_per_batch
        self._works_per_artist = works_per_artist
        self._seed = seed
        if artists_per_batch < 1 or works_per_artist < 1:
            raise InputError(
                "artists_per_batch and works_per_artist: expected at least 1, received "
                f"{artists_per_batch} and {works_per_artist}"
            )
        if len(present) < artists_per_batch:
            raise InputError(
                f"artists_per_batch: expected at most the {len(present)} artists of this "
                f"split, received {artists_per_batch}; lower it or add artists"
            )
        fewest = min(len(works) for works in self._works)
        if fewest < works_per_artist:
            raise InputError(
                f"works_per_artist: expected at most {fewest}, the works of the smallest "
                f"artist in this split, received {works_per_artist}; lower it or add works"
            )
        # Cycles are remembered: one for the artists, one for each artist, and the next ones.
        self._cycle = functools.lru_cache(maxsize=2 * len(self._works) + 2)(self._make_cycle)

    def batch(self, step):
        """Returns batch `step`: int64 `[P * K]` positions in `labels`, artist by artist."""
        count = len(self._works)
        size = self._artists_per_batch
        draws = count // math.gcd(count, size)
        cycle, row = divmod(step, draws)
        rounds = size * draws // count
        batch = []
        for column, artist in enumerate(self._cycle(-1, cycle)[row]):
            visit = cycle * rounds + (row * size + column) // count
            batch.append(self._draw_works(int(artist), visit))
        return np.concatenate(batch)

    def _draw_works(self, artist, visit):
        works = self._works[artist]
        draws = len(works) // math.gcd(len(works), self._works_per_artist)
        cycle, row = divmod(visit, draws)
        return works[self._cycle(artist, cycle)[row]]

    def _make_cycle(self, artist, cycle):
        """The cycle of an artist's works, or with -1 that of the artists."""
        if artist < 0:
            count, size = len(self._works), self._artists_per_batch
        else:
            count, size = len(self._works[artist]), self._works_per_artist
        return distinct_draws(count, size, (self._seed, artist + 1, cycle))


@functools.lru_cache(maxsize=4)
def _permutation(count, seed, epoch):
    sequence = np.random.SeedSequence((seed, epoch))
    return np.random.Generator(np.random.Philox(sequence)).permutation(count)
