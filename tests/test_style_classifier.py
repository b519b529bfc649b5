import keras
import numpy as np
import pytest
import scipy.special

from anime_style_tf.image.color import srgb_to_lab
from anime_style_tf.style_classifier import StyleClassifier
from tests.squares import COLORS, dataset, squares, style_encoder


def classifier(rate=5e-3, **options):
    keras.utils.set_random_seed(2)
    model = StyleClassifier(style_encoder(), artists=len(COLORS), shift=1, **options)
    model.compile(keras.optimizers.Adam(rate))
    return model


def test_a_plain_fit_learns_to_name_the_artist():
    model = classifier(rate=1e-2)
    history = model.fit(dataset(40), epochs=7, shuffle=False, verbose=0).history
    assert set(history) == {"cross_entropy"}
    assert history["cross_entropy"][0] < np.log(4) + 0.5
    assert history["cross_entropy"][-1] < 0.8 * history["cross_entropy"][0]
    fresh = squares(25, seed=9)
    assert (model(fresh["image"]).numpy().argmax(axis=1) == fresh["artist"]).mean() > 0.9


def test_the_cross_entropy_is_that_of_the_logits():
    model, batch = classifier(), squares(3)
    log_probability = scipy.special.log_softmax(model(batch["image"]).numpy(), axis=1)
    expected = -log_probability[np.arange(12), batch["artist"]].mean()
    assert float(model.terms(batch)["cross_entropy"]) == pytest.approx(expected, rel=1e-5)
    values = model.evaluate(dataset(3), verbose=0, return_dict=True)
    assert values["cross_entropy"] == pytest.approx(expected, rel=1e-4)


def test_the_linear_layer_gives_the_logits_of_a_code():
    model = classifier()
    model.logits.gamma.assign([1.0, -0.5, 2.0, 0.3])
    model.logits.beta.assign([0.1, 0.2, 0.3, 0.4])
    codes = np.random.default_rng(0).normal(size=(5, 4)).astype("float32")
    kernel, bias = model.linear()
    np.testing.assert_allclose(codes @ kernel + bias, model.logits(codes), atol=1e-5)


def test_codes_are_masked_in_training_only():
    model = classifier(keep=0.0)
    model.shift, model.flip = 0, False
    images = squares(2)["image"]
    kernel, bias = model.linear()
    codes = model.encoder(srgb_to_lab(images)).numpy()
    np.testing.assert_allclose(model(images), codes @ kernel + bias, atol=1e-4)
    only_first = codes * [1, 0, 0, 0] @ kernel + bias
    np.testing.assert_allclose(model(images, training=True), only_first, atol=1e-4)
