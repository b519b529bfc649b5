import runpy

import pytest

from anime_style_tf.errors import InputError
from anime_style_tf.pretrained import weights
from anime_style_tf.stages import STAGES
from anime_style_tf.stages.checks import check_set, check_settings
from tests.conventions.sources import ROOT, python_files
from tests.data.written_sets import write


def settings(preset="configs/smoke.py", **overrides):
    config = runpy.run_path(str(ROOT / preset))["get_config"]()
    config.update_from_flattened_dict(overrides)
    return config


@pytest.mark.parametrize(
    ("stage", "key", "value", "complaint"),
    [
        ("style", "precision", "fp16", "precision: .*fp16"),
        ("style", "image_size", 33, "style.encoder: An image of 33 pixels cannot be halved"),
        ("style", "image_size", 0, "image_size: expected at least 1, received 0"),
        ("style", "seed", -1, "seed: expected at least 0, received -1"),
        ("style", "style.encoder.levels", (8, 12, 16, 8, 8, 8), "style.encoder: .*halved 6 times"),
        ("style", "style.encoder.levels", (8, 0), "style.encoder.levels: expected at least 1"),
        ("style", "style.optimizer.name", "adamx", "style.optimizer: .*'adamx'"),
        ("style", "style.optimizer.learning_rate", 0.0, "learning_rate: expected a number above 0"),
        ("style", "style.optimizer.learning_rate", float("nan"), "received nan"),
        ("style", "style.presumed_optimizer.average", 1.5, "style.presumed_optimizer: .*1.5"),
        ("style", "style.fit.steps", -5, "style.fit.steps: expected at least 1, received -5"),
        ("style", "style.fit.steps_per_epoch", 0, "steps_per_epoch: expected at least 1"),
        ("style", "style.model.push", "some", "style.model: .*some"),
        ("content", "content.batches.batch_size", 0, "content.batches.batch_size: expected at lea"),
        ("content", "content.decoder.levels", (8,) * 6, "content.decoder: .*halved 6 times"),
        ("content", "content.optimizer.name", "sgd", "content.optimizer: .*'sgd'"),
        ("gan", "gan.discriminator.levels", (8,) * 4, "gan.discriminator: .*halved 4 times"),
        ("gan", "gan.generator.levels", (8, 12), "make them equal, or set gan.warm_start=False"),
        ("gan", "gan.discriminator_optimizer.name", "rms", "gan.discriminator_optimizer: .*'rms'"),
        ("gan", "gan.model.free_size", -4, "gan.model.free_size: expected at least 0"),
        ("gan", "gan.model.loss", "wgan", "gan.model: loss must be one of .*'wgan'"),
        ("gan", "gan.model.mixture", {"same": 0.9, "random": 0.9}, "gan.model: mixture: expected"),
        ("gan", "gan.model.mismatch_weight", 0.5, "gan.model: mismatch_weight needs"),
        ("gan", "gan.model.perturbation", {"blur": 2.0}, "gan.model.perturbation: blur must be"),
        ("gan", "gan.model.perturbation", {"grain": 2.0}, "gan.model.perturbation: .*'grain'"),
        ("style", "style.prune", {"least": 8}, "style.prune: .*'least'"),
        ("evaluate", "evaluate.recovery.images", 0, "evaluate.recovery.images: expected at leas"),
        ("explore", "explore.figure_3.side", 1, "explore.figure_3.side: expected at least 2"),
        ("index", "index.search.backend", "fast", "index.search: backend: expected one of exact"),
        ("export", "export.saved_model.tolerance", 0.0, "tolerance: expected a number above 0"),
    ],
)
def test_a_wrong_setting_is_named_before_anything_is_trained(stage, key, value, complaint):
    config = settings()
    with config.ignore_type():
        config.update_from_flattened_dict({key: value})
    with pytest.raises(InputError, match=complaint) as refusal:
        check_settings(config, list(STAGES) if key in config else [stage])
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("stage", "section", "complaint"),
    [
        ("style", "encoder", "no style.encoder: add it, as in the preset demo"),
        ("explore", "figure_6", "no explore.figure_6: add it"),
    ],
)
def test_a_part_of_a_section_that_is_missing_is_named(stage, section, complaint):
    config = settings()
    del config[stage][section]
    with pytest.raises(InputError, match=complaint):
        check_settings(config, [stage])


def test_a_name_that_a_function_does_not_have_is_named():
    config = settings()
    config.evaluate.recovery.pictures = 3
    with pytest.raises(InputError, match=r"evaluate\.recovery: .*'pictures'"):
        check_settings(config, ["evaluate"])


@pytest.mark.parametrize("preset", python_files("configs"), ids=str)
def test_the_settings_of_each_preset_pass(preset):
    config = settings(preset)
    names = list(STAGES)
    if preset.name in ("paper.py", "portraits.py"):  # their networks: tests/stages/test_presets.py
        names = ["evaluate", "explore", "index", "export"]
    check_settings(config, names)


WORKS = {"ann": 6, "bob": 6, "cat": 6}


@pytest.mark.parametrize(
    ("works", "split", "overrides", "complaint"),
    [
        ({"ann": 6}, {}, {}, "2 artists or more in .*, received 1: add artists or lower"),
        (WORKS, {"test_minimum": 0}, {}, "received 0 test works, these by 0: raise records.rules"),
        (
            WORKS,
            {},
            {"style.batches.works_per_artist": 5},
            "at most 4, the training works of the s",
        ),
        (
            WORKS,
            {},
            {"content.batches.batch_size": 19},
            "at most 18, the works of the set, received",
        ),
        (WORKS, {}, {"gan.batches.batch_size": 64}, "gan.batches.batch_size=18"),
        (
            WORKS,
            {},
            {"image_size": 64},
            "image_size: expected that of the records, 16, received 64",
        ),
    ],
)
def test_a_set_that_a_later_stage_cannot_work_with_is_refused_before_the_first_trains(
    tmp_path, works, split, overrides, complaint
):
    rules = {"min_works": 3, "test_fraction": 0.0, "test_minimum": 2} | split
    write(tmp_path, works, **rules)
    config = settings(**({"image_size": 16} | overrides))
    with pytest.raises(InputError, match=complaint):
        check_set(config, tmp_path, "style")


def test_a_set_of_three_test_works_by_two_artists_or_more_passes(tmp_path):
    write(tmp_path, WORKS, min_works=3, test_fraction=0.0, test_minimum=1)
    check_set(settings(image_size=16), tmp_path, "style")


def test_only_sections_that_the_configuration_has_are_held_against_the_set(tmp_path):
    write(tmp_path, WORKS, min_works=3, test_fraction=0.0, test_minimum=2)
    config = settings(image_size=16, **{"gan.batches.batch_size": 64})
    del config["gan"]
    check_set(config, tmp_path, "style")


@pytest.mark.parametrize(
    ("stage", "setting"), [("content", "content.model.perceptual_weight"), ("gan", "gan.judge")]
)
def test_published_weights_that_are_missing_are_named_before_anything_is_trained(
    stage, setting, monkeypatch
):
    def missing(variant):
        raise InputError(f"pretrained {variant!r} needs a package")

    monkeypatch.setattr(weights, "published_tensors", missing)
    with pytest.raises(InputError, match=rf"^{setting}: pretrained 'lite0' needs a package"):
        check_settings(settings("configs/demo.py"), [stage])
    check_settings(settings("configs/smoke.py"), [stage])
