"""Floors under retrieval: what features find that nobody trained, on the same works."""

import numpy as np

from anime_style_tf.evaluation.floors import FLOORS
from anime_style_tf.evaluation.retrieval.ranking import rank
from anime_style_tf.evaluation.uncertainty import two_way
from anime_style_tf.evaluation.uncertainty.measurements import measurement
from anime_style_tf.stages.measures.style_measures import DEFINITIONS, TWO_WAY

_MEASURES = ("precision_at_1", "map_at_r")


def measure_floors(works, gallery, subjects, codes, *, about):
    """Measures retrieval by hand-made features, and by the style code on the same works.

    Args:
        works: `Works` that search.
        gallery: `Works` that are searched.
        subjects: `[works]`, identities of those that search.
        codes: `(queries [works, k_S], gallery [gallery, k_S])`, style codes of the same works.
        about: `split` of the measurements.

    Returns:
        Dict floor, or `style_code` -> measure -> measurement; and `gallery`, its size.
    """
    about = about | {"count": len(works.labels)}

    def measure(features, what):
        found = rank(features[0], works.labels, features[1], gallery.labels, cutoffs=(1,))
        clusters = works.labels[found.counted], subjects[found.counted]
        return {
            name: measurement(
                np.mean(found.of_counted(name)),
                interval=np.clip(two_way.mean_interval(found.of_counted(name), *clusters), 0, 1)[
                    :, 0
                ],
                definition=f"{DEFINITIONS[name]}; nearest by {what}; {TWO_WAY}",
                **about,
            )
            for name in _MEASURES
        }

    result = {"style_code": measure(codes, "the first k_S dimensions of the style code")}
    for name, floor in FLOORS.items():
        features = floor(works.images), floor(gallery.images)
        result[name] = measure(features, f"hand-made features, evaluation.floors.{name}")
    return result | {"gallery": len(gallery.labels)}
