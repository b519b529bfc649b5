"""The style code: accuracy, variance ratio and retrieval of both networks."""

import dataclasses
import functools

import numpy as np

from anime_style_tf.data.schema import IMAGE, WORK_ID
from anime_style_tf.evaluation.perturbations import PERTURBATIONS
from anime_style_tf.evaluation.prefixes import classifier_accuracy, presumed_style_accuracy
from anime_style_tf.evaluation.uncertainty.measurements import NOT_MEASURED, measured, measurement
from anime_style_tf.evaluation.variance import ratio_of_ratios, ratio_with_interval
from anime_style_tf.stages.measures.floor_measures import measure_floors
from anime_style_tf.stages.measures.style_measures import (
    SEARCHED,
    SEARCHING,
    measure_retrieval,
    measure_robustness,
    measure_validity,
)
from anime_style_tf.workdir import networks

REPORT_SPLIT = "test, the half that did not choose the number of dimensions"
METHODS = ("metric_learning", "classifier")
_PLACES = ("at_k_S", "against_d")
_JACKKNIFE = (
    "95 % jackknife interval over artists, on the logarithm, Student's t: for other artists and "
    "other works, these networks"
)
_RATIO = (
    "variance of works about their artist's true mean, divided by the mean squared distance "
    "between works of different artists, on the first d dimensions; unbiased variance; 0 is "
    f"perfect, 1/2 says that artists do not differ; {_JACKKNIFE}"
)
_QUOTIENT = (
    "variance ratio of metric learning divided by the classifier's, on the first d dimensions of "
    "each, the same works; below 1 metric learning gathers an artist's works more closely; "
    f"{_JACKKNIFE}, the same artists left out of both"
)
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
        ratio[method] = measured(
            _curve, ratio_with_interval, codes, labels, chosen=chosen, about=about, says=_RATIO
        )
    both = (style.codes[method][0] for method in METHODS)
    quotient = measured(
        _curve, ratio_of_ratios, *both, labels, chosen=chosen, about=about, says=_QUOTIENT
    )
    at_k = accuracy["metric_learning"]
    low, high = at_k.interval()
    return {
        "k_S": measurement(chosen, definition=trained.pruning("style")["rule"]),
        "accuracy_at_k_S": measurement(
            at_k.accuracy[chosen - 1],
            interval=(low[chosen - 1], high[chosen - 1]),
            definition="share of works whose nearest presumed style on the first k_S dimensions "
            "is their artist's; 95 % Wilson interval, works clustered by artist: for other artists "
            "and works",
            **about,
        ),
        "accuracy_against_d": {
            method: _accuracy_curve(curve, about) for method, curve in accuracy.items()
        },
        **{
            f"variance_ratio_{place}": {
                method: each.get(place, each) for method, each in ratio.items()
            }
            for place in _PLACES
        },
        **{f"ratio_of_variance_ratios_{place}": quotient.get(place, quotient) for place in _PLACES},
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
        "Wilson intervals, works clustered by artist: for other artists and works",
        **about,
    )


def _curve(function, *works, chosen, about, says):
    """Measurements of a function that gives a value and an interval for each d."""
    value, (low, high) = function(*works)
    at = chosen - 1
    parts = (value[at], (low[at], high[at])), (value, (low, high))
    return {
        place: measurement(part, interval=interval, definition=says, **about)
        for place, (part, interval) in zip(_PLACES, parts, strict=True)
    }
