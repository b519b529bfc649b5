"""How far the attribution of a run can be trusted: numbers, and their figure."""

import numpy as np

from anime_style_tf.errors import TooFewError
from anime_style_tf.evaluation.uncertainty import calibration, intervals, jackknife
from anime_style_tf.evaluation.uncertainty.measurements import NOT_MEASURED, measurement
from anime_style_tf.figures.calibration import Answers, reliability_and_risk
from anime_style_tf.library.attributor import fit_attribution, known_probabilities

_SPLIT = "test, the half that neither chose the number of dimensions nor fitted the attribution"
_ERROR_RATE = 0.05
_CHUNK = 1024  # works attributed at a time
_POINTS = 200  # of the risk-coverage curve that are written
_KNOWN = "given that one of the known artists drew the work"
_JACKKNIFE = "95 % jackknife interval over artists, Student's t: for other artists and works"


def measure_attribution(trained, style):
    """Attributes the works of the test split that report, by codes of k_S dimensions.

    Args:
        trained: `Trained`.
        style: `StyleCodes`.

    Returns:
        Dictionary of measurements; only `not_measured`, the reason, where there are too few
        works.
    """
    size, names = trained.pruning("style")["code_size"], np.array(trained.records.artists)
    reporting, training = (codes[:, :size] for codes in style.codes["metric_learning"])
    selecting = style.selecting_codes[:, :size]
    try:
        model = fit_attribution(
            (training, names[style.gallery_labels]), (selecting, names[style.selecting_labels])
        )
    except TooFewError as error:
        return {NOT_MEASURED: str(error)}
    return measure(model, reporting, names[style.labels])


def measure(model, codes, artists):
    """Compares an attribution with the truth.

    Args:
        model: `attribution.Attribution`, calibrated.
        codes: `[works, code]`, of works that nothing was fitted on.
        artists: `[works]`, names that the attribution knows.

    Returns:
        Dictionary of measurements.
    """
    labels = np.searchsorted(model.names, artists)  # its names are sorted
    found = _attribute(model, codes, labels)
    confidence, right = found["confidence"], found["right"]
    bins = calibration.reliability(confidence, right)
    curve = calibration.risk_coverage(confidence, right)
    _, by_chance = calibration.error_if_calibrated(confidence)
    about = {"count": len(labels), "split": _SPLIT}

    return {
        "accuracy": _share(
            right, labels, f"share of works whose likeliest artist is theirs, {_KNOWN}"
        ),
        "calibration_error": measurement(
            bins.error,
            interval=calibration.error_interval(confidence, right),
            definition="expected calibration error: mean distance between the probability stated "
            "for the likeliest artist and how often it is right, over 15 bins of equally many "
            f"works, {_KNOWN}; chance raises it; 95 % interval: it -+ "
            "`calibration_error_by_chance`, for other works by these artists",
            **about,
        ),
        "calibration_error_by_chance": measurement(
            by_chance,
            definition="95th percentile of the calibration error that as many works leave where "
            "every probability is right; up to it there is no evidence against them",
            **about,
        ),
        "brier_score": _jackknifed(
            lambda rows: np.mean(found["brier"][rows]),
            labels,
            f"squared distance of the probabilities of all artists from the truth, {_KNOWN}; 0 is "
            "perfect, 2 the worst",
        ),
        "risk_coverage_area": _jackknifed(
            lambda rows: calibration.risk_coverage(confidence[rows], right[rows]).area,
            labels,
            "share of wrong answers among the surest works, mean over all shares answered; 0 is "
            "perfect",
        ),
        "called_unknown": _share(
            found["unknown"],
            labels,
            f"share of works by known artists that are called unknown at an error rate of "
            f"{_ERROR_RATE:g}",
        ),
        **_curves(bins, curve, about),
    }


def _share(hits, artists, definition):
    interval = intervals.share_interval(hits, artists)
    definition += "; 95 % Wilson interval, works clustered by artist: for other artists and works"
    about = {"count": len(hits), "split": _SPLIT}
    return measurement(np.mean(hits), interval=interval, definition=definition, **about)


def _jackknifed(statistic, artists, definition):
    whole = statistic(slice(None))
    low, high = jackknife.interval(whole, jackknife.without_each(statistic, artists))
    definition += f"; {_JACKKNIFE}"
    about = {"count": len(artists), "split": _SPLIT}
    return measurement(whole, interval=(max(low, 0), high), definition=definition, **about)


def calibration_figure(measured, *, artists):
    """Draws the reliability diagram and the risk-coverage curve.

    Args:
        measured: what `measure_attribution` returned, as JSON gives it back.
        artists: how many can be answered.

    Returns:
        matplotlib figure, or None where nothing was measured.
    """
    if NOT_MEASURED in measured:
        return None
    value = {name: entry["value"] for name, entry in measured.items()}
    low, high = measured["reliability"]["interval"]
    answers = Answers(
        confidence=np.array(value["stated_probability"]),
        accuracy=np.array(value["reliability"]),
        low=np.array(low),
        high=np.array(high),
        error=value["calibration_error"],
        coverage=np.array(value["coverage"]),
        risk=np.array(value["risk"]),
        area=value["risk_coverage_area"],
    )
    works = measured["accuracy"]["count"]
    return reliability_and_risk(
        {"attribution": answers}, artists=artists, works=works, split="held-out test"
    )


def _attribute(model, codes, labels):
    """Returns arrays `[works]`: `confidence`, `right`, `brier` and `unknown`."""
    parts = []
    for start in range(0, len(codes), _CHUNK):
        chunk, own = codes[start : start + _CHUNK], labels[start : start + _CHUNK]
        chances = known_probabilities(model, chunk)
        parts.append(
            {
                "confidence": chances.max(axis=1),
                "right": chances.argmax(axis=1) == own,
                "brier": calibration.brier_score(chances, own),
                "unknown": model.attribute(chunk).unknown(_ERROR_RATE),
            }
        )
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _curves(bins, curve, about):
    points = np.unique(np.linspace(0, len(curve.risk) - 1, _POINTS).round().astype(int))
    return {
        "stated_probability": measurement(
            bins.confidence,
            definition="mean probability stated for the likeliest artist, in each bin of equally "
            "many works",
            **about,
        ),
        "reliability": measurement(
            bins.accuracy,
            interval=bins.interval(),
            definition="share of works whose likeliest artist is theirs, in each of these bins; "
            "95 % Wilson intervals over works, for other works by these artists",
            **about,
        ),
        "coverage": measurement(
            curve.coverage[points], definition="share of the works answered, surest first"
        ),
        "risk": measurement(
            curve.risk[points], definition="share of wrong answers among these", **about
        ),
    }
