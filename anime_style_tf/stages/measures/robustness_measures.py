"""What changes of the file that leave the style alone do to the style code."""

from anime_style_tf.evaluation.perturbations import PERTURBATIONS
from anime_style_tf.evaluation.robustness import robustness
from anime_style_tf.evaluation.uncertainty.measurements import measurement
from anime_style_tf.workdir import networks

_CHANGED_IMAGES = 1000  # works whose files are changed
DEFINITIONS = {
    "attribution_kept": "share of test works attributed to the same artist after the change, by "
    "the nearest presumed style on k_S dimensions; 95 % Wilson interval, clustered by artist",
    "median_move": "median distance between the codes before and after; 1 is the root mean square "
    "distance of two works by one artist",
}


def measure_robustness(run):
    """Codes and attributions before and after each change of `PERTURBATIONS`.

    Args:
        run: `MeasuredRun`.

    Returns:
        Dict change -> measurements.
    """
    works = run.first_works(_CHANGED_IMAGES)
    codes = run.kept.queries.of(slice(len(works.labels)))
    styles = run.trained.artists["presumed_styles"][:, : run.chosen]
    encoder = run.trained.network("style", "style_encoder")
    basis = run.basis | {"count": len(codes)}
    result = {}
    for change, perturb in PERTURBATIONS.items():
        changed = networks.over_images(encoder, perturb(works.images))[:, : run.chosen]
        effect = robustness(codes, changed, None, styles)
        share, interval = effect.kept_share(codes.labels)
        result[change] = {
            "attribution_kept": measurement(
                share, interval=interval, definition=DEFINITIONS["attribution_kept"], **basis
            ),
            "median_move": measurement(
                effect.median_move, definition=DEFINITIONS["median_move"], **basis
            ),
        }
    return result
