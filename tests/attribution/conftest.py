"""Codes from the model itself, so that the truth is known."""

import dataclasses

import numpy as np
import pytest

from anime_style_tf import attribution


@dataclasses.dataclass(frozen=True)
class World:
    """Artists' true mean styles, and works by any of them.

    Attributes:
        center: `[code]`.
        between: `[code, code]`, covariance of artists' mean styles.
        within: `[code, code]`, covariance of an artist's works.
        means: `[artists, code]`.
    """

    center: np.ndarray
    between: np.ndarray
    within: np.ndarray
    means: np.ndarray

    def works(self, each, *, seed, artists=None):
        """`each` works by each artist: codes and artists."""
        artists = np.arange(len(self.means)) if artists is None else np.asarray(artists)
        labels = np.repeat(artists, each)
        noise = np.random.default_rng(seed).multivariate_normal(
            np.zeros(len(self.center)), self.within, len(labels)
        )
        return self.means[labels] + noise, labels


def make_world(artists, *, size=4, spread=4.0, seed=0):
    generator = np.random.default_rng(seed)
    mix = generator.normal(size=(size, size)) / np.sqrt(size)
    within = 0.5 * mix @ mix.T + 0.5 * np.eye(size)
    between = spread * np.diag(np.linspace(1.5, 0.5, size))
    center = generator.normal(size=size)
    means = generator.multivariate_normal(center, between, artists)
    return World(center, between, within, means)


@pytest.fixture(scope="session")
def world():
    """Twelve artists; those from the ninth on are for enrolling."""
    return make_world(12)


@pytest.fixture(scope="session")
def names():
    return tuple(f"artist {index}" for index in range(8))


@pytest.fixture(scope="session")
def known(world, names):
    """The first eight artists, fitted and calibrated."""
    fitted = attribution.fit(
        names,
        *world.works(60, seed=1, artists=range(8)),
        *world.works(60, seed=2, artists=range(8)),
    )
    return fitted.calibrate(*world.works(25, seed=3, artists=range(8)))


@pytest.fixture(scope="session")
def worlds():
    return make_world
