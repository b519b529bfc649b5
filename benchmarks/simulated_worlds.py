"""Simulated retrieval results whose true mean is known: how often do intervals cover it?

A work by artist a of subject s has the value (base +) artist effect + subject effect + chance, or
is right with the logistic probability of that. Artists and subjects are drawn anew each time: the
truth is the mean over all artists and subjects there might be, not that of those drawn. Four
works in five exist, so that the table of artists and subjects has gaps.
"""

import dataclasses

import numpy as np

from anime_style_tf.evaluation.uncertainty import intervals, two_way


@dataclasses.dataclass(frozen=True)
class World:
    """Where artists and subjects come from.

    Attributes:
        artists: how many are drawn.
        subjects: how many are drawn.
        artist_spread: standard deviation of the artists' effects, normal.
        subject_spread: standard deviation of the subjects' effects, normal.
        chance: standard deviation of each work's own, normal; None for works that are right or
            wrong with the logistic probability of `base` plus the effects.
        base: logit of a work without effects.
    """

    artists: int
    subjects: int
    artist_spread: float
    subject_spread: float
    chance: float | None = None
    base: float = 0.0

    @property
    def truth(self):
        """The true mean."""
        if self.chance is not None:
            return self.base
        nodes, weights = np.polynomial.hermite_e.hermegauss(80)
        spread = np.hypot(self.artist_spread, self.subject_spread)
        return np.average(_logistic(self.base + spread * nodes), weights=weights)


WORLDS = {
    "40 artists, 200 subjects, effects and chance": World(40, 200, 0.3, 0.3, chance=1.0),
    "30 artists, 60 subjects, mostly effects": World(30, 60, 1.0, 1.0, chance=0.5),
    "40 artists, 200 subjects, right or wrong": World(40, 200, 0.6, 0.8, base=2.0),
    "1,000 artists, 20 subjects, right or wrong": World(1000, 20, 0.5, 0.2, base=1.0),
    "30 artists, 100 subjects, chance alone": World(30, 100, 0.0, 0.0, chance=1.0),
    "8 artists, 400 subjects, right or wrong": World(8, 400, 0.6, 1.0, base=3.0),
}


def _logistic(logit):
    return 1 / (1 + np.exp(-logit))


def draw(world, generator):
    """Returns values, artists and subjects, each `[works]`, of one draw of a world."""
    there = generator.random((world.artists, world.subjects)) < 0.8
    artists, subjects = np.nonzero(there)
    logits = (
        world.base
        + world.artist_spread * generator.normal(size=world.artists)[artists]
        + world.subject_spread * generator.normal(size=world.subjects)[subjects]
    )
    if world.chance is None:
        return (generator.random(len(logits)) < _logistic(logits)) * 1.0, artists, subjects
    return logits + world.chance * generator.normal(size=len(logits)), artists, subjects


def coverage(world, simulations, *, resamples=1000, seed=0):
    """How often 95 % intervals hold the truth.

    Args:
        world: `World`.
        simulations: how many draws.
        resamples: of the bootstrap.
        seed: of the draws.

    Returns:
        Dictionary from the kind of interval to the share of draws in which it holds the truth.
    """
    generator = np.random.default_rng(seed)
    held = {"by artist and subject": 0, "by artist": 0, "works independent": 0}
    for _ in range(simulations):
        values, artists, subjects = draw(world, generator)
        found = (
            two_way.mean_interval(values, artists, subjects, resamples=resamples),
            intervals.mean_interval(values, artists),
            intervals.mean_interval(values),
        )
        for name, (low, high) in zip(held, found, strict=True):
            held[name] += low <= world.truth <= high
    return {name: int(count) / simulations for name, count in held.items()}
