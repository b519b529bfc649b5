import types

import numpy as np
import pytest
import tensorflow as tf
from ml_collections import ConfigDict

from anime_style_tf.decoder import Decoder
from anime_style_tf.discriminator import DiscriminatorConsortium
from anime_style_tf.errors import InputError
from anime_style_tf.layers.pruned import PrunedEncoder
from anime_style_tf.projected_discriminator import ProjectedDiscriminator
from anime_style_tf.stages import gan
from anime_style_tf.style_encoder import StyleEncoder
from anime_style_tf.workdir import networks

SIZES = {"image_size": 16, "levels": (4, 6), "hidden_size": 5}


@pytest.fixture
def content_encoder():
    """Two of three dimensions, shifted and scaled."""
    encoder = StyleEncoder(image_size=16, levels=(4, 6), code_size=3)
    encoder.build()
    codes = np.array([[0.0, 1.0, 0.0], [2.0, 5.0, 0.0]])
    return networks.prune(encoder, 2, codes)


@pytest.fixture
def decoder_file(tmp_path):
    """A decoder of three content and two style dimensions."""
    decoder = Decoder(code_size=5, **SIZES)
    decoder.build()
    networks.save_network(decoder, tmp_path / "content" / "decoder.keras")
    return tmp_path / "content" / "decoder.keras"


def test_a_generator_starts_by_drawing_what_the_decoder_draws(content_encoder, decoder_file):
    """Content (1, -1) standardized is (1, 3) + (1, -1) * (1, 2) = (2, 1); the rest is pruned."""
    generator = Decoder(code_size=2 + 2 + 1, **SIZES)
    generator.build()
    gan._warm_start(generator, content_encoder, decoder_file)
    drawn = generator(np.array([[0.5, -0.5, 1.0, -1.0, 9.0]], np.float32))
    decoder = networks.load_network(decoder_file)
    expected = decoder(np.array([[2.0, 1.0, 0.0, 0.5, -0.5]], np.float32))
    np.testing.assert_allclose(drawn, expected, atol=1e-5)
    assert isinstance(content_encoder, PrunedEncoder)


@pytest.mark.parametrize(
    "other", [{"levels": (4, 8)}, {"hidden_size": 7}, {"blocks": 2}, {"keep_width": True}]
)
def test_a_generator_of_another_form_cannot_start_from_the_decoder(
    content_encoder, decoder_file, other
):
    generator = Decoder(code_size=5, **SIZES | other)
    generator.build()
    with pytest.raises(InputError, match=r"set gan\.warm_start=False"):
        gan._warm_start(generator, content_encoder, decoder_file)


def test_the_paper_form_has_the_consortium_and_a_section_may_choose_another_judge():
    assert gan.callables(ConfigDict())["discriminator"] is DiscriminatorConsortium
    chosen = gan.callables(ConfigDict({"judge": "projected"}))
    assert chosen["discriminator"] is ProjectedDiscriminator
    with pytest.raises(InputError, match=r"one of \['consortium', 'projected'\], received 'jury'"):
        gan.callables(ConfigDict({"judge": "jury"}))


@pytest.mark.parametrize(("model", "known"), [({}, 0), ({"mixture": {"same": 0.5}}, 3)])
def test_a_projected_judge_has_published_maps_and_knows_the_artists_of_codes_of_works(
    model, known, monkeypatch
):
    taken = []
    monkeypatch.setattr(networks, "load_published", taken.append)
    images = np.random.default_rng(0).integers(0, 256, (4, 16, 16, 3), np.uint8)
    records = types.SimpleNamespace(
        artists=["a", "b", "c"], batches=lambda *_, **__: iter([{"image": tf.constant(images)}])
    )
    section = {"judge": "projected", "discriminator": {"stages": (1, 2)}, "model": model}
    config = ConfigDict({"image_size": 16, "seed": 1, "gan": section})
    judge = gan._discriminator(config, records)
    assert judge.artists == known
    assert taken == [judge.maps.network]
    assert np.ptp(judge.maps.deviations) > 0


def test_the_best_generator_is_kept_only_where_the_section_asks_for_it():
    assert "keep_best" not in gan.callables(ConfigDict())
    chosen = gan.callables(ConfigDict({"keep_best": {"every": 100}}))
    assert chosen["keep_best"] is gan.keep_best
