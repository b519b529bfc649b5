"""How well the encoders give the codes of generated images back."""

import numpy as np

from anime_style_tf.evaluation.recovery import recovery_error
from anime_style_tf.evaluation.uncertainty.measurements import measurement, rounded

DEFINITION = (
    "mean squared difference per dimension between the {name} code asked for and the standardized "
    "code of the generated sRGB image by the encoder that the generator was trained through; 0 is "
    "perfect, 1 is a constant output, 2 an unrelated one; 95 % Student's interval over images"
)
# Ending of the keys -> how the codes are drawn.
_SPLITS = {
    "": "generated from standard normal codes",
    "_as_drawn": "generated: mean style of an artist at random, content drawn as those of training "
    "works lie, as `generate` and the figures draw them",
}


def measure_recovery(run, *, images=1024):
    """Style and content codes asked for against those of the generated images.

    Args:
        run: `MeasuredRun`.
        images: how many are generated for either way of drawing codes; raising it narrows the
            interval.

    Returns:
        Dictionary of measurements.
    """
    trained, generator = run.trained, np.random.default_rng((run.seed, 1))
    sizes = (
        trained.style_encoder.code_size,
        trained.content_encoder.code_size,
        trained.free_size,
    )
    style, content, free = (generator.standard_normal((images, size)) for size in sizes)
    means = trained.artists["mean_styles"]
    drawn = means[generator.integers(len(means), size=images)]
    asked = [(style, content), (drawn, trained.content_density.sample(generator, images))]
    result = {}
    for (ending, split), codes in zip(_SPLITS.items(), asked, strict=True):
        basis = {"count": images, "split": split}
        recovered = trained.encode(trained.generate(*codes, free))
        for name, wanted, found in zip(("style", "content"), codes, recovered, strict=True):
            error = recovery_error(wanted, found)
            result[f"{name}{ending}"] = measurement(
                error.mean,
                interval=error.interval(),
                definition=DEFINITION.format(name=name),
                **basis,
            )
            result[f"{name}{ending}_by_dimension"] = measurement(
                error.per_dimension, definition="the same for each dimension", **basis
            )
    return result


def summarize_recovery(recovery):
    """Returns the line of both errors, of both ways to draw codes."""
    style, content = (
        f"{name} {rounded(recovery[name])} (as drawn {rounded(recovery[f'{name}_as_drawn'])})"
        for name in ("style", "content")
    )
    return [
        "recovery error per dimension, by the encoders that the generator was trained through: "
        f"{style}, {content}"
    ]
