"""The style encoder, its reference classifier, and how many dimensions to keep."""

import functools
from pathlib import Path

import numpy as np
from keras import ops

from anime_style_tf.data.reader import Records
from anime_style_tf.evaluation.prefixes import (
    choose_nearly_best,
    classifier_accuracy,
    presumed_style_accuracy,
)
from anime_style_tf.evaluation.retrieval.ranking import rank
from anime_style_tf.exploration import artist_styles
from anime_style_tf.replacing import replacing
from anime_style_tf.stages.fitting import fit_in
from anime_style_tf.stages.linear_start import start_from_works
from anime_style_tf.stages.measures.measured_run import GALLERY, QUERIES
from anime_style_tf.stages.measures.retrieval_measures import prefix_lengths
from anime_style_tf.style_classifier import StyleClassifier
from anime_style_tf.style_encoder import StyleEncoder, StyleMetricLearning
from anime_style_tf.training.schedules import make_optimizer
from anime_style_tf.workdir import networks
from anime_style_tf.workdir.provenance import write_json

# Half a point of MAP@R is no loss that a user would see, and more than two plateaus differ by.
_TOLERANCE = 0.005

CALLABLES = {
    "encoder": StyleEncoder,
    "model": StyleMetricLearning,
    "classifier": StyleClassifier,
    "batches": Records.artist_batches,
    "optimizer": make_optimizer,
    "presumed_optimizer": make_optimizer,
    "fit": fit_in,
}


def callables(section):
    """Returns what each part of the section binds to; the classifier is trained where it is one."""
    return {key: make for key, make in CALLABLES.items() if key != "classifier" or key in section}


def run(config, workdir):
    """Trains the encoder, and the classifier where it has settings, and prunes the style code.

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
    linear = {}  # of the classifier, where one is trained
    if "classifier" in config.style:
        classifier = _fit_classifier(config, records, folder / "classifier")
        networks.save_network(classifier.encoder, folder / "classifier_encoder.keras")
        kernel, bias = classifier.linear()
        linear = {"classifier_kernel": kernel, "classifier_bias": bias}
    networks.save_network(model.encoder, folder / "style_encoder.keras")
    presumed_styles = ops.convert_to_numpy(model.presumed_styles)
    codes = networks.over_records(model.encoder, records, "train")
    chosen = choose_code_size(
        model.encoder, presumed_styles, records, codes, **config.style.get("prune", {})
    )
    write_json(folder / "pruning.json", chosen)
    pruned = networks.prune(model.encoder, chosen["code_size"], codes)
    networks.save_network(pruned, folder / "pruned_style_encoder.keras")
    with replacing(folder / "artists.npz") as unfinished, unfinished.open("wb") as file:
        np.savez(
            file,
            presumed_styles=presumed_styles,
            scales=np.exp(ops.convert_to_numpy(model.log_scales)),
            mean_styles=_mean_styles(pruned, codes, records.labels("train")),
            **linear,
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
    if model.encoder.frozen is not None:
        means = start_from_works(model.encoder, records, seed=config.seed)
        model.presumed_styles.assign(means)

    def measure(codes, labels):
        styles = ops.convert_to_numpy(model.presumed_styles)
        return presumed_style_accuracy(codes, labels, styles, lengths=[codes.shape[1]])

    accuracy = functools.partial(_validation_accuracy, model.encoder, records, measure)
    fit_in(folder, model, _batches(config, records), accuracy=accuracy, **section.fit)
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
    if classifier.encoder.frozen is not None:
        means = start_from_works(classifier.encoder, records, seed=config.seed)
        # -|code - mean|^2 without what all artists share: the artist with the nearest mean.
        classifier.logits.set_effective(2 * means.T, -np.square(means).sum(axis=1))

    def measure(codes, labels):
        return classifier_accuracy(codes, labels, *classifier.linear(), lengths=[codes.shape[1]])

    accuracy = functools.partial(_validation_accuracy, classifier.encoder, records, measure)
    fit_in(folder, classifier, _batches(config, records), accuracy=accuracy, **section.fit)
    return classifier


def _validation_accuracy(encoder, records, measure):
    """Accuracy, and its standard error, on the half of the test split that does not report."""
    codes = networks.over_records(encoder, records, "test")
    half = networks.selection_half(len(codes))
    found = measure(codes[half], records.labels("test")[half])
    return float(found.accuracy[0]), float(found.standard_error()[0])


def _batches(config, records):
    section = config.style
    few = {"artists_per_batch": min(section.batches.artists_per_batch, len(records.artists))}
    return lambda step: records.artist_batches(
        "train", seed=config.seed, start_step=step, **{**section.batches, **few}
    )


def choose_code_size(encoder, presumed_styles, records, gallery, *, at_least=1):
    """Chooses k_S on the half of the test split that does not report.

    By MAP@R, which grades a whole ranking: the accuracy of prefixes that are nearly all right
    differs by a work or two, and then chance decides.

    Args:
        encoder: from normalized Lab to codes `[batch, D]`.
        presumed_styles: `[artists, D]`.
        records: `Records`.
        gallery: `[works, D]`, codes of the training works.
        at_least: fewest dimensions to keep, whatever the curve says. To tell a dozen artists apart
            takes two or three; to draw in their styles takes more.

    Returns:
        Content of `pruning.json`: `code_size`, the rule, and the curves that it was read off.

    Source: our setting (Xiang & Li 2018: the fewest leading dimensions nearly as good as all).
    """
    codes = networks.over_records(encoder, records, "test")
    half = networks.selection_half(len(codes))
    queries, labels = codes[half], records.labels("test")[half]
    lengths = prefix_lengths(codes.shape[1], codes.shape[1])
    curve = presumed_style_accuracy(queries, labels, presumed_styles, lengths=lengths)
    found = rank(
        queries[:QUERIES], labels[:QUERIES],
        gallery[:GALLERY], records.labels("train")[:GALLERY],
        prefixes=lengths, cutoffs=(),
    )  # fmt: skip
    precision = found.of_counted("map_at_r")
    choice = choose_nearly_best(
        precision, found.labels[found.counted], tolerance=_TOLERANCE, lengths=lengths
    )
    return {
        "code_size": max(choice.length, min(at_least, codes.shape[1])),
        "rule": "the fewest leading dimensions whose MAP@R among training works is at most "
        f"{_TOLERANCE} below the best over the lengths measured, or one standard error of that "
        "shortfall (paired over works, clustered by artist) if that is more"
        + (f"; {at_least} if that is more, for the generator" if at_least > 1 else ""),
        "fewest_by_the_curve": choice.length,
        "split": "every other work of the test split; the others report",
        "count": len(precision),
        "lengths": lengths,
        "map_at_r": precision.mean(axis=0).tolist(),
        "shortfall": choice.shortfall.tolist(),
        "shortfall_standard_error": choice.standard_error.tolist(),
        "accuracy": curve.accuracy.tolist(),
        "standard_error": curve.standard_error().tolist(),
    }


def _mean_styles(pruned, codes, labels):
    """Each artist's mean over the training works, in pruned, standardized units."""
    kept = codes[:, : pruned.code_size]
    standardized = (kept - ops.convert_to_numpy(pruned.mean)) / ops.convert_to_numpy(
        pruned.deviation
    )
    return artist_styles(standardized, labels).means
