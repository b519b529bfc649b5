import keras
import numpy as np
import pytest
import tensorflow as tf

from anime_style_tf.image.color import srgb_to_lab
from anime_style_tf.style_encoder import POOLINGS, TERMS, StyleEncoder, StyleMetricLearning
from tests.losses import triple_loop
from tests.squares import COLORS, SIZE, dataset, same, squares, style_encoder

ARTISTS = len(COLORS)


def learner(rate=3e-3, presumed_rate=2e-2, **options):
    keras.utils.set_random_seed(1)
    model = StyleMetricLearning(style_encoder(), artists=ARTISTS, shift=1, **options)
    model.compile(
        keras.optimizers.Adam(rate), presumed_optimizer=keras.optimizers.Adam(presumed_rate)
    )
    return model


def test_a_plain_fit_reports_the_terms_as_means_over_the_epoch():
    model = learner(rate=0.0, presumed_rate=0.0)
    model.shift, model.flip = 0, False
    history = model.fit(dataset(8), epochs=1, shuffle=False, verbose=0).history
    # Nothing moves, so the epoch's mean is the mean over its batches.
    batches = [model.terms(batch) for batch in dataset(8)]
    assert set(history) == set(TERMS)
    for name in TERMS:
        expected = np.mean([float(terms[name]) for terms in batches])
        assert history[name][0] == pytest.approx(expected, rel=1e-3, abs=1e-6)


@pytest.mark.parametrize(("push", "weight"), [("sum", ARTISTS - 1), (2.5, 2.5)])
def test_the_terms_are_the_losses_weighted(push, weight):
    model = learner(push=push, presumed_weight=0.5, keep=0.6, initial_presumed_deviation=1.0)
    model.log_scales.assign([0.3, 0.1, -0.2, -0.4])
    batch = squares(3)
    codes = model.encoder(srgb_to_lab(batch["image"])).numpy()
    law = [0.4, 0.24, 0.144, 0.216]
    scales = model.log_scales.numpy()
    pull, push_apart = triple_loop.pair_terms(codes, batch["artist"], law, scales)
    own, others = triple_loop.presumed_terms(
        codes, batch["artist"], model.presumed_styles.numpy(), law, scales
    )
    expected = [pull, weight * push_apart, 0.5 * own, 0.5 * weight * others]
    terms = model.terms(batch)
    np.testing.assert_allclose([terms[name] for name in TERMS], expected, rtol=1e-3, atol=1e-6)


def test_after_some_dozen_steps_the_nearest_presumed_style_names_the_artist():
    model = learner(rate=1e-2, presumed_rate=5e-2)
    history = model.fit(dataset(40), epochs=13, shuffle=False, verbose=0).history
    losses = np.sum([history[name] for name in TERMS], axis=0)
    assert losses[-1] < 0.7 * losses[0]
    fresh = squares(25, seed=9)
    codes = model(fresh["image"]).numpy()
    distances = ((codes[:, None] - model.presumed_styles.numpy()[None]) ** 2).sum(axis=-1)
    assert (distances.argmin(axis=1) == fresh["artist"]).mean() > 0.9


def test_a_step_moves_the_encoder_the_presumed_styles_and_the_scales():
    model = learner()
    encoder = [np.array(weight) for weight in model.encoder.get_weights()]
    presumed, scales = model.presumed_styles.numpy(), model.log_scales.numpy()
    model.train_step({k: tf.constant(v) for k, v in squares(4).items()})
    assert not any(same(encoder, model.encoder))
    assert (presumed != model.presumed_styles.numpy()).any()
    assert (scales != model.log_scales.numpy()).any()


