"""A run as it is measured: the networks, codes and works that all measures share."""

import dataclasses
import functools
from typing import NamedTuple

import numpy as np

from anime_style_tf.data.schema import FACTORS, IMAGE, WORK_ID
from anime_style_tf.evaluation.arrays import Codes
from anime_style_tf.evaluation.uncertainty.measurements import NOT_MEASURED
from anime_style_tf.workdir import networks

REPORT_SPLIT = "test, the half that did not choose the number of dimensions"
# Method -> its network in the folder `style`.
METHODS = {"metric_learning": "style_encoder", "classifier": "classifier_encoder"}
# Of larger sets the first works search and are searched. They are random ones: records lie in the
# order of a hash.
QUERIES, GALLERY = 2000, 20_000
_LOOKED_AT = 500  # works that are judged as generated images are, and that search by features
_GALLERY_IMAGES = 2000  # training works that they search


@dataclasses.dataclass(frozen=True)
class Works:
    """Images of some works.

    Attributes:
        images: `[works, height, width, 3]`, sRGB uint8.
        labels: int `[works]`, the artists.
        factors: JSON object of what each is known to show, bytes; empty where nobody asks.
    """

    images: np.ndarray
    labels: np.ndarray
    factors: tuple[bytes, ...] = ()


class SearchCodes(NamedTuple):
    """Codes of the works that report, which search, and of the training works, the gallery."""

    queries: Codes
    gallery: Codes


class MeasuredRun:
    """A trained run, the codes of its works under each network, and the works themselves.

    Half of the test split chose the number of dimensions; the other half reports. Codes are checked
    here, when they come from the network, and nowhere else.

    Args:
        trained: `Trained`.
        seed: of every random choice.

    Attributes:
        trained: the networks and records.
        seed: of every random choice.
        absent: method -> why it is not measured, an entry of `metrics.json`; empty where both are.
        codes: method that is not absent -> `SearchCodes` of all dimensions; of more than `GALLERY`
            training works the first ones, whose codes are the larger part of the memory.
        chosen: k_S.
        kept: `SearchCodes` by metric learning on the first k_S dimensions, all training works.
        selecting: `Codes` of the other half of the test split, likewise.
        basis: `count` and `split` of what is measured on all works that report.
    """

    def __init__(self, trained, *, seed=0):
        self.trained = trained
        self.seed = seed
        records = trained.records
        selecting = networks.selection_half(records.count("test"))
        self._reporting = ~selecting
        reason = trained.lacks("classifier")
        self.absent = {"classifier": {NOT_MEASURED: reason}} if reason else {}
        self.chosen = trained.pruning("style")["code_size"]
        self.codes = {}
        artists = records.labels("train")
        for method in [method for method in METHODS if method not in self.absent]:
            encoder = trained.network("style", METHODS[method])
            test = Codes(networks.over_records(encoder, records, "test"), records.labels("test"))
            train = networks.over_records(encoder, records, "train")
            queries, gallery = test.of(self._reporting), Codes(train[:GALLERY], artists[:GALLERY])
            self.codes[method] = SearchCodes(queries, gallery)
            if method == "metric_learning":
                all_kept = Codes(train[:, : self.chosen], artists)
                self.kept = SearchCodes(queries.prefix(self.chosen), all_kept)
                self.selecting = test.of(selecting).prefix(self.chosen)
        self.basis = {"count": len(self.kept.queries), "split": REPORT_SPLIT}

    @functools.cached_property
    def identities(self):
        """Works' identities, which several artists may share, of those that report, `[works]`."""
        batches = self.trained.records.batches("test", 64, repeat=False).as_numpy_iterator()
        every = np.concatenate([batch[WORK_ID] for batch in batches]).astype(object)
        return every[self._reporting]

    @functools.cached_property
    def works(self):
        """The first works that report: `Works`."""
        return self.first_works(_LOOKED_AT)

    @functools.cached_property
    def gallery_works(self):
        """The first training works: `Works`."""
        labels = self.kept.gallery.labels
        return self._works("train", np.ones(len(labels), bool), labels, _GALLERY_IMAGES)

    def first_works(self, count):
        """Returns the first `count` works that report, or all, as `Works`."""
        return self._works("test", self._reporting, self.kept.queries.labels, count)

    def selecting_images(self, count):
        """Returns images of the first `count` works of the other half of the test split, or all."""
        return self._works("test", ~self._reporting, self.selecting.labels, count).images

    def _works(self, split, rows, labels, most):
        """The first works of a split among `rows`, bool `[works]`, at most so many."""
        images, factors, seen = [], [], 0
        batches = self.trained.records.batches(split, 64, repeat=False).as_numpy_iterator()
        for batch in batches:
            here = rows[seen : seen + len(batch[IMAGE])]
            images += list(batch[IMAGE][here])
            factors += list(batch[FACTORS][here])
            seen += len(here)
            if len(images) >= most:
                break
        return Works(np.stack(images[:most]), labels[: len(images[:most])], tuple(factors[:most]))
