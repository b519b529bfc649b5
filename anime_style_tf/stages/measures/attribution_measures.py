"""How far the attribution of a run can be trusted."""

import numpy as np

from anime_style_tf.evaluation.uncertainty import calibration, intervals, jackknife
from anime_style_tf.evaluation.uncertainty.measurements import measurement
from anime_style_tf.library.attributor import fit_attribution, known_probabilities

_SPLIT = "test, the half that neither chose the number of dimensions nor fitted the attribution"
_ERROR_RATE = 0.05
_CHUNK = 1024  # works attributed at a time
_POINTS = 200  # of the risk-coverage curve that are written
_KNOWN = "given that one of the known artists drew the work"
_JACKKNIFE = "95 % jackknife interval over artists, Student's t: for other artists and works"


def measure_attribution(run):
    """Attributes the works of the test split that report, by codes of k_S dimensions.

    Args:
        run: `MeasuredRun`.

    Returns:
        Dictionary of measurements.

    Raises:
        TooFewError: too few works for an attribution.
    """
    names = np.array(run.trained.records.artists)
    queries, gallery = run.kept
    model = fit_attribution(
        (gallery.values, names[gallery.labels]), (run.selecting.values, names[run.selecting.labels])
    )
    return measure(model, queries.values, names[queries.labels])


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
    answers = _attribute(model, codes, labels)
    confidence, right = answers["confidence"], answers["right"]
    bins = calibration.reliability(confidence, right)
    curve = calibration.risk_coverage(confidence, right)
    _, by_chance = calibration.error_if_calibrated(confidence)
    basis = {"count": len(labels), "split": _SPLIT}

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
            **basis,
        ),
        "calibration_error_by_chance": measurement(
            by_chance,
            definition="95th percentile of the calibration error that as many works leave where "
            "every probability is right; up to it there is no evidence against them",
            **basis,
        ),
        "brier_score": _jackknifed(
            lambda rows: np.mean(answers["brier"][rows]),
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
            answers["unknown"],
            labels,
            f"share of works by known artists that are called unknown at an error rate of "
            f"{_ERROR_RATE:g}",
        ),
        **_curves(bins, curve, basis),
    }


def _share(hits, artists, definition):
    interval = intervals.share_interval(hits, artists)
    definition += "; 95 % Wilson interval, works clustered by artist: for other artists and works"
    basis = {"count": len(hits), "split": _SPLIT}
    return measurement(np.mean(hits), interval=interval, definition=definition, **basis)


def _jackknifed(statistic, artists, definition):
    whole = statistic(slice(None))
    low, high = jackknife.interval(whole, jackknife.without_each(statistic, artists))
    definition += f"; {_JACKKNIFE}"
    basis = {"count": len(artists), "split": _SPLIT}
    return measurement(whole, interval=(max(low, 0), high), definition=definition, **basis)


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


def _curves(bins, curve, basis):
    points = np.unique(np.linspace(0, len(curve.risk) - 1, _POINTS).round().astype(int))
    return {
        "stated_probability": measurement(
            bins.confidence,
            definition="mean probability stated for the likeliest artist, in each bin of equally "
            "many works",
            **basis,
        ),
        "reliability": measurement(
            bins.accuracy,
            interval=bins.interval(),
            definition="share of works whose likeliest artist is theirs, in each of these bins; "
            "95 % Wilson intervals over works, for other works by these artists",
            **basis,
        ),
        "coverage": measurement(
            curve.coverage[points], definition="share of the works answered, surest first"
        ),
        "risk": measurement(
            curve.risk[points], definition="share of wrong answers among these", **basis
        ),
    }
