"""What all stages will need of the settings and of the set, looked at before the first one trains.

A value that no network can be made with would else end a run hours later, in a later stage.
"""

import contextlib
import importlib
import inspect
import math

import numpy as np
from ml_collections import ConfigDict

from anime_style_tf.errors import InputError
from anime_style_tf.stages import STAGES, chosen_stages
from anime_style_tf.terminal.startup import load_tensorflow

# Least value of each setting of that name, in any section but `records`; of the others it is 0.
_LEAST = {
    "artists_per_batch": 2, "batch_size": 1, "blocks": 1, "code_size": 1, "columns": 1,
    "full_patches": 1, "half_patches": 1, "images": 1, "images_per_artist": 1, "levels": 1,
    "measured": 1, "named": 0, "resamples": 1, "rows": 1, "samples": 1, "side": 2, "steps": 1,
    "steps_per_epoch": 1, "thumbnail_side": 1, "version": 1, "works": 1, "works_per_artist": 2,
}  # fmt: skip
_POSITIVE = {"learning_rate", "tolerance"}
# What constructors raise about an argument.
_ABOUT_ARGUMENTS = (TypeError, ValueError, KeyError, AttributeError, ArithmeticError)


def check_settings(config, names):
    """Looks at all values, and makes every network and optimizer once.

    Args:
        config: as for `run_stages`.
        names: keys of `STAGES`, whose sections are looked at; `records` checks its own.

    Raises:
        InputError: a value that a stage cannot work with; the setting is named.
    """
    names = [name for name in names if name != "records"]
    if not names:
        return
    load_tensorflow()
    import keras

    with _naming("precision"):
        keras.config.set_dtype_policy(config.precision)
    for key, least in (("image_size", 1), ("seed", 0)):
        _check_number(key, config[key], least)
    for name in names:
        module = importlib.import_module(f"anime_style_tf.stages.{name}")
        _check_numbers(name, config[name])
        choose = getattr(module, "callables", None)
        makes = choose(config[name]) if choose else module.CALLABLES
        for key, function in makes.items():
            if key not in config[name]:
                raise InputError(
                    f"the configuration has no {name}.{key}: add it, as in the preset demo"
                )
            _check_arguments(f"{name}.{key}", function, config[name][key])
        if name in _MAKERS:
            _MAKERS[name](config, makes)
    keras.utils.clear_session()


def check_set(config, path, stage):
    """Looks at whether a set is large enough for a stage and for those after it.

    Args:
        config: as for `run_stages`; of the later stages, those that `all` runs count.
        path: folder of the records.
        stage: key of `STAGES`.

    Raises:
        InputError: too few artists or works; what to change is named.
    """
    if stage == "records":
        return
    load_tensorflow()
    # By name, so that this module, which the command line reads, does not wait for TensorFlow.
    selection_half = importlib.import_module("anime_style_tf.workdir.networks").selection_half
    records = importlib.import_module("anime_style_tf.data.reader").Records(path)
    after = list(STAGES)[list(STAGES).index(stage) + 1 :]
    later = [stage, *(name for name in chosen_stages(config) if name in after)]
    redo = "and make the records again with --stage=records --overwrite"
    if config.image_size != records.image_size:
        raise InputError(
            f"image_size: expected that of the records, {records.image_size}, received "
            f"{config.image_size}: set it, or make the records again with --stage=records "
            "--overwrite"
        )
    if len(records.artists) < 2:
        raise InputError(
            f"a style is what tells artists apart: expected 2 artists or more in {records.path}, "
            f"received {len(records.artists)}: add artists or lower records.rules.min_works, {redo}"
        )
    labels = records.labels("test")
    choosing = len(np.unique(labels[selection_half(len(labels))]))
    if choosing < 2:
        raise InputError(
            "every other test work chooses how many dimensions are kept: expected such works by 2 "
            f"artists or more, received {len(labels)} test works, these by {choosing}: raise "
            f"records.rules.test_minimum or test_fraction, {redo}"
        )
    fewest = np.bincount(records.labels("train"), minlength=len(records.artists)).min()
    most = {
        "style": ("works_per_artist", int(fewest), "the training works of the smallest artist"),
        "content": ("batch_size", records.count(), "the works of the set"),
        "gan": ("batch_size", records.count(), "the works of the set"),
    }
    for name in [name for name in later if name in most and name in config]:
        key, limit, what = most[name]
        given = config[name].batches.get(key, 0)
        if given > limit:
            full = f"{name}.batches.{key}"
            raise InputError(
                f"{full}: expected at most {limit}, {what}, received {given}: give "
                f"--config.{full}={limit}"
            )


