import io

import keras
import numpy as np
import pytest
import skimage.color
import tensorflow as tf
from PIL import Image

from anime_style_tf.decoder import Decoder
from anime_style_tf.errors import InputError
from anime_style_tf.image.color import srgb_to_lab
from anime_style_tf.serving.free_code import free_code
from anime_style_tf.serving.portraits import Portraits, compute_in_float32, round_to_half
from tests.serving.tiny_networks import CONTENT, FREE, SIZE, STYLE, tiny_networks

RNG = np.random.default_rng(1)


@pytest.fixture(scope="module")
def networks():
    return tiny_networks()


@pytest.fixture(scope="module")
def portraits(networks):
    return Portraits(**networks, image_size=SIZE)


def pictures(batch):
    return RNG.integers(0, 256, (batch, SIZE, SIZE, 3), dtype="uint8")


def normalized_lab(images):
    return (skimage.color.rgb2lab(images) / [50, 110, 110] - [1, 0, 0]).astype("float32")


def srgb(lab):
    with np.errstate(all="ignore"):
        return skimage.color.lab2rgb(np.asarray(lab, "float64") * [50, 110, 110] + [50, 0, 0])


def png_files(images):
    files = []
    for image in images:
        file = io.BytesIO()
        Image.fromarray(image).save(file, "PNG")
        files.append(file.getvalue())
    return tf.constant(files)


@pytest.mark.parametrize("kind", ["style", "content"])
def test_encoding_is_the_encoder_of_the_images_lab(kind, networks, portraits):
    images = pictures(3)
    expected = networks[f"{kind}_encoder"](normalized_lab(images))
    answer = getattr(portraits, f"encode_{kind}")(images)
    assert list(answer) == [kind]
    np.testing.assert_allclose(answer[kind], expected, atol=1e-4)
    of_files = getattr(portraits, f"encode_{kind}_bytes")(png_files(images))
    np.testing.assert_allclose(of_files[kind], answer[kind], atol=1e-5)


@pytest.mark.parametrize("kind", ["style", "content"])
def test_pixels_are_read_as_in_training_and_as_their_values_in_the_unit_range(
    kind, networks, portraits
):
    images = np.random.default_rng(5).integers(0, 256, (3, SIZE, SIZE, 3), dtype="uint8")
    encoder = networks[f"{kind}_encoder"]
    codes = getattr(portraits, f"encode_{kind}")(images)[kind]
    np.testing.assert_array_equal(codes, encoder(srgb_to_lab(images)))
    of_floats = encoder(srgb_to_lab(images.astype("float32") / 255))
    np.testing.assert_allclose(codes, of_floats, atol=1e-5)


@pytest.mark.filterwarnings("ignore:Conversion from CIE-LAB")
def test_generating_puts_style_content_and_free_code_in_this_order(networks, portraits):
    style = RNG.normal(size=(2, STYLE)).astype("float32")
    content = RNG.normal(size=(2, CONTENT)).astype("float32")
    seed = tf.constant([8, 9], tf.int64)
    code = np.concatenate([style, content, free_code(seed, FREE)], axis=1)
    expected = srgb(networks["generator"](code))
    images = portraits.generate(style, content, seed)["images"]
    np.testing.assert_allclose(images, expected, atol=2e-4)


@pytest.mark.filterwarnings("ignore:Conversion from CIE-LAB")
def test_transfer_draws_the_content_of_one_in_the_style_of_the_other(networks, portraits):
    content_images, style_images = pictures(2), pictures(2)
    code = np.concatenate(
        [
            networks["style_encoder"](normalized_lab(style_images)),
            networks["content_encoder"](normalized_lab(content_images)),
            np.zeros((2, FREE), "float32"),
        ],
        axis=1,
    )
    expected = srgb(networks["generator"](code))
    images = portraits.transfer(content_images, style_images)["images"]
    np.testing.assert_allclose(images, expected, atol=5e-4)