def test_presumed_styles_start_small_and_from_the_seed():
    first, again, other = (
        StyleMetricLearning(StyleEncoder(image_size=SIZE, levels=(4,)), artists=500, seed=seed)
        for seed in (3, 3, 4)
    )
    styles = first.presumed_styles.numpy()
    np.testing.assert_array_equal(styles, again.presumed_styles)
    assert (styles != other.presumed_styles.numpy()).any()
    assert styles.std() == pytest.approx(0.05, rel=0.02)
    assert (first.log_scales.numpy() == 0).all()


def test_images_of_eight_bits_and_of_floats_have_one_code_and_only_training_augments():
    model = StyleMetricLearning(style_encoder(), artists=2)
    images = squares(2)["image"]
    code = model(images).numpy()
    np.testing.assert_allclose(model(images.astype("float32") / 255), code, atol=1e-5)
    np.testing.assert_array_equal(model(images), code)
    assert np.abs(model(images, training=True) - code).max() > 1e-3


def test_evaluation_reports_the_terms_without_learning():
    model = learner()
    before = [np.array(weight) for weight in model.get_weights()]
    values = model.evaluate(dataset(4), verbose=0, return_dict=True)
    assert set(values) == set(TERMS)
    assert all(same(before, model))


@pytest.mark.parametrize("pooling", ["average", "flatten", "moments"])
def test_the_head_reads_the_top_or_the_moments_of_all_levels(pooling):
    encoder = StyleEncoder(image_size=SIZE, levels=(6, 8), code_size=3, pooling=pooling)
    lab = np.random.default_rng(0).uniform(-1, 1, (2, SIZE, SIZE, 3)).astype("float32")
    code = encoder(lab)
    *below, top = [features.numpy() for features in encoder.trunk.maps(lab)]
    pooled = {
        "average": top.mean(axis=(1, 2)),
        "flatten": top.reshape(2, -1),
        "moments": np.concatenate(
            [
                each
                for features in (*below, top)
                for each in (features.mean((1, 2)), np.sqrt(features.var((1, 2)) + 1e-3))
            ],
            axis=1,
        ),
    }
    kernel = encoder.head.kernel.numpy()
    kernel = kernel / np.linalg.norm(kernel, axis=0)
    np.testing.assert_allclose(code, pooled[pooling] @ kernel, atol=1e-5)


def test_sampled_prefixes_replace_only_the_push_from_presumed_styles_and_only_in_training():
    model = learner(sample_prefixes=True, initial_presumed_deviation=1.0)
    model.shift, model.flip = 0, False
    batch = squares(4)
    exact = {name: float(term) for name, term in model.terms(batch).items()}
    again = model.terms(batch)
    assert {name: float(term) for name, term in again.items()} == exact
    draws = [model.terms(batch, training=True) for _ in range(60)]
    for name in set(TERMS) - {"presumed_push"}:
        np.testing.assert_allclose([float(each[name]) for each in draws], exact[name], rtol=1e-4)
    pushes = np.array([float(each["presumed_push"]) for each in draws])
    assert abs(pushes.mean() - exact["presumed_push"]) < 4 * pushes.std() / len(pushes) ** 0.5
    assert pushes.std() > 0


def test_the_prefixes_that_are_drawn_follow_the_state_that_checkpoints_keep():
    model = learner(sample_prefixes=True, initial_presumed_deviation=1.0)
    state = model.seed_generator.state
    assert any(variable is state for variable in model.variables)
    batch, at = squares(4), np.array(state)
    first = float(model.terms(batch, training=True)["presumed_push"])
    assert float(model.terms(batch, training=True)["presumed_push"]) != first
    state.assign(at)
    assert float(model.terms(batch, training=True)["presumed_push"]) == first


def test_what_cannot_be_trained_is_refused():
    with pytest.raises(ValueError, match="two artists or more, received 1"):
        StyleMetricLearning(style_encoder(), artists=1)
    with pytest.raises(ValueError, match="pooling must be one of"):
        StyleEncoder(pooling="max")


