"""How well the encoders give the codes of generated images back."""

import numpy as np

from anime_style_tf.evaluation.recovery import recovery_error
from anime_style_tf.evaluation.uncertainty.measurements import measurement, rounded

DEFINITION = (
    "mean squared difference per dimension between the {name} code asked for and the standardized "
    "code of the generated sRGB image by the encoder that the generator was trained through; 0 is "
    "perfect, 1 is a constant output, 2 an unrelated one; 95 % Student's interval over images"
)


def measure_recovery(run, *, images=1024):
    """Style and content codes asked for against those of the generated images.

    Args:
        run: `MeasuredRun`.
        images: how many are generated; raising it narrows the interval.

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
    recovered_style, recovered_content = trained.encode(trained.generate(style, content, free))
    errors = {
        "style": recovery_error(style, recovered_style),
        "content": recovery_error(content, recovered_content),
    }
    basis = {"count": images, "split": "generated from standard normal codes"}
    result = {}
    for name, error in errors.items():
        result[name] = measurement(
            error.mean,
            interval=error.interval(),
            definition=DEFINITION.format(name=name),
            **basis,
        )
        result[f"{name}_by_dimension"] = measurement(
            error.per_dimension, definition="the same for each dimension", **basis
        )
    return result


def summarize_recovery(recovery):
    """Returns the line of both errors."""
    return [
        "recovery error per dimension, by the encoders that the generator was trained through: "
        f"style {rounded(recovery['style'])}, content {rounded(recovery['content'])}"
    ]
