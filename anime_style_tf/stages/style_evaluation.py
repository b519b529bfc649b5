"""Stage 5, the style code: accuracy, variance ratio and retrieval of both networks."""

import dataclasses
import functools

import numpy as np

from anime_style_tf.data.schema import IMAGE, WORK_ID
from anime_style_tf.evaluation.perturbations import PERTURBATIONS
from anime_style_tf.evaluation.prefixes import classifier_accuracy, presumed_style_accuracy
from anime_style_tf.evaluation.uncertainty.intervals import bootstrap_interval
from anime_style_tf.evaluation.uncertainty.measurements import NOT_MEASURED, measured, measurement
from anime_style_tf.evaluation.variance import variance_ratio
from anime_style_tf.stages import networks
from anime_style_tf.stages.floor_measures import measure_floors
from anime_style_tf.stages.style_measures import (
    SEARCHED,
    SEARCHING,
    measure_retrieval,
    measure_robustness,
    measure_validity,
)

REPORT_SPLIT = "test, the half that did not choose the number of dimensions"
METHODS = ("metric_learning", "classifier")
_CHANGED_IMAGES = 1000  # works whose files are changed, to see what it does to their codes
_LOOKED_AT = 500  # works that are judged as generated images are, and that search by features
_GALLERY_IMAGES = 2000  # training works that they search


@dataclasses.dataclass(frozen=True)
class Works:
    """Images of some works.

    Attributes:
        images: `[works, height, width, 3]`, sRGB uint8.
        labels: int `[works]`, the artists.
    """

    images: np.ndarray
    labels: np.ndarray


class StyleCodes:
    """Both networks' codes of the works that report and of the training works.

    Of those that selected, only the style code.

    Args:
        trained: `Trained`.
    """

    def __init__(self, trained):
        records = trained.records
        selecting = networks.selection_half(records.count("test"))
        self.reporting = ~selecting
        self.labels = records.labels("test")[self.reporting]
        self.selecting_labels = records.labels("test")[selecting]
        self.gallery_labels = records.labels("train")
        self.codes = {}
        for method, name in zip(METHODS, ("style_encoder", "classifier_encoder"), strict=True):
            encoder = trained.network("style", name)
            test = networks.over_records(encoder, records, "test")
            if method == "metric_learning":
                self.selecting_codes = test[selecting]
            self.codes[method] = (
                test[self.reporting],
                networks.over_records(encoder, records, "train"),
            )
        self.about = {"count": len(self.labels), "split": REPORT_SPLIT}
        self.records = records

    @functools.cached_property
    def works(self):
        """The first works that report: `Works`."""
        images = _images(self.records, "test", self.reporting, _LOOKED_AT)
        return Works(images, self.labels[: len(images)])

    @functools.cached_property
    def gallery_works(self):
        """The first training works: `Works`."""
        everyone = np.ones(len(self.gallery_labels), bool)
        images = _images(self.records, "train", everyone, _GALLERY_IMAGES)
        return Works(images, self.gallery_labels[: len(images)])


def measure_style(trained, style):
    """Accuracy and variance ratio against prefix length, for both networks.

    Args:
        trained: `Trained`.
        style: `StyleCodes`.

    Returns:
        Dictionary of measurements.
    """
    chosen = trained.pruning("style")["code_size"]
    artists, labels, about = trained.artists, style.labels, style.about
    accuracy, ratio = {}, {}
    for method, (codes, _) in style.codes.items():
        if method == "classifier":
            kernel, bias = artists["classifier_kernel"], artists["classifier_bias"]
            accuracy[method] = classifier_accuracy(codes, labels, kernel, bias)
        else:
            accuracy[method] = presumed_style_accuracy(codes, labels, artists["presumed_styles"])
        ratio[method] = measured(_variance_ratios, codes, labels, chosen, about)
    at_k = accuracy["metric_learning"]
    low, high = at_k.interval()
    return {
        "k_S": measurement(chosen, definition=trained.pruning("style")["rule"]),
        "accuracy_at_k_S": measurement(
            at_k.accuracy[chosen - 1],
            interval=(low[chosen - 1], high[chosen - 1]),
            definition="share of works whose nearest presumed style on the first k_S dimensions "
            "is their artist's; 95 % Wilson interval over works",
            **about,
        ),
        "accuracy_against_d": {
            method: _accuracy_curve(curve, about) for method, curve in accuracy.items()
        },
        **{
            name: {method: each.get(name, each) for method, each in ratio.items()}
            for name in ("variance_ratio_at_k_S", "variance_ratio_against_d")
        },
    }


