"""The content VAE, and how many dimensions of its code to keep."""

from pathlib import Path

import numpy as np

from anime_style_tf.content_density import ContentDensity
from anime_style_tf.content_encoder import ContentEncoder, ContentVAE
from anime_style_tf.data.reader import Records
from anime_style_tf.decoder import Decoder
from anime_style_tf.errors import InputError
from anime_style_tf.evaluation.prefixes import choose_nearly_best
from anime_style_tf.evaluation.reconstruction import reconstruction_curve
from anime_style_tf.stages.fitting import fit_in
from anime_style_tf.training.schedules import make_optimizer
from anime_style_tf.workdir import networks
from anime_style_tf.workdir.provenance import write_json

# The curve falls to its very end, and paired errors are so small that they would keep all of it.
_TOLERANCE = 0.05  # of the least error


def run(config, workdir):
    """Trains the VAE with the pruned style code and prunes its own code.

    Args:
        config: with `image_size`, `seed` and the section `content`.
        workdir: folder of the run.

    Returns:
        Lines on what was left.
    """
    workdir = Path(workdir)
    folder = workdir / "content"
    section = config.content
    records = Records(workdir / "records")
    style_encoder = networks.load_network(workdir / "style" / "pruned_style_encoder.keras")
    encoder = ContentEncoder(image_size=config.image_size, **section.encoder)
    decoder = Decoder(
        image_size=config.image_size,
        code_size=encoder.code_size + style_encoder.code_size,
        **section.decoder,
    )
    maps = networks.published_maps(records) if section.model.get("perceptual_weight") else None
    model = ContentVAE(
        encoder, decoder, style_encoder, maps=maps, seed=config.seed, **section.model
    )
    model.compile(optimizer=make_optimizer(steps=section.fit.steps, **section.optimizer))
    fit_in(
        folder,
        model,
        lambda step: records.batches("all", seed=config.seed, start_step=step, **section.batches),
        **section.fit,
    )
    networks.save_network(encoder, folder / "content_encoder.keras")
    networks.save_network(decoder, folder / "decoder.keras")
    pruned, chosen = prune(model, records, **section.prune)
    write_json(folder / "pruning.json", chosen)
    networks.save_network(pruned, folder / "pruned_content_encoder.keras")
    density = fit_density(pruned, records, seed=config.seed)
    density.save(folder / "density.json")
    return [
        f"{folder}: {chosen['code_size']} content dimensions kept of {encoder.code_size}",
        f"{folder}: contents of works by a mixture of {len(density.weights)} Gaussians",
    ]


def fit_density(pruned, records, *, seed=0):
    """Fits how contents of training works lie; the half that chose k_C chooses its components.

    Args:
        pruned: `PrunedEncoder`.
        records: `Records`.
        seed: whole number.

    Returns:
        `ContentDensity`.
    """
    others = networks.over_records(pruned, records, "test")
    return ContentDensity.fit(
        networks.over_records(pruned, records, "train"),
        others[networks.selection_half(len(others))],
        seed=seed,
    )


def prune(model, records, *, standardize=True, at_least=1, subtract_style=False):
    """Cuts the content code to the dimensions that are kept.

    Args:
        model: `ContentVAE`, trained.
        records: `Records`.
        standardize: as for `networks.prune`, by the codes' means of all works.
        at_least: as for `choose_code_size`.
        subtract_style: takes off what the style code says of the content code, by a ridge
            regression over all works; the generator is told the style anyway.

    Returns:
        `PrunedEncoder`, and the content of `pruning.json`.

    Raises:
        InputError: `subtract_style` without `standardize`.
    """
    if subtract_style and not standardize:
        raise InputError(
            "content.prune: expected standardize with subtract_style, received standardize=False: "
            "what is left without the style is standardized"
        )
    chosen = choose_code_size(model, records, at_least=at_least)
    means = networks.over_records(lambda lab: model.encoder(lab)[0], records, "all")
    style = {}
    if subtract_style:
        styles = networks.over_records(model.style_encoder, records, "all")
        style = {"style_encoder": model.style_encoder, "styles": styles}
    pruned = networks.prune(
        model.encoder, chosen["code_size"], means, standardize=standardize, **style
    )
    return pruned, chosen


def prefix_lengths(code_size):
    """Prefix lengths at which the reconstruction is measured: all to 8, then ever wider apart.

    Args:
        code_size: the longest.

    Returns:
        Increasing list that ends in `code_size`.
    """
    spread = np.geomspace(8, max(8, code_size), 17).round().astype(int)
    lengths = {*range(1, 9), *spread.tolist(), code_size}
    return sorted(length for length in lengths if length <= code_size)


def choose_code_size(model, records, *, at_least=1):
    """Chooses k_C on the half of the test split that chose k_S.

    Args:
        model: `ContentVAE`, trained.
        records: `Records`.
        at_least: fewest dimensions to keep, whatever the curve says. The squared error hardly
            hears eyes and mouths; to draw them takes more.

    Returns:
        Content of `pruning.json`: `code_size`, the rule, and the curve that it was read off.

    Source: Xiang & Li (2018), by the curve; the rule is our setting.
    """
    lengths = prefix_lengths(model.encoder.code_size)
    errors = networks.over_records(lambda lab: model.prefix_errors(lab, lengths), records, "test")
    half = networks.selection_half(len(errors))
    curve = reconstruction_curve(errors[half], lengths=lengths)
    choice = choose_nearly_best(
        -errors[half],
        records.labels("test")[half],
        tolerance=_TOLERANCE * curve.mean.min(),
        lengths=lengths,
    )
    return {
        "code_size": max(choice.length, min(at_least, model.encoder.code_size)),
        "rule": "the fewest leading dimensions whose mean squared error (normalized Lab) is at "
        f"most {100 * _TOLERANCE:g} % above the least over the lengths measured, or one standard "
        "error of that excess (paired over works, clustered by artist) if that is more"
        + (f"; {at_least} if that is more, for the generator" if at_least > 1 else ""),
        "fewest_by_the_curve": choice.length,
        "split": "every other work of the test split; the VAE is trained on all works",
        "count": curve.count,
        "lengths": curve.lengths.tolist(),
        "squared_error": curve.mean.tolist(),
        "standard_error": curve.standard_error.tolist(),
        "excess": choice.shortfall.tolist(),
        "excess_standard_error": choice.standard_error.tolist(),
    }


CALLABLES = {
    "encoder": ContentEncoder,
    "decoder": Decoder,
    "model": ContentVAE,
    "batches": Records.batches,
    "optimizer": make_optimizer,
    "fit": fit_in,
    "prune": prune,
}
