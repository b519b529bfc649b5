import io

import numpy as np
import pytest
import skimage.color
import tensorflow as tf
from PIL import Image

from anime_style_tf.decoder import Decoder
from anime_style_tf.errors import InputError
from anime_style_tf.image.color import srgb_to_lab
from anime_style_tf.layers.pruned import PrunedEncoder
from anime_style_tf.serving.free_code import free_code
from anime_style_tf.serving.portraits import Portraits
from anime_style_tf.serving.signatures import SIGNATURES
from tests.serving.tiny_networks import CONTENT, FREE, SIZE, STYLE, tiny_networks

RNG = np.random.default_rng(1)
_STATE = RNG.bit_generator.state


@pytest.fixture(autouse=True)
def _the_same_pictures_whatever_ran_before():
    """Some draw colors that scikit-image clips and we do not, which no bound should allow for."""
    RNG.bit_generator.state = _STATE


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


def test_reconstructing_is_transfer_from_an_image_to_itself(portraits):
    images = pictures(2)
    expected = portraits.transfer(images, images)["images"]
    np.testing.assert_array_equal(portraits.reconstruct(images)["images"], expected)
    files = portraits.reconstruct_bytes(png_files(images))["png_bytes"].numpy()
    for file, image in zip(files, expected, strict=True):
        pixels = np.asarray(Image.open(io.BytesIO(file)))
        np.testing.assert_allclose(pixels / 255, image, atol=0.51 / 255)


def test_a_content_encoder_that_takes_the_style_off_hears_it_from_the_style_encoder(networks):
    style = networks["style_encoder"]
    inside = PrunedEncoder.from_config(style.get_config())
    inside.build((None, SIZE, SIZE, 3))
    inside.set_weights(style.get_weights())
    content = PrunedEncoder(
        networks["content_encoder"].encoder, code_size=CONTENT, style_encoder=inside
    )
    content.slope.assign(RNG.normal(size=content.slope.shape))
    images = pictures(2)
    portraits = Portraits(**networks | {"content_encoder": content}, image_size=SIZE)
    for ours in (portraits, portraits.traced()):
        found = ours.encode_content(images)["content"]
        np.testing.assert_allclose(found, content(normalized_lab(images)), atol=2e-4)
        graph = tf.function(ours.reconstruct, portraits.input_specs("reconstruct"), autograph=False)
        held = {id(variable) for variable in graph.get_concrete_function().variables}
        assert held & {id(variable.value) for variable in style.variables}
        assert not held & {id(variable.value) for variable in inside.variables}


@pytest.mark.filterwarnings("ignore:Conversion from CIE-LAB")
def test_editing_adds_the_shift_to_the_style_and_leaves_the_content(networks, portraits):
    images = pictures(2)
    shift = RNG.normal(size=(2, STYLE)).astype("float32")
    lab = normalized_lab(images)
    code = np.concatenate(
        [
            networks["style_encoder"](lab) + shift,
            networks["content_encoder"](lab),
            np.zeros((2, FREE), "float32"),
        ],
        axis=1,
    )
    expected = srgb(networks["generator"](code))
    np.testing.assert_allclose(portraits.edit(images, shift)["images"], expected, atol=5e-4)
    files = portraits.edit_bytes(png_files(images), shift)["png_bytes"].numpy()
    pixels = np.asarray(Image.open(io.BytesIO(files[1])))
    np.testing.assert_allclose(pixels / 255, expected[1], atol=1.01 / 255)


def test_between_two_images_the_ends_are_transfers_and_each_row_has_its_own_weights(portraits):
    images, others = pictures(3), pictures(3)
    style, content = np.float32([0, 1, 0.5]), np.float32([0, 0, 0.5])
    drawn = portraits.interpolate(images, others, style, content)["images"]
    first = portraits.reconstruct(images[:1])["images"]
    np.testing.assert_allclose(drawn[:1], first, atol=1e-5)
    second = portraits.transfer(images[1:2], others[1:2])["images"]
    np.testing.assert_allclose(drawn[1:2], second, atol=1e-5)
    same = portraits.interpolate(others[2:], images[2:], style[2:], content[2:])["images"]
    np.testing.assert_allclose(drawn[2:], same, atol=1e-5)
    files = portraits.interpolate_bytes(png_files(images), png_files(others), style, content)
    pixels = np.asarray(Image.open(io.BytesIO(files["png_bytes"].numpy()[2])))
    np.testing.assert_allclose(pixels / 255, drawn[2], atol=0.51 / 255)


def test_searching_and_attributing_take_the_code_before_it_is_standardized(networks):
    asked = []

    class Answers:
        count = 1

        def __call__(self, codes):
            asked.append(codes)
            return {"distances": codes}

    images = pictures(2)
    portraits = Portraits(**networks, image_size=SIZE, works=Answers(), artists=Answers())
    portraits.nearest_bytes(png_files(images))
    portraits.attribute_bytes(png_files(images))
    raw = networks["style_encoder"].encoder(normalized_lab(images))[:, :STYLE]
    for codes in asked:
        np.testing.assert_allclose(codes, raw, atol=1e-4)


def test_without_an_index_there_are_no_signatures_that_need_one(portraits):
    lacking = {"nearest_bytes", "attribute_bytes"}
    assert set(SIGNATURES) - set(portraits.saved_models()["portraits"]) == lacking
    assert not lacking & set(portraits.saved_models()["style_encoder"])
    assert not {"works", "artists"} & set(portraits.sizes)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"style": np.float32([[np.nan, 0]])}, "expected a style of finite numbers"),
        ({"content": np.float32([[np.inf, 0, 0]])}, "expected a content of finite numbers"),
        ({"seed": np.int64([1, 2])}, "expected as many rows in each input"),
        ({"style": np.zeros((2, STYLE), "float32")}, "expected as many rows in each input"),
    ],
)
def test_codes_that_cannot_be_drawn_are_refused_in_words(portraits, change, message):
    request = {
        "style": np.zeros((1, STYLE), "float32"),
        "content": np.zeros((1, CONTENT), "float32"),
        "seed": np.int64([1]),
    } | change
    graph = tf.function(portraits.generate, input_signature=portraits.input_specs("generate"))
    with pytest.raises(tf.errors.InvalidArgumentError, match=message):
        graph(**request)


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