def test_the_same_request_gives_the_same_image_in_any_batch(portraits):
    style = RNG.normal(size=(3, STYLE)).astype("float32")
    content = RNG.normal(size=(3, CONTENT)).astype("float32")
    seed = tf.constant([4, 5, 6], tf.int64)
    together = portraits.generate(style, content, seed)["images"]
    alone = portraits.generate(style[1:2], content[1:2], seed[1:2])["images"]
    # The free code is the same bit for bit; a product may be summed in another order.
    np.testing.assert_allclose(alone[0], together[1], atol=1e-5)
    other_seed = portraits.generate(style[1:2], content[1:2], seed[2:3])["images"]
    assert np.abs(other_seed[0] - together[1]).max() > 1e-3


def test_png_answers_hold_the_images(portraits):
    images = pictures(2)
    drawn = portraits.transfer(images, images)["images"].numpy()
    files = portraits.transfer_bytes(png_files(images), png_files(images))["png_bytes"].numpy()
    for file, image in zip(files, drawn, strict=True):
        pixels = np.asarray(Image.open(io.BytesIO(file)))
        np.testing.assert_allclose(pixels / 255, image, atol=0.51 / 255)


def test_traced_networks_answer_as_the_live_ones(portraits):
    images = pictures(3)
    live, traced = (
        model.transfer(images, images[::-1])["images"] for model in (portraits, portraits.traced())
    )
    np.testing.assert_allclose(traced, live, atol=1e-5)


def test_networks_of_a_mixed_policy_can_compute_in_float32(networks):
    lab = normalized_lab(pictures(2))
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        mixed = tiny_networks()["style_encoder"]
    finally:
        keras.config.set_dtype_policy(before)
    mixed.set_weights(networks["style_encoder"].get_weights())
    expected = networks["style_encoder"](lab).numpy()
    assert np.abs(mixed(lab) - expected).max() > 1e-4
    assert compute_in_float32(mixed) is mixed
    np.testing.assert_allclose(mixed(lab), expected, atol=1e-6)


def test_an_encoder_that_gives_a_posterior_is_refused_with_the_remedy(networks):
    def posterior(lab, training):
        return (networks["content_encoder"](lab, training=training),) * 2

    with pytest.raises(InputError, match="wrap it in a PrunedEncoder"):
        Portraits(**networks | {"content_encoder": posterior}, image_size=SIZE)


@pytest.mark.parametrize(
    ("shape", "complaint"),
    [
        (
            {"image_size": 8, "code_size": 9},
            r"\(1, 8, 8, 3\) where \(1, 16, 16, 3\) is expected",
        ),
        (
            {"image_size": SIZE, "code_size": 4},
            "has 4 dimensions, expected at least k_S .* = 5",
        ),
    ],
)
def test_a_generator_of_another_run_is_refused(shape, complaint, networks):
    other = Decoder(levels=(4, 8), **shape)
    with pytest.raises(InputError, match=complaint):
        Portraits(**networks | {"generator": other}, image_size=SIZE)


def test_rounded_weights_lie_on_the_grid_of_half_precision_and_draw_nearly_the_same():
    network = tiny_networks()["generator"]
    network.build()
    before = [weight.numpy() for weight in network.weights]
    codes = np.random.default_rng(0).standard_normal((4, network.code_size)).astype("float32")
    drawn = network(codes).numpy()
    assert round_to_half(network) is network
    for old, weight in zip(before, network.weights, strict=True):
        mantissas = weight.numpy().view("uint32") & 0x1FFF if weight.dtype == "float32" else 0
        assert not np.any(mantissas)
        np.testing.assert_allclose(weight.numpy(), old, rtol=2**-11, atol=2**-25)
    assert 0 < np.abs(network(codes).numpy() - drawn).max() < 0.01


def test_a_weight_that_half_precision_cannot_hold_is_named():
    network = tiny_networks()["generator"]
    network.build()
    weight = network.trainable_variables[0]
    weight.assign(np.full(weight.shape, 7e4, "float32"))
    with pytest.raises(InputError, match=r"is above 65504 in magnitude"):
        round_to_half(network)