def measure_search(trained, style):
    """Retrieval against prefix length, its validity, and robustness to changes of the file.

    Args:
        trained: `Trained`.
        style: `StyleCodes`.

    Returns:
        Dictionary of the sections `retrieval`, `validity` and `robustness`.
    """
    chosen = trained.pruning("style")["code_size"]
    images = _images(trained.records, "test", style.reporting, _CHANGED_IMAGES)
    subjects = _identities(trained.records, style.reporting)
    queries, gallery = (codes[:, :chosen] for codes in style.codes["metric_learning"])
    encoder = trained.network("style", "style_encoder")
    changed = {
        change: networks.over_images(encoder, perturb(images))[:, :chosen]
        for change, perturb in PERTURBATIONS.items()
    }
    some = slice(len(images))
    searching, searched = slice(SEARCHING), slice(SEARCHED)
    found = measured(
        measure_retrieval,
        {name: (of[searching], among[searched]) for name, (of, among) in style.codes.items()},
        style.labels[searching], style.gallery_labels[searched], subjects[searching],
        chosen=chosen, about=style.about | {"count": len(style.labels[searching])},
    )  # fmt: skip
    if NOT_MEASURED not in found:
        found["gallery"] = len(style.gallery_labels[searched])
        found["floors"] = measured(
            measure_floors,
            style.works,
            style.gallery_works,
            subjects[: len(style.works.labels)],
            (queries[:_LOOKED_AT], gallery[:_GALLERY_IMAGES]),
            about=style.about,
        )
    return {
        "retrieval": found,
        "validity": measure_validity(
            queries, style.labels, gallery, style.gallery_labels, subjects,
            names=trained.records.artists, about=style.about,
        ),
        "robustness": measured(
            measure_robustness, queries[some], changed, style.labels[some],
            trained.artists["presumed_styles"][:, :chosen],
            about=style.about | {"count": len(images)},
        ),
    }  # fmt: skip


def _images(records, split, rows, most):
    """Images of the first works of a split among `rows`, bool `[works]`, at most so many."""
    images, seen = [], 0
    for batch in records.batches(split, 64, repeat=False).as_numpy_iterator():
        images += list(batch[IMAGE][rows[seen : seen + len(batch[IMAGE])]])
        seen += len(batch[IMAGE])
        if len(images) >= most:
            break
    return np.stack(images[:most])


def _identities(records, rows):
    batches = records.batches("test", 64, repeat=False).as_numpy_iterator()
    return np.concatenate([batch[WORK_ID] for batch in batches]).astype(object)[rows]


def _accuracy_curve(curve, about):
    return measurement(
        curve.accuracy,
        interval=curve.interval(),
        definition="share of works attributed to their artist from the first d dimensions, d = 1, "
        "2, ...: metric learning by the nearest presumed style, the classifier by its logits; 95 % "
        "Wilson intervals over works",
        **about,
    )


def _variance_ratios(codes, labels, chosen, about):
    value = variance_ratio(codes, labels).ratio
    low, high = bootstrap_interval(
        lambda rows, drawn: variance_ratio(codes[rows], drawn).ratio, labels, resamples=200
    )
    at = chosen - 1
    return {
        "variance_ratio_at_k_S": _ratio(value[at], (low[at], high[at]), about),
        "variance_ratio_against_d": _ratio(value, (low, high), about),
    }


def _ratio(value, interval, about):
    return measurement(
        value,
        interval=interval,
        definition="variance of works about their artist's true mean, divided by the mean "
        "squared distance between works of different artists, on the first d dimensions; "
        "unbiased variance; 0 is perfect, 1/2 says that artists do not differ; 95 % bootstrap "
        "interval, artists drawn with replacement",
        **about,
    )
