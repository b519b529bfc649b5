"""The style code against its length: accuracy and variance ratio of both networks."""

import functools

from anime_style_tf.evaluation.prefixes import classifier_accuracy, presumed_style_accuracy
from anime_style_tf.evaluation.uncertainty.measurements import measured, measurement, rounded
from anime_style_tf.evaluation.variance import ratio_of_ratios, ratio_with_interval

_WILSON = "works clustered by artist: for other artists and works"
_JACKKNIFE = (
    "95 % jackknife interval over artists, on the logarithm, Student's t: for other artists and "
    "other works, these networks"
)
DEFINITIONS = {
    "accuracy_at_k_S": "share of works whose nearest presumed style on the first k_S dimensions is "
    f"their artist's; 95 % Wilson interval, {_WILSON}",
    "accuracy_against_d": "share of works attributed to their artist from the first d dimensions, "
    "d = 1, 2, ...: metric learning by the nearest presumed style, the classifier by its logits; "
    f"95 % Wilson intervals, {_WILSON}",
    "variance_ratio": "variance of works about their artist's true mean, divided by the mean "
    "squared distance between works of different artists, on the first d dimensions; unbiased "
    f"variance; 0 is perfect, 1/2 says that artists do not differ; {_JACKKNIFE}",
    "ratio_of_variance_ratios": "variance ratio of metric learning divided by the classifier's, on "
    "the first d dimensions of each, the same works; below 1 metric learning gathers an artist's "
    f"works more closely; {_JACKKNIFE}, the same artists left out of both",
}


def measure_style(run):
    """Accuracy and variance ratio against prefix length, for both networks.

    Args:
        run: `MeasuredRun`.

    Returns:
        Dictionary of measurements.
    """
    accuracy = {method: _accuracy(run, method) for method in run.codes}
    at_k, (low, high) = accuracy["metric_learning"].accuracy, accuracy["metric_learning"].interval()
    at = run.chosen - 1
    ratios = {
        method: measured(_by_length, run, "variance_ratio", ratio_with_interval, codes.queries)
        for method, codes in run.codes.items()
    } | run.absent
    quotient = run.absent.get("classifier") or measured(
        _by_length, run, "ratio_of_variance_ratios", ratio_of_ratios,
        run.codes["metric_learning"].queries, run.codes["classifier"].queries,
    )  # fmt: skip
    return {
        "k_S": measurement(run.chosen, definition=run.trained.pruning("style")["rule"]),
        "accuracy_at_k_S": measurement(
            at_k[at], interval=(low[at], high[at]), definition=DEFINITIONS["accuracy_at_k_S"],
            **run.basis,
        ),
        "accuracy_against_d": {
            method: measurement(
                curve.accuracy, interval=curve.interval(),
                definition=DEFINITIONS["accuracy_against_d"], **run.basis,
            )
            for method, curve in accuracy.items()
        } | run.absent,
        **{
            f"variance_ratio_{place}": {m: each.get(place, each) for m, each in ratios.items()}
            for place in ("at_k_S", "against_d")
        },
        **{
            f"ratio_of_variance_ratios_{place}": quotient.get(place, quotient)
            for place in ("at_k_S", "against_d")
        },
    }  # fmt: skip


def summarize_style(style):
    """Returns the line of the chief numbers."""
    ratio = style["variance_ratio_at_k_S"]
    return [
        f"style accuracy {rounded(style['accuracy_at_k_S'])} at k_S = {style['k_S']['value']}; "
        f"variance ratio {rounded(ratio['metric_learning'])}, classifier "
        f"{rounded(ratio['classifier'])}"
    ]


def _accuracy(run, method):
    codes, artists = run.codes[method].queries, run.trained.artists
    if method == "classifier":
        linear = artists["classifier_kernel"], artists["classifier_bias"]
        return classifier_accuracy(codes, None, *linear)
    return presumed_style_accuracy(codes, None, artists["presumed_styles"])


def _by_length(run, name, function, *codes):
    """Measurements at k_S and against d of a function that gives value and interval for each d."""
    value, (low, high) = function(*codes)
    at = run.chosen - 1
    entry = functools.partial(measurement, definition=DEFINITIONS[name], **run.basis)
    return {
        "at_k_S": entry(value[at], interval=(low[at], high[at])),
        "against_d": entry(value, interval=(low, high)),
    }