def _make_style(config, makes):
    section, shared = config.style, {"artists": 2, "seed": config.seed}
    encoder = _made("style.encoder", makes, section.encoder, image_size=config.image_size)
    for key in [key for key in ("model", "classifier") if key in makes]:
        with _naming(f"style.{key}"):
            makes[key](encoder, **shared, **section[key])
    if encoder.pretrained:
        _need_published("style.encoder.pretrained", encoder.pretrained)
    prune = importlib.import_module("anime_style_tf.stages.style").choose_code_size
    _check_arguments("style.prune", prune, section.get("prune", {}))
    _make_optimizers("style", section, makes)


def _make_content(config, makes):
    section = config.content
    encoder = _made("content.encoder", makes, section.encoder, image_size=config.image_size)
    size = {"image_size": config.image_size, "code_size": encoder.code_size + 1}
    decoder = _made("content.decoder", makes, section.decoder, **size)
    with _naming("content.model"):
        # In place of the style encoder, of which only the code's size counts, unknown yet.
        makes["model"](encoder, decoder, encoder, seed=config.seed, **section.model)
    if section.model.get("perceptual_weight"):
        _need_published("content.model.perceptual_weight", "lite0")
    _make_optimizers("content", section, makes)


def _make_gan(config, makes):
    section = config.gan
    size = {"image_size": config.image_size}
    generator = _made("gan.generator", makes, section.generator, code_size=3, **size)
    # As many artists as a set has at least, so that what needs their names is not refused.
    projected = section.get("judge") == "projected"
    known = {"artists": 2} if projected and section.model.get("mixture") is not None else {}
    judge = _made("gan.discriminator", makes, section.discriminator, **known, **size)
    if projected:
        _need_published("gan.judge", judge.variant)
    _check_gan_model(section.model, makes["model"], generator, judge)
    _make_optimizers("gan", section, makes)
    if section.get("warm_start") and "content" in config:
        gan = importlib.import_module("anime_style_tf.stages.gan")
        decoder = _made("content.decoder", {"decoder": makes["generator"]},
                        config.content.decoder, code_size=3, **size)  # fmt: skip
        gan.check_warm_start(decoder, generator)


def _check_gan_model(arguments, make, generator, judge):
    """Makes the model with encoders of the shortest code, and changes an image as it would."""
    import keras

    perturbed = importlib.import_module("anime_style_tf.image.perturbation").perturbed
    encoder = keras.layers.Identity()
    encoder.code_size = 1
    with _naming("gan.model"):
        make(generator, judge, encoder, encoder, **arguments)
    if (changes := arguments.get("perturbation")) is not None:
        with _naming("gan.model.perturbation"):
            side = generator.image_size
            chance = keras.random.SeedGenerator(0)
            perturbed(np.zeros((1, side, side, 3), "float32"), seed_generator=chance, **changes)


def _need_published(path, variant):
    """Refuses a setting that needs published weights where their package is missing."""
    with _naming(path):
        importlib.import_module("anime_style_tf.pretrained.weights").published_tensors(variant)


def _make_index(config, makes):
    with _naming("index.search"):
        makes["search"](np.zeros((1, 1)), [""], [""], **config.index.search)


_MAKERS = {"style": _make_style, "content": _make_content, "gan": _make_gan, "index": _make_index}


def _made(path, makes, arguments, **more):
    with _naming(path):
        network = makes[path.rpartition(".")[2]](**more, **arguments)
        network.build()
    return network


def _make_optimizers(name, section, makes):
    for key in [key for key in makes if key.endswith("optimizer")]:
        with _naming(f"{name}.{key}"):
            makes[key](steps=section.fit.steps, **section[key])


def _check_numbers(path, section):
    for key, value in section.items():
        if isinstance(value, ConfigDict):
            _check_numbers(f"{path}.{key}", value)
        else:
            for each in value if isinstance(value, list | tuple) else [value]:
                _check_number(f"{path}.{key}", each, _LEAST.get(key, 0))


def _check_number(path, value, least):
    if isinstance(value, bool) or not isinstance(value, int | float):
        return
    positive = path.rpartition(".")[2] in _POSITIVE
    if not math.isfinite(value) or value < least or (positive and value == 0):
        what = "a number above 0" if positive else f"at least {least}"
        raise InputError(f"{path}: expected {what}, received {value}: give --config.{path}=NUMBER")


def _check_arguments(path, function, arguments):
    """Refuses a name that a callable does not have; Keras' own are left to the constructors."""
    with _naming(path):
        inspect.signature(function).bind_partial(**arguments)


@contextlib.contextmanager
def _naming(path):
    """Says whose value it was that something could not be made with."""
    try:
        yield
    except InputError as error:
        raise InputError(f"{path}: {error}") from error
    except _ABOUT_ARGUMENTS as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise InputError(f"{path}: {reason}") from error
