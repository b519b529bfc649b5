"""What the figures show of a run: works, codes, numbers, and random choices of their own."""

import functools

import numpy as np

from anime_style_tf import exploration
from anime_style_tf.workdir import networks
from anime_style_tf.workdir.provenance import read_json

SPLIT = "test split of the style encoder; VAE and GAN were trained on all works, these too"


class Exhibits:
    """The test works and codes that the figures share.

    Args:
        trained: `Trained`.
        seed: of every random choice.

    Attributes:
        trained: the networks and records.
        seed: of every random choice.
        names: of the artists, by label.
        images: `[works, height, width, 3]`, sRGB uint8, of the test split.
        coverage: `[works, height, width, 1]`, uint8, where an image is not padding.
        work_ids: bytes `[works]`.
        labels: int `[works]`, the artists.
        styles: `[works, k_S]`, standardized.
        raw_styles: the same as the encoder gives them, before S^ standardizes them: distances count
            so.
        means: `[artists, k_S]`, mean styles of the training works, standardized.
    """

    def __init__(self, trained, *, seed):
        self.trained = trained
        self.seed = seed
        self.names = trained.records.artists
        batches = list(trained.records.batches("test", 64, repeat=False))
        self.images, self.coverage, self.work_ids = (
            np.concatenate([batch[key].numpy() for batch in batches])
            for key in ("image", "coverage", "work_id")
        )
        self.labels = trained.records.labels("test")
        self.styles = trained.encode_style(self.images)
        self.means = trained.artists["mean_styles"]
        deviation, mean = trained.style_encoder.deviation, trained.style_encoder.mean
        self.raw_styles = self.styles * deviation.numpy() + mean.numpy()

    @functools.cached_property
    def contents(self):
        """Content codes of the test works, `[works, k_C]`."""
        return self.trained.encode(self.images)[1]

    @functools.cached_property
    def metrics(self):
        """Content of `metrics.json`, which the stage `evaluate` left."""
        return read_json(self.trained.workdir / "evaluate" / "metrics.json")

    def training_codes(self):
        """Returns the style codes of the training works, `[works, k_S]`, in the records' order."""
        return networks.over_records(self.trained.style_encoder, self.trained.records, "train")

    def training_images(self, rows):
        """Returns the images of some training works, in the order of `rows`."""
        wanted, images, first = set(rows), {}, 0
        for batch in self.trained.records.batches("train", 64, repeat=False):
            works = batch["image"].numpy()
            here = wanted.intersection(range(first, first + len(works)))
            images |= {row: works[row - first] for row in here}
            first += len(works)
        return np.stack([images[row] for row in rows])

    def random(self, figure):
        """Returns a generator of its own for each figure."""
        return np.random.default_rng((self.seed, figure))

    def random_contents(self, figure, count):
        """Returns content codes `[count, k_C]`, drawn as contents of works lie."""
        return self.trained.content_density.sample(self.random(figure), count)

    def spread_artists(self, count):
        """Returns labels of at most `count` artists, evenly over those who have test works."""
        artists = np.unique(self.labels)
        count = min(count, len(artists))
        return artists[np.linspace(0, len(artists) - 1, count).round().astype(int)]

    def random_works(self, artists, figure):
        """Returns the index of one random test work of each artist, given by label."""
        generator = self.random(figure)
        return np.array([generator.choice(np.flatnonzero(self.labels == a)) for a in artists])

    def typical_works(self, artists):
        """Returns the index of the most typical test work of each artist, given by label."""
        return [exploration.medoid_works(self.styles, self.labels, a, 1)[0] for a in artists]