@pytest.mark.parametrize("pooling", POOLINGS)
def test_under_mixed_precision_the_head_computes_the_code_in_single_precision(pooling):
    keras.config.set_dtype_policy("mixed_bfloat16")
    encoder = StyleEncoder(image_size=8, levels=(4, 6), code_size=5, pooling=pooling)
    lab = tf.random.stateless_uniform((3, 8, 8, 3), (1, 2), -1.0, 1.0)
    codes = encoder(lab)
    maps = encoder.trunk.maps(lab)
    assert {each.dtype for each in maps} == {tf.bfloat16}
    maps = [np.asarray(tf.cast(each, tf.float64)) for each in maps]
    if pooling == "moments":
        moments = [(m.mean((1, 2)), np.sqrt(m.var((1, 2)) + 1e-3)) for m in maps]
        features = np.concatenate([part for pair in moments for part in pair], axis=1)
    else:
        features = maps[-1].mean((1, 2)) if pooling == "average" else maps[-1].reshape(3, -1)
    kernel = encoder.head.kernel.numpy().astype("float64")
    expected = features @ (kernel / np.linalg.norm(kernel, axis=0))
    np.testing.assert_allclose(codes, expected, atol=1e-6)
    assert encoder.head.kernel.dtype == "float32"


PRETRAINED = {
    "image_size": 16, "levels": (), "color_levels": 4, "code_size": 5,
    "pretrained": "lite0", "pretrained_stages": (1, 2), "pretrained_resolution": 24,
}  # fmt: skip


def test_the_head_starts_with_the_directions_given_and_the_others_are_quiet():
    encoder = StyleEncoder(**PRETRAINED)
    encoder.build()
    rng = np.random.default_rng(0)
    lab = rng.uniform(-0.5, 0.5, (3, 16, 16, 3)).astype("float32")
    features = np.concatenate([part.numpy() for part in encoder.parts(lab)], axis=1)
    kernel, bias = rng.normal(size=(features.shape[1], 2)), np.array([1.0, -2.0])
    encoder.start_from(kernel, bias)
    codes = encoder(lab).numpy()
    np.testing.assert_allclose(codes[:, :2], features @ kernel + bias, rtol=1e-3, atol=1e-2)
    assert 0 < np.abs(codes[:, 2:]).max() < 0.05 * np.abs(features).max()
    # So that a step of one size means the same whatever the features' number and units are.
    np.testing.assert_allclose(np.square(encoder.head.kernel).mean(axis=0), 1, rtol=1e-5)


def test_more_directions_than_the_code_has_are_cut_off():
    encoder = StyleEncoder(**PRETRAINED | {"code_size": 2})
    encoder.build()
    kernel = np.random.default_rng(1).normal(size=(encoder.head.kernel.shape[0], 3))
    encoder.start_from(kernel, np.zeros(3))
    np.testing.assert_allclose(encoder.head.effective_kernel(), kernel[:, :2], rtol=1e-5)


def test_pretrained_maps_are_read_but_neither_trained_nor_in_the_optimizer():
    encoder = StyleEncoder(**PRETRAINED)
    model = StyleMetricLearning(encoder, artists=2)
    model.compile(keras.optimizers.Adam(0.1), presumed_optimizer=keras.optimizers.Adam(0.1))
    frozen = [weight.copy() for weight in encoder.frozen.get_weights()]
    images = np.random.default_rng(2).integers(0, 256, (4, 16, 16, 3)).astype("uint8")
    model.train_step({"image": images, "artist": np.array([0, 0, 1, 1])})
    assert {variable.path for variable in encoder.trainable_variables} == {
        variable.path for variable in encoder.head.trainable_variables
    }
    for before, after in zip(frozen, encoder.frozen.get_weights(), strict=True):
        np.testing.assert_array_equal(before, after)


def test_an_encoder_that_reads_nothing_is_refused():
    with pytest.raises(ValueError, match="one of levels, color_levels and pretrained must be set"):
        StyleEncoder(levels=())
