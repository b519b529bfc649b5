"""Who may have drawn a work: an attribution fitted on a run's codes, and asked at an error rate."""

import math

import numpy as np
from scipy import special

from anime_style_tf import attribution
from anime_style_tf.errors import InputError, TooFewError
from anime_style_tf.workdir.networks import selection_half

_LEAST_HELD_OUT = 4  # two for the spread and two for tails and temperature, then exchanged


def fit_attribution(training, selection):
    """Fits an attribution on the works that may be used for it.

    Means come from the training works. Of the selection half of the test split, every other
    work tells how new works spread and the rest sets the p-values; the half that reports is not
    looked at.

    Args:
        training: `(codes [works, k_S], artists [works])`, names of artists as texts.
        selection: the same, in the records' order, see `networks.selection_half`.

    Returns:
        `attribution.Attribution` with calibration works; its names are sorted.

    Raises:
        TooFewError: too few artists or works.
    """
    codes, artists = training
    names, labels = np.unique(np.asarray(artists, str), return_inverse=True)
    others, makers = np.asarray(selection[0]), np.asarray(selection[1], str)
    known = np.isin(makers, names)
    others, places = others[known], np.searchsorted(names, makers[known])
    held_out = selection_half(len(others))
    if len(names) < 2 or held_out.sum() < _LEAST_HELD_OUT:
        raise TooFewError(
            f"an attribution needs 2 artists and {2 * _LEAST_HELD_OUT - 1} test works in the half "
            f"that may be used for it, received {len(names)} and {len(others)}: give more works"
        )
    fitted = attribution.fit(names.tolist(), codes, labels, others[held_out], places[held_out])
    return fitted.calibrate(others[~held_out], places[~held_out])


def describe_attribution(model):
    """Returns JSON values that say what an attribution rests on."""
    works = len(model.calibration_codes)
    return {
        "artists": len(model.names),
        "training_works": int(model.counts.sum()),
        "calibration_works": works,
        "least_error_rate": 1 / (works + 1),
    }


def known_probabilities(model, codes):
    """Probabilities of the known artists, given that one of them it is.

    Args:
        model: `attribution.Attribution`.
        codes: `[works, k_S]`.

    Returns:
        `[works, artists]`, rows sum to 1.
    """
    return special.softmax(model.log_densities(codes)[:, :-1], axis=1)


class Attributor:
    """Says who may have drawn pictures, at an error rate.

    Args:
        model: `attribution.Attribution` of the run, calibrated.
        enrolled: codes `[works, k_S]` of each enrolled artist, by name.
        error_rate: in (0, 1), share of works by the run's artists that may be called unknown.

    Raises:
        InputError: an error rate outside (0, 1).

    Attributes:
        model: `attribution.Attribution` with the enrolled artists.
        definitions: what each number is, in words.
        notes: a line if nothing can be called unknown at this error rate.
    """

    def __init__(self, model, enrolled, error_rate):
        if not 0 < error_rate < 1:
            raise InputError(
                f"--error_rate: expected a share between 0 and 1, received {error_rate}"
            )
        works = len(model.calibration_codes)
        least = describe_attribution(model)["least_error_rate"]
        self.definitions = {
            "probability": f"that the artist drew the picture if one of the {len(model.names)} of "
            f"the run or of the {len(enrolled)} enrolled did; calibrated on held-out works of the "
            "run's artists (two-covariance model of style codes)",
            "p_value": f"of {works} held-out works by the run's artists and the picture itself, "
            "the share that fits the known artists no better than the picture does",
            "unknown": f"none of the known artists: the p-value is at most {error_rate:g}. Of new "
            "works by the run's artists at most that share is called unknown",
        }
        self.notes = []
        if least > error_rate:
            self.definitions["unknown"] += f"; with {works} held-out works no p-value is that small"
            enough = math.ceil(least * 1000) / 1000
            self.notes.append(
                f"nothing is called unknown: with {works} calibration works the least possible "
                f"p-value is {least:.2g}; give --error_rate={enough:g} or more"
            )
        for name, codes in enrolled.items():
            model = model.enroll(name, codes)
        self.model, self._error_rate = model, error_rate

    def __call__(self, codes):
        """Attributes works.

        Args:
            codes: `[works, k_S]`.

        Returns:
            A pair for each work: a dict with the likeliest `artist`, its `probability`,
            `p_value` and `unknown`; and a dict of all artists' probabilities.
        """
        answers = self.model.attribute(codes)
        chances = known_probabilities(self.model, codes)
        rows = zip(chances, answers.p_values, answers.unknown(self._error_rate), strict=True)
        return [
            (
                {
                    "artist": answers.names[chance.argmax()],
                    "probability": float(chance.max()),
                    "p_value": float(p_value),
                    "unknown": bool(unknown),
                },
                dict(zip(answers.names, chance.tolist(), strict=True)),
            )
            for chance, p_value, unknown in rows
        ]
