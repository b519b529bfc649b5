"""How far attribution can be trusted: from `metrics.json` to a figure."""

import numpy as np

from anime_style_tf.errors import TooFewError
from anime_style_tf.evaluation.uncertainty.measurements import NOT_MEASURED
from anime_style_tf.figures.calibration import Answers, reliability_and_risk


def reliability_diagram(exhibits):
    """Draws the reliability diagram and the risk-coverage curve.

    Args:
        exhibits: `Exhibits`.

    Returns:
        matplotlib figure.

    Raises:
        TooFewError: nothing was measured.
    """
    attribution = exhibits.metrics.get("attribution", {NOT_MEASURED: "redo the stage evaluate"})
    if NOT_MEASURED in attribution:
        raise TooFewError(attribution[NOT_MEASURED])
    value = {name: entry["value"] for name, entry in attribution.items()}
    low, high = attribution["reliability"]["interval"]
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
    return reliability_and_risk(
        {"attribution": answers},
        artists=len(exhibits.names),
        works=attribution["accuracy"]["count"],
        split="held-out test",
    )
