"""The numbers, each with its definition, split, count and interval."""

from pathlib import Path

import numpy as np

from anime_style_tf.evaluation.floors import FLOORS
from anime_style_tf.evaluation.recovery import recovery_error
from anime_style_tf.evaluation.uncertainty.measurements import (
    NOT_MEASURED,
    measurement,
    reasons_not_measured,
)
from anime_style_tf.stages.measures.attribution_measures import measure_attribution
from anime_style_tf.stages.measures.directions import measure_direction
from anime_style_tf.stages.measures.reattribution import JUDGES, measure_reattribution
from anime_style_tf.stages.measures.style_evaluation import (
    StyleCodes,
    measure_search,
    measure_style,
)
from anime_style_tf.workdir.provenance import write_json
from anime_style_tf.workdir.trained import Trained


def run(config, workdir):
    """Measures the networks of a run.

    Args:
        config: with `seed` and the section `evaluate`.
        workdir: folder of the run.

    Returns:
        Lines with the file and the chief numbers.
    """
    workdir = Path(workdir)
    trained = Trained(workdir)
    section = config.evaluate
    style = StyleCodes(trained)
    metrics = {
        "style": measure_style(trained, style),
        **measure_search(trained, style),
        "attribution": measure_attribution(trained, style),
        "content": measure_content(trained),
        "direction": measure_direction(trained, style.works.images),
        "recovery": measure_recovery(trained, seed=config.seed, **section.recovery),
        "reattribution": measure_reattribution(
            trained, style, seed=config.seed, **section.reattribution
        ),
    }
    path = workdir / "evaluate" / "metrics.json"
    write_json(path, metrics)
    return [str(path), *_summary(metrics), *_not_measured(metrics)]


def _summary(metrics):
    """Lines with the chief numbers, each beside what it must be read against."""
    style, recovery, found = (metrics[each] for each in ("style", "recovery", "reattribution"))
    ratio = style["variance_ratio_at_k_S"]
    judged = "; ".join(
        f"{_spoken(name)} {_short(found[name]['share'])} "
        f"(test works {_short(found[name]['test_works'])})"
        for name in JUDGES
    )
    return [
        f"style accuracy {_short(style['accuracy_at_k_S'])} at k_S = {style['k_S']['value']}; "
        f"variance ratio {_short(ratio['metric_learning'])}, classifier "
        f"{_short(ratio['classifier'])}",
        *_beside_floors(metrics["retrieval"].get("floors", {NOT_MEASURED: "retrieval"})),
        "recovery error per dimension, by the encoders that the generator was trained through: "
        f"style {_short(recovery['style'])}, content {_short(recovery['content'])}",
        f"generated images taken for the artist asked for: {judged}; chance "
        f"{_short(found['chance'])}",
    ]


def _beside_floors(floors):
    if NOT_MEASURED in floors:
        return []
    at_1 = {name: floors[name]["precision_at_1"]["value"] for name in ("style_code", *FLOORS)}
    at_r = {name: floors[name]["map_at_r"]["value"] for name in at_1}
    best = max(FLOORS, key=at_1.get)
    return [
        f"nearest training work by the same artist {at_1['style_code']:.3f}, MAP@R "
        f"{at_r['style_code']:.3f}; the floor, features that nobody trained ({best}), "
        f"{at_1[best]:.3f} and {at_r[best]:.3f}"
    ]


def _short(entry):
    """A number as the user's line has it; what was not finite is None in `metrics.json`."""
    value = entry.get("value")
    return "not measured" if value is None else f"{value:.3f}"


def _not_measured(metrics):
    """A line for each reason why the set is too small for some numbers."""
    return [
        f"not measured: {names[0]}{f' and {len(names) - 1} more' if names[1:] else ''}: {reason}"
        for reason, names in reasons_not_measured(metrics).items()
    ]


def _spoken(name):
    return name.replace("hand_made", "hand-made").replace("_", " ")


def measure_content(trained):
    """Reconstruction error of the VAE against prefix length.

    Args:
        trained: `Trained`.

    Returns:
        Dictionary of measurements.
    """
    pruning = trained.pruning("content")
    about = {"count": pruning["count"], "split": pruning["split"]}
    errors, deviations = np.array(pruning["squared_error"]), np.array(pruning["standard_error"])
    return {
        "k_C": measurement(pruning["code_size"], definition=pruning["rule"]),
        "prefix_lengths": measurement(
            pruning["lengths"], definition="content dimensions given to the decoder"
        ),
        "reconstruction_against_length": measurement(
            errors,
            interval=(errors - deviations, errors + deviations),
            definition="squared error in normalized Lab, mean over pixels, channels and works, "
            "of the VAE's decoder given that many content dimensions and the style; interval: "
            "one standard error over works",
            **about,
        ),
    }


def measure_recovery(trained, *, seed=0, images=1024):
    """How well the encoders give the codes of generated images back.

    Args:
        trained: `Trained`.
        seed: of the codes.
        images: how many are generated; raising it narrows the interval.

    Returns:
        Dictionary of measurements.
    """
    generator = np.random.default_rng((seed, 1))
    sizes = (
        trained.style_encoder.code_size,
        trained.content_encoder.code_size,
        trained.free_size,
    )
    style, content, free = (generator.standard_normal((images, size)) for size in sizes)
    found = trained.encode(trained.generate(style, content, free))
    result = {}
    for name, asked, recovered in zip(("style", "content"), (style, content), found, strict=True):
        recovery = recovery_error(asked, recovered)
        about = {"count": images, "split": "generated from standard normal codes"}
        result[name] = measurement(
            recovery.mean,
            interval=recovery.interval(),
            definition=f"mean squared difference per dimension between the {name} code asked for "
            "and the standardized code of the generated sRGB image by the encoder that the "
            "generator was trained through; 0 is perfect, 1 is a constant output, 2 an unrelated "
            "one; 95 % Student's interval over images",
            **about,
        )
        result[f"{name}_by_dimension"] = measurement(
            recovery.per_dimension, definition="the same for each dimension", **about
        )
    return result


CALLABLES = {"recovery": measure_recovery, "reattribution": measure_reattribution}
