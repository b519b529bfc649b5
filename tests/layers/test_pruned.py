import keras
import numpy as np
import pytest
from sklearn.linear_model import Ridge

from anime_style_tf.content_encoder import ContentEncoder
from anime_style_tf.layers.pruned import PrunedEncoder
from anime_style_tf.style_encoder import StyleEncoder

RNG = np.random.default_rng(12)
IMAGES = RNG.uniform(-1, 1, (30, 8, 8, 3)).astype("float32")
SHAPE = {"image_size": 8, "levels": (4, 6)}


def encoder(kind):
    keras.utils.set_random_seed(1)
    if kind == "style":
        return StyleEncoder(**SHAPE, code_size=5)
    return ContentEncoder(**SHAPE, code_size=5, hidden_size=7)


def codes_of(model):
    codes = model(IMAGES)
    return np.asarray(codes[0] if isinstance(codes, tuple) else codes)


@pytest.mark.parametrize("kind", ["style", "content"])
def test_the_works_that_it_was_standardized_on_have_mean_zero_and_variance_one(kind):
    whole = encoder(kind)
    pruned = PrunedEncoder(whole, code_size=3)
    codes = codes_of(whole)
    pruned.standardize(codes)
    standard = pruned(IMAGES).numpy()
    assert standard.shape == (30, 3)
    np.testing.assert_allclose(standard.mean(axis=0), 0, atol=1e-4)
    np.testing.assert_allclose(standard.std(axis=0), 1, atol=1e-3)
    kept = codes[:, :3].astype("float64")
    np.testing.assert_allclose(standard, (kept - kept.mean(0)) / kept.std(0), atol=1e-3)


def told_the_style():
    style = PrunedEncoder(encoder("style"), code_size=2)
    style.standardize(codes_of(style.encoder))
    pruned = PrunedEncoder(encoder("content"), code_size=3, style_encoder=style)
    pruned.standardize(codes_of(pruned.encoder), style(IMAGES))
    return pruned


def test_what_the_style_says_is_taken_off_as_by_a_ridge_regression():
    pruned = told_the_style()
    styles = np.asarray(pruned.style_encoder(IMAGES), "float64")
    kept = codes_of(pruned.encoder)[:, :3].astype("float64")
    rest = kept - Ridge(alpha=0.01 * len(IMAGES)).fit(styles, kept).predict(styles)
    np.testing.assert_allclose(pruned(IMAGES), rest / rest.std(axis=0), atol=1e-3)
    alone = np.corrcoef(np.concatenate([kept, styles], axis=1), rowvar=False)[:3, 3:]
    rest = np.corrcoef(np.concatenate([pruned(IMAGES), styles], axis=1), rowvar=False)[:3, 3:]
    assert np.abs(rest).max() < 0.05 < np.abs(alone).max()


def test_one_that_takes_the_style_off_comes_back_from_its_file(tmp_path):
    pruned = told_the_style()
    pruned.build((None, 8, 8, 3))
    pruned.save(tmp_path / "pruned.keras")
    again = keras.saving.load_model(tmp_path / "pruned.keras")
    assert np.abs(again.slope).max() > 0
    np.testing.assert_array_equal(again(IMAGES), pruned(IMAGES))


@pytest.mark.parametrize("kind", ["style", "content"])
def test_before_that_it_only_keeps_the_first_dimensions(kind):
    whole = encoder(kind)
    pruned = PrunedEncoder(whole, code_size=2)
    np.testing.assert_allclose(pruned(IMAGES), codes_of(whole)[:, :2], atol=1e-6)


def test_a_dead_dimension_does_not_divide_by_zero():
    pruned = PrunedEncoder(encoder("style"), code_size=2)
    pruned.standardize(np.zeros((10, 5)))
    assert np.isfinite(pruned(IMAGES)).all()


def test_its_statistics_do_not_train():
    pruned = PrunedEncoder(encoder("style"), code_size=2)
    pruned.build()
    names = {variable.name for variable in pruned.trainable_variables}
    assert names & {"mean", "deviation"} == set()
    assert len(pruned.trainable_variables) == len(pruned.encoder.trainable_variables)


def test_it_comes_back_from_its_file_with_statistics_and_encoder(tmp_path):
    pruned = PrunedEncoder(encoder("content"), code_size=3)
    pruned.standardize(codes_of(pruned.encoder))
    pruned.build((None, 8, 8, 3))
    pruned.save(tmp_path / "pruned.keras")
    again = keras.saving.load_model(tmp_path / "pruned.keras")
    np.testing.assert_array_equal(again(IMAGES), pruned(IMAGES))
    np.testing.assert_array_equal(again.deviation, pruned.deviation)
    assert again.code_size == 3


@pytest.mark.parametrize("kind", ["style", "content"])
def test_under_mixed_precision_it_standardizes_what_its_encoder_gives_unrounded(kind):
    keras.config.set_dtype_policy("mixed_bfloat16")
    whole = encoder(kind)
    pruned = PrunedEncoder(whole, code_size=3)
    codes = codes_of(whole)
    pruned.standardize(codes)
    kept = codes[:, :3].astype("float64")
    expected = (kept - kept.mean(axis=0)) / kept.std(axis=0)
    np.testing.assert_allclose(pruned(IMAGES), expected, atol=1e-5 / kept.std(axis=0).min())


def test_a_style_that_is_known_already_is_not_computed_again():
    pruned = told_the_style()
    styles = pruned.style_encoder(IMAGES)
    np.testing.assert_array_equal(pruned(IMAGES, styles), pruned(IMAGES))
    moved = np.asarray(pruned(IMAGES, styles + 1)) - pruned(IMAGES)
    expected = -np.sum(pruned.slope, axis=0) / np.asarray(pruned.deviation)
    np.testing.assert_allclose(moved, np.broadcast_to(expected, moved.shape), atol=1e-4)
