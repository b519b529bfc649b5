"""What every public training must do as any Keras model does: strings, pairs, `fit`, files."""

import keras
import numpy as np
import pytest

from anime_style_tf.conditional_gan import ConditionalGAN
from anime_style_tf.content_encoder import ContentEncoder, ContentVAE
from anime_style_tf.decoder import Decoder
from anime_style_tf.discriminator import DiscriminatorConsortium
from anime_style_tf.layers.pruned import PrunedEncoder
from anime_style_tf.style_classifier import StyleClassifier
from anime_style_tf.style_encoder import StyleEncoder, StyleMetricLearning
from anime_style_tf.training.schedules import make_optimizer

SIZES = {"image_size": 8, "levels": (4, 6)}
IMAGES = np.random.default_rng(0).random((8, 8, 8, 3), dtype="float32")
ARTISTS = np.array([0, 0, 1, 1, 2, 2, 0, 1])


def style():
    return StyleEncoder(**SIZES, code_size=3)


def pruned():
    content = ContentEncoder(**SIZES, code_size=4, hidden_size=5)
    return PrunedEncoder(style(), code_size=2), PrunedEncoder(content, code_size=3)


def gan():
    judge = DiscriminatorConsortium(image_size=8, levels=(4,), half_patches=1, full_patches=1)
    generator = Decoder(**SIZES, code_size=9, hidden_size=5)
    mixture = {"same": 0.5, "random": 0.5}
    return ConditionalGAN(generator, judge, *pruned(), free_size=4, mixture=mixture)


TRAININGS = {
    "metric_learning": lambda: StyleMetricLearning(style(), artists=3, push=2.0),
    "classifier": lambda: StyleClassifier(style(), artists=3, keep=0.6),
    "vae": lambda: ContentVAE(
        ContentEncoder(**SIZES, code_size=4, hidden_size=5),
        Decoder(**SIZES, code_size=6, hidden_size=5), pruned()[0], error="absolute",
        dependence_weight=0.1,
    ),
    "gan": gan,
}  # fmt: skip


@pytest.mark.parametrize("name", TRAININGS)
def test_a_training_takes_names_of_optimizers_and_pairs_and_comes_back_from_its_file(
    name, tmp_path
):
    keras.utils.set_random_seed(1)
    model = TRAININGS[name]()
    model.compile(**dict.fromkeys(model.optimized(), "sgd"))
    history = model.fit(IMAGES, ARTISTS, batch_size=8, verbose=0).history
    assert all(np.isfinite(values).all() for values in history.values())
    path = tmp_path / f"{name}.keras"
    model.save(path)
    again = keras.saving.load_model(path)
    assert type(again) is type(model)
    assert again.get_config() == model.get_config()
    for mine, its in zip(model.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, its)
    assert [type(getattr(again, each)) for each in again.optimized()] == [
        keras.optimizers.SGD for _ in model.optimized()
    ]


def test_a_training_with_an_optimizer_of_ours_comes_back_without_it(tmp_path):
    model = TRAININGS["classifier"]()
    model.compile(make_optimizer("adam", learning_rate=0.1, steps=5))
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    assert not again.compiled
    np.testing.assert_array_equal(again(IMAGES), model(IMAGES))


def test_an_optimizer_that_is_missing_is_named_with_what_to_give():
    with pytest.raises(ValueError, match=r'needs presumed_optimizer as well: .* such as "adam"'):
        TRAININGS["metric_learning"]().compile("adam")


def test_sample_weights_are_refused():
    model = TRAININGS["classifier"]()
    model.compile("sgd")
    with pytest.raises(ValueError, match="no sample weights"):
        model.fit(IMAGES, ARTISTS, sample_weight=np.ones(8), verbose=0)
