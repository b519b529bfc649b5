"""Is doubt about who drew a work right? Calibration error, and telling artists nobody knows."""

import numpy as np

from anime_style_tf import attribution
from anime_style_tf.evaluation.uncertainty import calibration
from benchmarks.unseen_works import first_half

MOST_DIMENSIONS = 64  # of a code; the features that floors compare have thousands


def answers(code, training, queries, artists, families):
    """What an attribution says of half of the queries; the other half gives it its spread.

    Args:
        code: function from "as it is" and rows to codes.
        training: rows of the training works.
        queries: rows of the queries.
        artists: int `[works]`; below 0 where no training work is by the same artist.
        families: `[works]`.

    Returns:
        Dictionary of `confidence` and `right`, `[queries / 2]`, given that the artist is known, and
        `separation`, how often a work by an unknown artist looks stranger than one of those; nan
        without such works. None where codes are too long.
    """
    trained = code("as it is", training)
    if trained.shape[1] > MOST_DIMENSIONS:
        return None
    fitting = first_half(families[queries], "calibrate")
    spread, reporting = queries[fitting], queries[~fitting]
    names = [str(artist) for artist in range(artists.max() + 1)]
    model = attribution.fit(
        names, trained, artists[training], code("as it is", spread), artists[spread]
    )
    asked = code("as it is", reporting)
    known = model.attribute(asked).probabilities[:, :-1]
    known = known / known.sum(axis=1, keepdims=True)
    unknown = np.flatnonzero(artists < 0)
    separation = float("nan")
    if len(unknown):
        strange = -model.familiarity(np.concatenate([asked, code("as it is", unknown)]))
        is_unknown = np.arange(len(strange)) >= len(asked)
        separation = calibration.separation(strange, is_unknown)
    right = known.argmax(axis=1) == artists[reporting]
    return {"confidence": known.max(axis=1), "right": right, "separation": separation}


def summary(of_seeds):
    """Calibration error over the works of all seeds, and the mean separation.

    Args:
        of_seeds: list of what `answers` returned.

    Returns:
        Dictionary of `{"value"}`, and of the calibration error also what chance leaves of it; empty
        without answers.
    """
    if None in of_seeds:
        return {}
    confidence = np.concatenate([each["confidence"] for each in of_seeds])
    right = np.concatenate([each["right"] for each in of_seeds])
    chance, high = calibration.error_if_calibrated(confidence)
    row = {
        "calibration_error": {
            "value": calibration.reliability(confidence, right).error,
            "if_calibrated": chance,
            "at_most_if_calibrated": high,
        }
    }
    separation = float(np.mean([each["separation"] for each in of_seeds]))
    return row if np.isnan(separation) else row | {"auroc_of_unknown": {"value": separation}}
