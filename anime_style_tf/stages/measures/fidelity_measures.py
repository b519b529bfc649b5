"""Generated images against works, without a judge: how far, how sharp, how various, how new."""

import dataclasses
import functools

import numpy as np
from keras import ops
from sklearn.decomposition import PCA
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from anime_style_tf.evaluation.fidelity.frechet import extrapolated_frechet_distance
from anime_style_tf.evaluation.fidelity.kernel_distance import kernel_distance_with_interval
from anime_style_tf.evaluation.fidelity.memorization import (
    Memorization,
    memorization,
    thumbnails,
)
from anime_style_tf.evaluation.fidelity.moved_pixels import moved_levels
from anime_style_tf.evaluation.fidelity.neighborhoods import neighborhoods
from anime_style_tf.evaluation.fidelity.sharpness import edge_ratio, nyquist_ratio
from anime_style_tf.evaluation.fidelity.sliced_wasserstein import sliced_wasserstein
from anime_style_tf.evaluation.uncertainty import intervals
from anime_style_tf.evaluation.uncertainty.measurements import measured, measurement, rounded
from anime_style_tf.workdir import networks

AXES = 32  # of the feature space: with more, a few hundred works no longer show a difference
_SPLITS = {
    "generated": "generated: style codes of test works, content and free codes of N(0, I)",
    "generated_as_drawn": "generated: style codes of test works, content codes drawn as those of "
    "training works lie, as `generate` and the figures draw them, random free codes",
    "generated_with_works_content": "generated: style codes of test works, content codes of other "
    "test works, on which VAE and GAN were trained, random free codes",
    "works": "test works that chose the number of dimensions, against those that report: what a "
    "generator can reach",
}
_FEATURES = (
    f"in the first {AXES} principal axes, of unit variance over training works, of the means of "
    "all maps of the run's reference classifier, through which no generator was trained (where it "
    "has none, of its code, over frozen maps that a projected judge reads too)"
)
_PARTS = "95 % jackknife interval, a twentieth of both sets left out at a time"
_WILSON = "95 % Wilson interval"
_SQUARES = (
    "by the colors of 16 x 16 squares, among the first 2000 training works at most; a copy of "
    "another work, of a test work too, on which VAE and GAN were trained, does not show"
)


@dataclasses.dataclass(frozen=True)
class Compared:
    """A set of pictures beside as many works that report.

    Attributes:
        images: `[images, height, width, 3]`, sRGB uint8.
        works: the same shape.
        features: `[images, features]`, see `feature_space`.
        works_features: `[images, features]`.
        nearest: their distances to training works.
    """

    images: np.ndarray
    works: np.ndarray
    features: np.ndarray
    works_features: np.ndarray
    nearest: Memorization

    @functools.cached_property
    def frechet(self):
        """`FrechetDistance`."""
        return extrapolated_frechet_distance(self.features, self.works_features)

    @functools.cached_property
    def neighborhoods(self):
        """`Neighborhoods`."""
        return neighborhoods(self.features, self.works_features)


# name -> function of `Compared` to a value and its interval, or to those of each level; definition.
MEASURES = {
    "frechet_distance": (
        lambda sets: (sets.frechet.extrapolated, sets.frechet.interval),
        f"Frechet distance {_FEATURES}, less the part that falls as one over the number of images; "
        f"{_PARTS}",
    ),
    "frechet_distance_of_so_many": (
        lambda sets: (sets.frechet.value, None),
        f"Frechet distance {_FEATURES}, of the images as they are; fewer give a larger one",
    ),
    "kernel_distance": (
        lambda sets: kernel_distance_with_interval(sets.features, sets.works_features),
        "unbiased squared maximum mean discrepancy with the kernel (x . y / features + 1)^3 "
        f"{_FEATURES}; {_PARTS}",
    ),
    "precision": (
        lambda sets: _share(sets.neighborhoods.precise),
        f"share of images nearer to some work than its 5th neighbor {_FEATURES}; {_WILSON} over "
        "images, these works",
    ),
    "recall": (
        lambda sets: _share(sets.neighborhoods.recalled),
        f"share of works nearer to some image than its 5th neighbor {_FEATURES}; {_WILSON} over "
        "works, these images",
    ),
    "density": (
        lambda sets: _mean(sets.neighborhoods.densities),
        "number of works that an image is nearer to than their 5th neighbor, over 5, mean over "
        f"images, {_FEATURES}; 95 % Student's interval over images, these works",
    ),
    "coverage": (
        lambda sets: _share(sets.neighborhoods.covered),
        f"share of works with an image nearer than their 5th neighbor {_FEATURES}; {_WILSON} over "
        "works, these images",
    ),
    "sliced_wasserstein": (
        lambda sets: sliced_wasserstein(sets.images, sets.works),
        "mean distance along random directions, times 1000, of 7 x 7 patches of that level of the "
        "Laplacian pyramid, its side in pixels, each channel in units of the works' deviation; "
        f"{_PARTS}",
    ),
    "nyquist_ratio": (
        lambda sets: nyquist_ratio(sets.images),
        "energy of L* at the highest frequency, every other row or column, over the mean of the "
        "four next to it; noise has 1; 95 % jackknife interval over images",
    ),
    "edge_ratio": (
        lambda sets: edge_ratio(sets.images, sets.works),
        "mean absolute difference of L* to the neighboring pixels, over that of the works; "
        f"{_PARTS}",
    ),
    "nearer_to_training_works": (
        lambda sets: sets.nearest.nearer(),
        "how often an image is nearer to its nearest training work than a work that reports is to "
        f"its own, {_SQUARES}: 1/2 if as near, 1 if all are copies; {_PARTS}",
    ),
    "copies_of_training_works": (
        lambda sets: sets.nearest.copies(),
        "share of images nearer to a training work than the nearest hundredth of the works that "
        f"report, {_SQUARES}; {_WILSON} over images",
    ),
}


