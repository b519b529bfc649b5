import types

import numpy as np
import pytest

from anime_style_tf.style_encoder import StyleEncoder
from anime_style_tf.workdir import networks
from anime_style_tf.workdir.trained import Trained


def test_a_run_of_before_draws_contents_from_the_standard_normal(tmp_path):
    run = Trained(tmp_path)
    run.__dict__["content_encoder"] = types.SimpleNamespace(code_size=3)
    drawn = run.content_density.sample(np.random.default_rng(0), 4)
    np.testing.assert_array_equal(drawn, np.random.default_rng(0).standard_normal((4, 3)))


@pytest.fixture
def images():
    return np.random.default_rng(0).integers(0, 256, (3, 16, 16, 3), np.uint8)


def left_by_the_style_stage(workdir, images, precision):
    encoder = StyleEncoder(image_size=16, levels=(4, 6), code_size=3, dtype=precision)
    encoder.build()
    pruned = networks.prune(encoder, 2, networks.over_images(encoder, images))
    networks.save_network(pruned, workdir / "style" / "pruned_style_encoder.keras")


@pytest.mark.parametrize("precision", ["float32", "mixed_bfloat16"])
def test_networks_compute_in_float32_whatever_they_were_trained_in(tmp_path, images, precision):
    left_by_the_style_stage(tmp_path, images, precision)
    encoder = Trained(tmp_path).style_encoder
    assert {layer.compute_dtype for layer in encoder._flatten_layers()} == {"float32"}
    assert networks.over_images(encoder, images).shape == (3, 2)


def test_what_a_run_lacks_is_said_with_the_stage_that_makes_it(tmp_path):
    run = Trained(tmp_path)
    assert run.lacks() is None
    assert "no finished content encoder: run --stage=content" in run.lacks("content", "gan")
    for stage in ("content", "gan"):
        (tmp_path / stage).mkdir()
        (tmp_path / stage / "begun.txt").touch()
    assert "no finished generator: run --stage=gan" in run.lacks("gan")
    (tmp_path / "content" / "done.json").touch()
    assert run.lacks("content") is None
    assert "generator" in run.lacks("content", "gan")
    assert "no reference classifier" in run.lacks("classifier")
