"""The conditional GAN."""

import operator
from pathlib import Path

from keras import ops

from anime_style_tf.conditional_gan import ConditionalGAN
from anime_style_tf.data.reader import Records
from anime_style_tf.decoder import Decoder, start_from_decoder
from anime_style_tf.discriminator import DiscriminatorConsortium
from anime_style_tf.errors import InputError
from anime_style_tf.layers.code_mixture import whole_code
from anime_style_tf.projected_discriminator import ProjectedDiscriminator
from anime_style_tf.stages.best_generator import keep_best
from anime_style_tf.stages.fitting import fit_in
from anime_style_tf.training.schedules import make_optimizer
from anime_style_tf.workdir import networks
from anime_style_tf.workdir.trained import Trained

CALLABLES = {
    "generator": Decoder,
    "discriminator": DiscriminatorConsortium,
    "model": ConditionalGAN,
    "batches": Records.batches,
    "optimizer": make_optimizer,
    "discriminator_optimizer": make_optimizer,
    "fit": fit_in,
}

# What `gan.judge` chooses from; `gan.discriminator` has the arguments of that one.
JUDGES = {"consortium": DiscriminatorConsortium, "projected": ProjectedDiscriminator}


def callables(section):
    """`CALLABLES` with the discriminator that a section chooses, and `keep_best` where it has that.

    Args:
        section: `gan` of a configuration; without `judge` it has the paper's consortium, without
            `keep_best` the last generator is served, as in the paper.

    Returns:
        Dictionary from keys of the section to what is called with them.

    Raises:
        InputError: there is no such judge.
    """
    judge = section.get("judge", "consortium")
    if judge not in JUDGES:
        raise InputError(f"gan.judge must be one of {sorted(JUDGES)}, received {judge!r}.")
    kept = {"keep_best": keep_best} if "keep_best" in section else {}
    return CALLABLES | {"discriminator": JUDGES[judge]} | kept


def run(config, workdir):
    """Trains generator and consortium against the frozen, pruned encoders.

    Args:
        config: with `image_size`, `seed` and the section `gan`; `gan.warm_start` gives the
            generator the weights of the VAE's decoder to begin with, `gan.free_scale` the free
            code an effect at that start (`start_from_decoder`); `gan.keep_best` has the best
            generator served in place of the last (`stages.best_generator`).
        workdir: folder of the run.

    Returns:
        Lines on what was left.
    """
    workdir = Path(workdir)
    folder = workdir / "gan"
    section, steps = config.gan, config.gan.fit.steps
    records = Records(workdir / "records")
    model = _model(config, workdir, records)
    callbacks = []
    if "keep_best" in section:
        about = {"steps": steps, "seed": config.seed}
        callbacks = [keep_best(model, Trained(workdir), **about, **section.keep_best)]
    model.compile(
        optimizer=make_optimizer(steps=steps, **section.optimizer),
        discriminator_optimizer=make_optimizer(steps=steps, **section.discriminator_optimizer),
    )
    fit_in(
        folder,
        model,
        lambda step: records.batches("all", seed=config.seed, start_step=step, **section.batches),
        callbacks=callbacks,
        **section.fit,
    )
    lines = [f"{folder}: generator over {model.code_size} dimensions"]
    if callbacks:
        model.best.put_back()
        lines.append(
            f"{folder}: kept: the generator of step {int(model.best.step):,} of {steps:,}, at a "
            f"kernel distance of {float(model.best.error):.4f} to test works that report nothing"
        )
    networks.save_network(model.generator, folder / "generator.keras")
    networks.save_network(model.discriminator, folder / "discriminator.keras")
    return lines


def _model(config, workdir, records):
    """The `ConditionalGAN` that the section describes, between a run's frozen encoders."""
    section = config.gan
    style_encoder = networks.load_network(workdir / "style" / "pruned_style_encoder.keras")
    content_encoder = networks.load_network(workdir / "content" / "pruned_content_encoder.keras")
    sizes = {name: section.model.get(name) for name in ("free_size", "code_size")}
    generator = Decoder(
        image_size=config.image_size,
        code_size=whole_code(style_encoder.code_size + content_encoder.code_size, **sizes),
        name="generator",
        **section.generator,
    )
    generator.build()
    if section.warm_start:
        _warm_start(
            generator,
            content_encoder,
            workdir / "content" / "decoder.keras",
            free_scale=section.get("free_scale", 0.0),
            seed=config.seed,
        )
    return ConditionalGAN(
        generator,
        _discriminator(config, records),
        style_encoder,
        content_encoder,
        seed=config.seed,
        **section.model,
    )


def _discriminator(config, records):
    """The discriminator that the section chooses, its frozen part filled in."""
    section = config.gan
    shared = {"image_size": config.image_size, "seed": config.seed}
    if callables(section)["discriminator"] is DiscriminatorConsortium:
        return DiscriminatorConsortium(**shared, **section.discriminator)
    # Names go with codes of works; a random style is nobody's.
    artists = 0 if section.model.get("mixture") is None else len(records.artists)
    network = ProjectedDiscriminator(**shared, artists=artists, **section.discriminator)
    network.build()
    networks.published_maps(records, network.maps)
    return network


def check_warm_start(decoder, generator):
    """Refuses a generator that cannot take over the weights of the VAE's decoder.

    Args:
        decoder: `Decoder` of the VAE.
        generator: `Decoder`.

    Raises:
        InputError: they are not of one structure.
    """
    inner = operator.attrgetter(
        "levels", "trunk.depths", "hidden_size", "keep_width", "full_features", "resized",
        "modulated",
    )  # fmt: skip
    if inner(decoder) != inner(generator):
        raise InputError(
            "gan.warm_start needs gan.generator to have the levels, blocks, hidden_size, "
            "keep_width, full_features, resized and modulated of content.decoder; make them "
            "equal, or set gan.warm_start=False."
        )


def _warm_start(generator, content_encoder, path, **free):
    decoder = networks.load_network(path)
    check_warm_start(decoder, generator)
    slope = content_encoder.slope
    start_from_decoder(
        generator,
        decoder,
        style_size=decoder.code_size - content_encoder.encoder.code_size,
        content_mean=ops.convert_to_numpy(content_encoder.mean),
        content_deviation=ops.convert_to_numpy(content_encoder.deviation),
        content_slope=None if slope is None else ops.convert_to_numpy(slope),
        **free,
    )