def measure_fidelity(run, *, images=500):
    """Measures generated images against works, and works against other works beside them.

    Args:
        run: `MeasuredRun`.
        images: how many of each set at most, and no more than half of the test split; raising it
            narrows the intervals.

    Returns:
        Dictionary measure of `MEASURES` -> set (`generated`, `generated_as_drawn`,
        `generated_with_works_content`, `works`) -> measurement; and `moved_by`, code ->
        measurement.
    """
    works, others = run.first_works(images).images, run.selecting_images(images)
    count = min(len(works), len(others))
    works, others = works[:count], others[:count]
    codes = _Codes(run.trained, others, run.seed)
    training = run.gallery_works.images
    features = feature_space(run.trained, training)
    pictures = {
        "generated": codes.drawn(),
        "generated_as_drawn": codes.drawn(content=codes.drawn_content),
        "generated_with_works_content": codes.drawn(content=codes.works_content),
        "works": others,
    }
    result = {name: {} for name in MEASURES}
    for kind, drawn in pictures.items():
        drawn = as_uint8(drawn)
        nearest = memorization(*map(thumbnails, (drawn, works, training)))
        sets = Compared(drawn, works, features(drawn), features(works), nearest)
        for name, (function, definition) in MEASURES.items():
            about = {"definition": definition, "count": count, "split": _SPLITS[kind]}
            result[name][kind] = measured(_entry, function, sets, about)
    return result | {"moved_by": _moved_by(codes, count)}


def feature_space(trained, training):
    """The space that images are compared in: one that shows blur, and that no loss has looked at.

    Args:
        trained: `Trained`.
        training: `[works, height, width, 3]`, sRGB uint8, training works that set the axes.

    Returns:
        Function from sRGB images `[images, height, width, 3]` to features `[images, AXES]`, or
        fewer where the classifier's maps have fewer axes.
    """
    encoder = trained.network("style", "classifier_encoder")

    def means(lab):
        if encoder.trunk is None:  # a head over frozen maps has no maps that it has learned
            return encoder(lab)
        maps = encoder.trunk.maps(lab)
        return ops.concatenate([ops.mean(each, axis=(1, 2)) for each in maps], axis=-1)

    means_of = networks.image_function(means)
    axes = make_pipeline(StandardScaler(), PCA(svd_solver="full", whiten=True))
    axes.fit(means_of(training))
    variances = axes[-1].explained_variance_
    kept = min(AXES, np.count_nonzero(variances > 1e-6 * variances[0]))
    return lambda images: axes.transform(means_of(images))[:, :kept]


def summarize_fidelity(fidelity):
    """Returns the lines of how far and how sharp generated images are, works beside them."""

    def beside(name):
        generated, works = (rounded(fidelity[name][kind]) for kind in ("generated", "works"))
        return f"{name.replace('_', ' ')} {generated} (works {works})"

    names = ("kernel_distance", "recall", "nyquist_ratio", "edge_ratio")
    moved = rounded(fidelity["moved_by"]["free"])
    return [
        f"generated images against works: {', '.join(map(beside, names))}; another free code moves "
        f"a pixel by {moved} levels of 255"
    ]


class _Codes:
    """Style codes of works, and content and free codes to go with them.

    Args:
        trained: `Trained`.
        works: `[works, height, width, 3]`, sRGB uint8.
        seed: of the random codes.
    """

    def __init__(self, trained, works, seed):
        self.generator = np.random.default_rng((seed, 3))
        self.trained = trained
        self.style, content = trained.encode(works)
        self.works_content = content[self.generator.permutation(len(content))]
        # By a chance of its own, so that the other codes are those of before there was a density.
        apart = np.random.default_rng((seed, 6))
        self.drawn_content = trained.content_density.sample(apart, len(content))
        self.content = self.random(trained.content_encoder.code_size)
        self.free = self.random(trained.free_size)

    def random(self, size):
        """Standard normal codes, `[works, size]`."""
        return self.generator.standard_normal((len(self.style), size))

    def drawn(self, **others):
        """Images of these codes, with `others` in place of the codes of those names."""
        codes = {"style": self.style, "content": self.content, "free": self.free} | others
        return self.trained.generate(**codes)


def _moved_by(codes, count):
    """What another code of each kind changes."""
    before = codes.drawn()
    others = {
        "free": codes.random(codes.free.shape[1]),
        "content": codes.random(codes.content.shape[1]),
        "style": codes.style[codes.generator.permutation(count)],
    }
    result = {}
    for name, other in others.items():
        value, interval = moved_levels(before, codes.drawn(**{name: other}))
        result[name] = measurement(
            value, interval=interval, count=count, split=_SPLITS["generated"],
            definition=f"mean absolute change of a channel of a pixel, in levels of 255, by "
            f"another {name} code, a test work's style or a random one; 95 % Student's interval "
            "over images",
        )  # fmt: skip
    return result


def _entry(function, sets, about):
    value = function(sets)
    if isinstance(value, dict):
        return {str(level): _one(*of_level, about) for level, of_level in value.items()}
    return _one(*value, about)


def _one(value, interval, about):
    return measurement(value, interval=interval, **about)


def _share(hits):
    return hits.mean(), intervals.wilson_interval(hits.sum(), len(hits))


def _mean(values):
    return values.mean(), intervals.mean_interval(values)


def as_uint8(images):
    """Returns images as they are stored, rounded from [0, 1] where they are not yet."""
    return images if images.dtype == np.uint8 else np.round(255 * images).astype(np.uint8)
