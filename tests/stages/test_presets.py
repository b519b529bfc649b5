"""Every preset's networks are made, at their full size, and fit together."""

import runpy

import keras
import numpy as np
import pytest

from anime_style_tf.content_encoder import ContentEncoder
from anime_style_tf.decoder import Decoder
from anime_style_tf.discriminator import DiscriminatorConsortium
from anime_style_tf.stages.gan import callables
from anime_style_tf.style_encoder import StyleEncoder
from anime_style_tf.training.schedules import make_optimizer
from tests.conventions.sources import ROOT, python_files


@pytest.fixture(params=python_files("configs"), ids=str)
def preset(request):
    config = runpy.run_path(str(ROOT / request.param))["get_config"]()
    keras.config.set_dtype_policy(config.precision)
    return config


def outputs(network, shape):
    """Shapes of what a network gives, without computing it."""
    network.build()
    made = network(keras.KerasTensor((2, *shape)))
    return [tuple(each.shape) for each in keras.tree.flatten(made)]


def test_a_presets_networks_are_made_and_fit_together(preset):
    size, content, gan = preset.image_size, preset.content, preset.gan
    image = (size, size, 3)
    code_size = preset.style.encoder.code_size
    style_encoder = StyleEncoder(image_size=size, **preset.style.encoder)
    assert outputs(style_encoder, image) == [(2, code_size)]
    encoder = ContentEncoder(image_size=size, **content.encoder)
    assert outputs(encoder, image) == [(2, content.encoder.code_size)] * 2
    generator = Decoder(image_size=size, code_size=24, **gan.generator)
    assert outputs(generator, (24,)) == [(2, *image)]
    if gan.warm_start:
        generator.set_weights(_built(Decoder(image_size=size, code_size=24, **content.decoder)))
    judge = callables(gan)["discriminator"](image_size=size, **gan.discriminator)
    logits = outputs(judge, image)
    if isinstance(judge, DiscriminatorConsortium):
        patches = (1, gan.discriminator.half_patches, gan.discriminator.full_patches)
        assert logits == [(2 * count,) for count in patches]
    else:
        assert len(logits) == len(gan.discriminator.stages) + 1
        assert all(shape[0] == 2 and min(shape) > 0 for shape in logits)


def _built(network):
    network.build()
    return network.get_weights()


def test_a_presets_rates_rise_and_stay_positive(preset):
    sections = {name: preset[name] for name in ("style", "content", "gan")}
    for section in sections.values():
        for name in [key for key in section if key.endswith("optimizer")]:
            optimizer = make_optimizer(steps=section.fit.steps, **section[name])
            rates = [float(optimizer._learning_rate(step)) for step in (0, section.fit.steps)]
            assert rates[0] == 0
            assert np.isfinite(rates[1])
            assert rates[1] > 0


def test_a_presets_epochs_are_within_its_steps(preset):
    for name in ("style", "content", "gan"):
        assert preset[name].fit.steps_per_epoch <= preset[name].fit.steps


@pytest.mark.parametrize(("source", "works"), [("dicebear", 50), ("folder", 10)])
def test_the_smoke_preset_asks_as_many_works_of_an_artist_as_the_demo_does(source, works):
    for name in ("smoke", "demo"):
        records = runpy.run_path(str(ROOT / "configs" / f"{name}.py"))["get_config"](source).records
        assert (records.source, records.rules.min_works) == (source, works)
