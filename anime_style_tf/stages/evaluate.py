"""The numbers, each with its definition, split, count and interval: which, and what they need."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

from anime_style_tf.evaluation.uncertainty.measurements import (
    NOT_MEASURED,
    measured,
    reasons_not_measured,
)
from anime_style_tf.stages import callables_of
from anime_style_tf.stages.measures.attribution_measures import measure_attribution
from anime_style_tf.stages.measures.content_measures import measure_content
from anime_style_tf.stages.measures.direction_measures import measure_direction
from anime_style_tf.stages.measures.edit_measures import measure_edits
from anime_style_tf.stages.measures.factor_measures import measure_factors, summarize_factors
from anime_style_tf.stages.measures.fidelity_measures import measure_fidelity, summarize_fidelity
from anime_style_tf.stages.measures.floor_measures import measure_floors, summarize_floors
from anime_style_tf.stages.measures.leakage_measures import measure_leakage
from anime_style_tf.stages.measures.measured_run import MeasuredRun
from anime_style_tf.stages.measures.reattribution_measures import (
    measure_reattribution,
    summarize_reattribution,
)
from anime_style_tf.stages.measures.recovery_measures import measure_recovery, summarize_recovery
from anime_style_tf.stages.measures.retrieval_measures import measure_retrieval
from anime_style_tf.stages.measures.robustness_measures import measure_robustness
from anime_style_tf.stages.measures.style_measures import measure_style, summarize_style
from anime_style_tf.stages.measures.validity_measures import measure_validity
from anime_style_tf.workdir.provenance import write_json
from anime_style_tf.workdir.trained import Trained


@dataclasses.dataclass(frozen=True)
class Measure:
    """A section of `metrics.json`.

    Attributes:
        asks: the question that its numbers answer.
        function: from `MeasuredRun`, and the settings of the section's name where the stage's
            configuration has some, to a dictionary of measurements.
        needs: parts of the run, keys of `trained.PARTS`, beside its records and style code.
        summary: from the dictionary to lines for the user.
    """

    asks: str
    function: Callable
    needs: tuple[str, ...] = ()
    summary: Callable = lambda section: []


GENERATED = ("content", "gan")
# Section -> what it measures; one with a dot is a part of the section before it.
MEASURES = {
    "style": Measure(
        "from how few dimensions is an artist known, and how tight is each artist's style?",
        measure_style, summary=summarize_style,
    ),
    "retrieval": Measure(
        "are the training works nearest to a test work by the same artist?",
        measure_retrieval,
    ),
    "retrieval.floors": Measure(
        "what do hand-made features, which nobody trained, find on the same works?",
        measure_floors, summary=summarize_floors,
    ),
    "validity": Measure(
        "is that chance, or the work of hubs; and which artists are taken for each other?",
        measure_validity,
    ),
    "robustness": Measure(
        "does a change of the file that leaves the style alone leave the code alone?",
        measure_robustness,
    ),
    "attribution": Measure(
        "who drew it, or somebody unknown: are the stated probabilities right?",
        measure_attribution,
    ),
    "content": Measure(
        "how many content dimensions does a portrait need?",
        measure_content, needs=("content",),
    ),
    "direction": Measure(
        "do reconstructions lose horizontal bands?",
        measure_direction, needs=GENERATED,
    ),
    "recovery": Measure(
        "do the encoders read the codes that an image was generated from?",
        measure_recovery, needs=GENERATED, summary=summarize_recovery,
    ),
    "reattribution": Measure(
        "is a generated image taken for one by the artist asked for?",
        measure_reattribution, needs=GENERATED, summary=summarize_reattribution,
    ),
    "fidelity": Measure(
        "how far are generated images from works: in distance, sharpness, variety; are any copies?",
        measure_fidelity, needs=("classifier", *GENERATED), summary=summarize_fidelity,
    ),
    "leakage": Measure(
        "does the content code tell the artist?",
        measure_leakage, needs=("content",),
    ),
    "factors": Measure(
        "does a work keep what it shows in another artist's style?",
        measure_factors, needs=GENERATED, summary=summarize_factors,
    ),
    "edits": Measure(
        "does moving a style dimension do what it says, by the encoder of another run?",
        measure_edits, needs=GENERATED,
    ),
}  # fmt: skip
CALLABLES = callables_of(MEASURES)


def run(config, workdir):
    """Measures a run; what it lacks, or is too small for, is said in place of the numbers.

    Args:
        config: with `seed` and the section `evaluate`.
        workdir: folder of the run.

    Returns:
        Lines with the file and the chief numbers.
    """
    trained = Trained(Path(workdir))
    measured_run = MeasuredRun(trained, seed=config.seed)
    metrics, lines = {}, []
    for name, measure in MEASURES.items():
        section, _, part = name.partition(".")
        if part and NOT_MEASURED in metrics[section]:
            continue  # the reason is that of the whole
        entries = _measure(measure, measured_run, config.evaluate.get(name, {}))
        if NOT_MEASURED not in entries:
            lines += measure.summary(entries)
        if part:
            metrics[section][part] = entries
        else:
            metrics[section] = entries
    path = trained.workdir / "evaluate" / "metrics.json"
    write_json(path, metrics)
    return [str(path), *lines, *_not_measured(metrics)]


def _measure(measure, measured_run, settings):
    if reason := measured_run.trained.lacks(*measure.needs):
        return {NOT_MEASURED: reason}
    return measured(measure.function, measured_run, **settings)


def _not_measured(metrics):
    """A line for each reason why there are no numbers."""
    return [
        f"not measured: {names[0]}{f' and {len(names) - 1} more' if names[1:] else ''}: {reason}"
        for reason, names in reasons_not_measured(metrics).items()
    ]
