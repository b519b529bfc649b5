"""Stage 2: the style encoder, its reference classifier, and how many dimensions to keep."""

from pathlib import Path

import numpy as np
from keras import ops

from anime_style_tf.data.reader import Records
from anime_style_tf.evaluation.prefixes import (
    choose_by_one_standard_error,
    presumed_style_accuracy,
)
from anime_style_tf.exploration import artist_styles
from anime_style_tf.stages import networks
from anime_style_tf.stages.fitting import fit_in
from anime_style_tf.stages.provenance import write_json
from anime_style_tf.style_classifier import StyleClassifier
from anime_style_tf.style_encoder import StyleEncoder, StyleMetricLearning
from anime_style_tf.training.schedules import make_optimizer

CALLABLES = {
    "encoder": StyleEncoder,
    "model": StyleMetricLearning,
    "classifier": StyleClassifier,
    "batches": Records.artist_batches,
    "optimizer": make_optimizer,
    "presumed_optimizer": make_optimizer,
    "fit": fit_in,
}


def run(config, workdir):
    """Trains both networks and prunes the style code.

    Args:
        config: with `image_size`, `seed` and the section `style`.
        workdir: folder of the run.

    Returns:
        Lines on what was left.
    """
    workdir = Path(workdir)
    folder = workdir / "style"
    records = Records(workdir / "records")
    model = _fit_metric_learning(config, records, folder)
    classifier = _fit_classifier(config, records, folder / "classifier")
    networks.save_network(model.encoder, folder / "style_encoder.keras")
    networks.save_network(classifier.encoder, folder / "classifier_encoder.keras")
    presumed_styles = ops.convert_to_numpy(model.presumed_styles)
    chosen = _choose(model.encoder, presumed_styles, records)
    write_json(folder / "pruning.json", chosen)
    codes = networks.over_records(model.encoder, records, "train")
    pruned = networks.prune(model.encoder, chosen["code_size"], codes)
    networks.save_network(pruned, folder / "pruned_style_encoder.keras")
    kernel, bias = classifier.linear()
    with (folder / "artists.npz").open("wb") as file:
        np.savez(
            file,
            presumed_styles=presumed_styles,
            scales=np.exp(ops.convert_to_numpy(model.log_scales)),
            mean_styles=_mean_styles(pruned, codes, records.labels("train")),
            classifier_kernel=kernel,
            classifier_bias=bias,
        )
    return [f"{folder}: {chosen['code_size']} style dimensions kept of {codes.shape[1]}"]


def _fit_metric_learning(config, records, folder):
    section = config.style
    steps = section.fit.steps
    model = StyleMetricLearning(
        StyleEncoder(image_size=config.image_size, **section.encoder),
        artists=len(records.artists),
        seed=config.seed,
        **section.model,
    )
    model.compile(
        optimizer=make_optimizer(steps=steps, **section.optimizer),
        presumed_optimizer=make_optimizer(steps=steps, **section.presumed_optimizer),
    )
    fit_in(folder, model, _batches(config, records), **section.fit)
    return model


def _fit_classifier(config, records, folder):
    section = config.style
    classifier = StyleClassifier(
        StyleEncoder(image_size=config.image_size, **section.encoder),
        artists=len(records.artists),
        seed=config.seed,
        **section.classifier,
    )
    classifier.compile(optimizer=make_optimizer(steps=section.fit.steps, **section.optimizer))
    fit_in(folder, classifier, _batches(config, records), **section.fit)
    return classifier


def _batches(config, records):
    section = config.style.batches
    sizes = dict(section) | {
        "artists_per_batch": min(section.artists_per_batch, len(records.artists))
    }
    return lambda step: records.artist_batches("train", seed=config.seed, start_step=step, **sizes)


def _choose(encoder, presumed_styles, records):
    codes = networks.over_records(encoder, records, "test")
    half = networks.selection_half(len(codes))
    curve = presumed_style_accuracy(codes[half], records.labels("test")[half], presumed_styles)
    error = curve.standard_error()
    return {
        "code_size": choose_by_one_standard_error(curve.accuracy, error),
        "rule": "the fewest leading dimensions whose accuracy is within one standard error "
        "(clustered by artist) of the best over all prefixes",
        "split": "every other work of the test split; the others report",
        "count": int(half.sum()),
        "lengths": curve.lengths.tolist(),
        "accuracy": curve.accuracy.tolist(),
        "standard_error": error.tolist(),
    }


def _mean_styles(pruned, codes, labels):
    """Each artist's mean over the training works, in pruned, standardized units."""
    kept = codes[:, : pruned.code_size]
    standardized = (kept - ops.convert_to_numpy(pruned.mean)) / ops.convert_to_numpy(
        pruned.deviation
    )
    return artist_styles(standardized, labels).means
