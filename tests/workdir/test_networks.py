import types

import numpy as np
import pytest
import tensorflow as tf

from anime_style_tf.errors import InputError
from anime_style_tf.image.color import srgb_to_lab
from anime_style_tf.layers.scaled_maps import ScaledMaps
from anime_style_tf.style_encoder import StyleEncoder
from anime_style_tf.workdir import networks


@pytest.fixture
def encoder():
    network = StyleEncoder(image_size=16, levels=(4, 6), code_size=3)
    network.build()
    return network


@pytest.fixture
def images():
    return np.random.default_rng(0).integers(0, 256, (5, 16, 16, 3), np.uint8)


def test_a_network_comes_back_from_its_file_and_is_frozen(encoder, images, tmp_path):
    networks.save_network(encoder, tmp_path / "style" / "encoder.keras")
    again = networks.load_network(tmp_path / "style" / "encoder.keras")
    assert again.trainable_variables == []
    lab = srgb_to_lab(images / np.float32(255))
    np.testing.assert_array_equal(again(lab), encoder(lab))
    assert [path.name for path in (tmp_path / "style").iterdir()] == ["encoder.keras"]


def test_a_missing_file_names_the_stage_that_makes_it(tmp_path):
    with pytest.raises(InputError, match="missing; run --stage=style"):
        networks.load_network(tmp_path / "style" / "encoder.keras")


def test_a_damaged_file_says_how_to_make_it_again(encoder, tmp_path):
    path = tmp_path / "style" / "encoder.keras"
    networks.save_network(encoder, path)
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(InputError, match="make it again with --stage=style --overwrite"):
        networks.load_network(path)


@pytest.mark.parametrize("batch_size", [2, 5, 64])
def test_a_function_over_images_does_not_depend_on_the_batches(encoder, images, batch_size):
    whole = encoder(srgb_to_lab(images / np.float32(255)))
    codes, sums = networks.over_images(
        lambda lab: (encoder(lab), tf.reduce_sum(encoder(lab), axis=1)),
        images,
        batch_size=batch_size,
    )
    np.testing.assert_allclose(codes, whole, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(sums, codes.sum(axis=1), rtol=1e-4, atol=1e-5)


def test_a_function_over_images_is_traced_once(encoder, images):
    traced = []
    networks.over_images(lambda lab: traced.append(1) or encoder(lab), images, batch_size=2)
    assert len(traced) == 1


def test_pruning_standardizes_the_dimensions_that_it_keeps(encoder, images):
    codes = networks.over_images(encoder, images)
    pruned = networks.prune(encoder, 2, codes)
    kept = networks.over_images(pruned, images)
    assert kept.shape == (5, 2)
    np.testing.assert_allclose(kept.mean(axis=0), 0, atol=1e-4)
    np.testing.assert_allclose(kept.std(axis=0), 1, rtol=1e-3)


def test_pruning_can_leave_the_units_as_they_are(encoder, images):
    codes = networks.over_images(encoder, images)
    plain = networks.prune(encoder, 2, codes, standardize=False)
    np.testing.assert_allclose(networks.over_images(plain, images), codes[:, :2], rtol=1e-5)


def test_the_half_that_selects_and_the_half_that_reports_are_even():
    half = networks.selection_half(7)
    assert half.tolist() == [True, False, True, False, True, False, True]


def test_published_maps_take_weights_from_the_package_and_their_scale_from_training_works(
    images, monkeypatch
):
    taken = []
    monkeypatch.setattr(networks, "load_published", taken.append)
    records = types.SimpleNamespace(
        batches=lambda split, size, repeat: [{"image": tf.constant(images)}][: split == "train"]
    )
    maps = networks.published_maps(records, ScaledMaps(stages=(1, 2)))
    assert taken == [maps.network]
    for each in maps(srgb_to_lab(images)):
        assert np.std(each) == pytest.approx(1, rel=1e-3)
