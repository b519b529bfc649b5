"""Floors under retrieval: what features find that nobody trained, on the same works."""

import numpy as np

from anime_style_tf.evaluation.arrays import Codes
from anime_style_tf.evaluation.floors import FLOORS
from anime_style_tf.evaluation.retrieval.ranking import rank
from anime_style_tf.evaluation.uncertainty import two_way
from anime_style_tf.evaluation.uncertainty.measurements import measurement
from anime_style_tf.stages.measures.retrieval_measures import DEFINITIONS, TWO_WAY

_MEASURES = ("precision_at_1", "map_at_r")


def measure_floors(run):
    """Retrieval by hand-made features, and by the style code on the same works.

    Args:
        run: `MeasuredRun`.

    Returns:
        Dict floor, or `style_code` -> measure -> measurement; and `gallery`, its size.
    """
    works, gallery = run.works, run.gallery_works
    basis = run.basis | {"count": len(works.labels)}

    def measure(queries, searched, what):
        ranking = rank(queries, gallery=searched, cutoffs=(1,))
        identities = run.identities[: len(works.labels)]
        clusters = works.labels[ranking.counted], identities[ranking.counted]
        values = {name: ranking.of_counted(name) for name in _MEASURES}
        return {
            name: measurement(
                np.mean(of_works),
                interval=np.clip(two_way.mean_interval(of_works, *clusters), 0, 1)[:, 0],
                definition=f"{DEFINITIONS[name]}; nearest by {what}; {TWO_WAY}",
                **basis,
            )
            for name, of_works in values.items()
        }

    codes = (
        run.kept.queries.of(slice(len(works.labels))),
        run.kept.gallery.of(slice(len(gallery.labels))),
    )
    result = {"style_code": measure(*codes, "the first k_S dimensions of the style code")}
    for name, floor in FLOORS.items():
        features = (Codes(floor(of.images), of.labels) for of in (works, gallery))
        result[name] = measure(*features, f"hand-made features, evaluation.floors.{name}")
    return result | {"gallery": len(gallery.labels)}


def summarize_floors(floors):
    """Returns the line of the style code beside the best floor."""
    at_1 = {name: floors[name]["precision_at_1"]["value"] for name in ("style_code", *FLOORS)}
    at_r = {name: floors[name]["map_at_r"]["value"] for name in at_1}
    best = max(FLOORS, key=at_1.get)
    return [
        f"nearest training work by the same artist {at_1['style_code']:.3f}, MAP@R "
        f"{at_r['style_code']:.3f}; the floor, features that nobody trained ({best}), "
        f"{at_1[best]:.3f} and {at_r[best]:.3f}"
    ]
