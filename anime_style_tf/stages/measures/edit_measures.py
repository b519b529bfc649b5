"""What moving one style dimension does, read by the style encoder of another run."""

from pathlib import Path

import numpy as np

from anime_style_tf.errors import InputError
from anime_style_tf.evaluation.edits import content_drift, edit_response, fit_axes
from anime_style_tf.evaluation.uncertainty.measurements import NOT_MEASURED, measurement
from anime_style_tf.workdir import networks

STEPS = (-2.0, -1.0, 0.0, 1.0, 2.0)
_READ = (
    "read by the style encoder of another run, its whole code taken to these axes by least squares "
    "over training works"
)
_MOVED = "a style dimension is moved by -2 to 2 of its deviations over works, the rest is kept"


def measure_edits(run, *, second_run=None, images=64):
    """Moves each style dimension of generated images in turn, and asks another run's encoder.

    Args:
        run: `MeasuredRun`.
        second_run: folder of a run whose style stage was trained with another seed; None measures
            nothing.
        images: how many test works are redrawn and edited, at most; raising it narrows the
            intervals.

    Returns:
        Dictionary of measurements.

    Raises:
        InputError: the second run is this one, has no style encoder, or one for images of another
            size.
    """
    if second_run is None:
        return {NOT_MEASURED: "evaluate.edits.second_run names no run trained with another seed"}
    trained, training = run.trained, run.gallery_works.images
    encoder = _encoder_of(second_run, trained)
    axes = fit_axes(*(networks.over_images(e, training) for e in (encoder, trained.style_encoder)))
    return _edits(run, encoder, axes, images)


def _encoder_of(second_run, trained):
    folder = Path(second_run)
    if folder.resolve() == Path(trained.workdir).resolve():
        raise InputError(
            f"evaluate.edits.second_run: {second_run} is this run; give one trained with another "
            "seed, since an encoder grades what was trained through it too well"
        )
    encoder = networks.load_network(folder / "style" / "style_encoder.keras")
    if encoder.image_size != trained.records.image_size:
        raise InputError(
            f"evaluate.edits.second_run: expected an encoder of images of "
            f"{trained.records.image_size} pixels, received {encoder.image_size}: give a run of "
            "that image_size"
        )
    return encoder


def _edits(run, encoder, axes, images):
    trained, works = run.trained, run.works.images
    style, content = trained.encode(works)
    explained = axes.explained(networks.over_images(encoder, works), style)
    style, content = style[:images], content[:images]
    free = np.random.default_rng((run.seed, 4)).standard_normal((len(style), trained.free_size))
    readings, drifts = [], []
    for dimension in range(style.shape[1]):
        moved = np.repeat(style[None], len(STEPS), axis=0)
        moved[:, :, dimension] += np.array(STEPS)[:, None]
        drawn = trained.generate(moved, content, free)
        drawn = drawn.reshape(-1, *drawn.shape[2:])
        readings.append(axes.read(networks.over_images(encoder, drawn)).reshape(moved.shape))
        contents = networks.over_images(trained.content_encoder, drawn)
        contents = contents.reshape(len(STEPS), *content.shape)
        drifts.append(content_drift(contents[STEPS.index(0)], contents))
    return _measurements(edit_response(STEPS, readings), explained, drifts, run.basis)


def _measurements(response, explained, drifts, basis):
    edited = {"count": len(response.gains), "split": f"generated from codes of {basis['split']}"}
    return {
        "gain": measurement(
            response.gain, interval=response.gain_interval(),
            definition=f"{_MOVED}: slope of the dimension {_READ}; 1 if a step asked for is a "
            "step read; 95 % Student's interval over images", **edited,
        ),
        "gains": measurement(
            response.mean_gains,
            definition=f"row: moved, column: {_READ}; the identity where edits do what is asked",
            **edited,
        ),
        "linearity": measurement(
            response.linearity,
            definition=f"share of the moved dimension's changes {_READ} that one line for all "
            "images explains", **edited,
        ),
        "cross_talk": measurement(
            response.cross_talk, definition="mean absolute slope of the other dimensions, "
            f"{_READ}", **edited,
        ),
        "content_drift": measurement(
            drifts,
            definition="mean squared change per dimension of the standardized content code, by "
            "the encoder that the generator was trained through; 2 is an unrelated image", **edited,
        ),
        "read_of_works": measurement(
            explained,
            definition=f"share of each dimension's variance over works that is there when {_READ}: "
            "no gain can be trusted where this is small", **basis,
        ),
    }  # fmt: skip
