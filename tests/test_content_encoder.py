import keras
import numpy as np
import pytest
import tensorflow as tf

from anime_style_tf.content_encoder import TERMS, ContentVAE
from anime_style_tf.errors import InputError
from anime_style_tf.image.color import srgb_to_lab
from anime_style_tf.layers.scaled_maps import ScaledMaps
from anime_style_tf.losses.dependence import distance_covariance
from tests.squares import (
    CONTENT,
    STYLE,
    content_encoder,
    copies,
    dataset,
    decoder,
    pruned_style,
    same,
    squares,
)

SIZE = 5


class Remembering(keras.Model):
    """Stands where the decoder stands and keeps the codes that it is given."""

    def __init__(self):
        super().__init__()
        self.inner = decoder(SIZE + STYLE)
        self.codes = []

    def build(self, input_shape=None):
        self.inner.build()

    def call(self, codes, training=False):
        self.codes.append(codes)
        return self.inner(codes, training=training)


def autoencoder(rate=3e-3, decoder=None, **options):
    keras.utils.set_random_seed(3)
    network = decoder or make_decoder()
    model = ContentVAE(content_encoder(SIZE), network, pruned_style(), **options)
    model.compile(keras.optimizers.RMSprop(rate))
    return model


def make_decoder():
    return decoder(SIZE + STYLE)


@pytest.fixture(scope="module")
def trained():
    model = autoencoder(keep=0.9, flip=False)
    style = copies(model.style_encoder)
    history = model.fit(dataset(20), epochs=26, shuffle=False, verbose=0).history
    return model, style, history


def test_a_plain_fit_makes_the_reconstruction_error_fall_below_the_mean_pictures(trained):
    model, _, history = trained
    assert set(history) == set(TERMS)
    assert np.isfinite(history["kl_divergence"]).all()
    assert history["reconstruction"][-1] < 0.8 * history["reconstruction"][0]
    batch = squares(20)
    lab = srgb_to_lab(batch["image"]).numpy()
    mean_picture = ((lab - lab.mean(axis=0)) ** 2).mean()
    assert float(model.terms(batch)["reconstruction"]) < 0.8 * mean_picture


def test_training_leaves_the_style_encoder_as_it_was(trained):
    model, style, _ = trained
    assert all(same(style, model.style_encoder))
    trained = {id(v) for n in (model.encoder, model.decoder) for v in n.trainable_variables}
    assert {id(v) for v in model.trainable_variables} == trained


def test_a_style_encoder_from_a_file_is_not_optimized(tmp_path):
    style = pruned_style()
    style.build((None, 16, 16, 3))
    style.save(tmp_path / "style.keras")
    read = keras.saving.load_model(tmp_path / "style.keras", compile=False)
    model = ContentVAE(content_encoder(SIZE), make_decoder(), read)
    model.build()
    optimized = {id(variable) for variable in model.optimized()["optimizer"]}
    assert not optimized & {id(variable) for variable in read.variables}
    assert len(optimized) > 10


def test_the_decoder_reads_a_masked_content_code_and_a_style_code_never_masked():
    watched = Remembering()
    model = autoencoder(decoder=watched, keep=0.5, flip=False)
    batch = squares(60)
    lab = srgb_to_lab(batch["image"])
    style = model.style_encoder(lab).numpy()
    watched.codes.clear()
    model.terms(batch, training=True)
    code = watched.codes[0].numpy()
    content = code[:, :SIZE]
    np.testing.assert_array_equal(code[:, SIZE:], style)
    lengths = (content != 0).sum(axis=1)
    np.testing.assert_array_equal(content != 0, np.arange(SIZE) < lengths[:, None])
    assert set(lengths) == {1, 2, 3, 4, 5}
    watched.codes.clear()
    model.terms(batch)
    mean, _ = model.encoder(lab)
    expected = np.concatenate([mean, style], axis=1)
    np.testing.assert_allclose(watched.codes[0], expected, atol=1e-5)


def test_noise_comes_before_the_mask_so_the_kept_prefix_is_a_sample():
    watched = Remembering()
    model = autoencoder(decoder=watched, keep=1.0, flip=False)
    batch = squares(60)
    mean, log_variance = model.encoder(srgb_to_lab(batch["image"]))
    watched.codes.clear()
    model.terms(batch, training=True)
    noise = (watched.codes[0][:, :SIZE] - mean) / tf.exp(log_variance / 2)
    # 1,200 standard normal numbers, five standard errors.
    assert abs(noise.numpy().mean()) < 5 / 1200**0.5
    assert abs(noise.numpy().var() - 1) < 5 * (2 / 1200) ** 0.5


def test_the_terms_are_the_error_and_the_weighted_divergence():
    model = autoencoder(divergence_weight=0.25)
    model.encoder.head.gamma.assign(np.full(2 * SIZE, 0.7))
    batch = squares(3)
    lab = srgb_to_lab(batch["image"]).numpy().astype("float64")
    mean, log_variance = (each.numpy().astype("float64") for each in model.encoder(lab))
    divergence = 0.5 * (mean**2 + np.exp(log_variance) - 1 - log_variance).sum(axis=1)
    terms = model.terms(batch)
    error = ((model(batch["image"]) - lab) ** 2).numpy().mean()
    assert float(terms["reconstruction"]) == pytest.approx(error, rel=1e-4)
    assert float(terms["kl_divergence"]) == pytest.approx(0.25 * divergence.mean(), rel=1e-4)


def test_errors_over_prefixes_are_those_of_masked_means():
    model = autoencoder()
    lab = srgb_to_lab(squares(2)["image"])
    errors = model.prefix_errors(lab, [0, 2, SIZE]).numpy()
    mean, _ = model.encoder(lab)
    style = model.style_encoder(lab).numpy()
    for column, length in enumerate([0, 2, SIZE]):
        code = np.concatenate([mean * (np.arange(SIZE) < length), style], axis=1)
        drawn = model.decoder(code.astype("float32"))
        expected = ((drawn - lab) ** 2).numpy().mean(axis=(1, 2, 3))
        np.testing.assert_allclose(errors[:, column], expected, rtol=1e-3)


def test_evaluation_reports_the_terms_without_learning(trained):
    model, _, _ = trained
    before = copies(model)
    values = model.evaluate(dataset(4), verbose=0, return_dict=True)
    assert set(values) == set(TERMS)
    assert all(same(before, model))


def test_the_posteriors_moments_are_the_two_halves_of_the_head():
    network = content_encoder(CONTENT)
    lab = np.random.default_rng(0).uniform(-1, 1, (2, 16, 16, 3)).astype("float32")
    mean, log_variance = network(lab)
    top = network.trunk(lab).numpy().reshape(2, -1)
    kernels = [layer.kernel.numpy() for layer in (network.hidden, network.head)]
    first, second = (kernel / np.linalg.norm(kernel, axis=0) for kernel in kernels)
    hidden = top @ first
    moments = np.where(hidden >= 0, hidden, hidden / 4) @ second
    np.testing.assert_allclose(np.concatenate([mean, log_variance], 1), moments, atol=1e-5)


def test_under_mixed_precision_the_head_computes_the_posterior_in_single_precision():
    keras.config.set_dtype_policy("mixed_bfloat16")
    encoder = content_encoder()
    lab = srgb_to_lab(squares(3)["image"])
    posterior = np.concatenate(encoder(lab), axis=1)
    hidden = encoder.activation(encoder.hidden(encoder.flatten(encoder.trunk(lab))))
    assert hidden.dtype == tf.bfloat16
    kernel = encoder.head.kernel.numpy().astype("float64")
    features = np.asarray(tf.cast(hidden, tf.float64))
    expected = features @ (kernel / np.linalg.norm(kernel, axis=0))
    np.testing.assert_allclose(posterior, expected, atol=1e-6)


def test_the_error_may_be_absolute_with_a_distance_in_frozen_maps_beside_it():
    maps = ScaledMaps(stages=(1, 2))
    batch = squares(2)
    maps.build(batch["image"].shape)
    model = autoencoder(error="absolute", perceptual_weight=0.5, maps=maps, flip=False)
    lab = np.asarray(srgb_to_lab(batch["image"]), "float64")
    image = np.asarray(model(batch["image"]), "float64")
    terms = {name: float(value) for name, value in model.terms(batch).items()}
    assert terms["reconstruction"] == pytest.approx(np.abs(lab - image).mean(), rel=1e-4)
    pairs = zip(maps(lab.astype("float32")), maps(image.astype("float32")), strict=True)
    distances = [np.abs(np.asarray(a, "float64") - np.asarray(b)).mean() for a, b in pairs]
    assert terms["perceptual"] == pytest.approx(0.5 * np.mean(distances), rel=1e-3)
    frozen = copies(maps.network)
    history = model.fit(dataset(4), epochs=1, shuffle=False, verbose=0).history
    assert set(history) == {*TERMS, "perceptual"}
    assert all(np.array_equal(a, b) for a, b in zip(frozen, copies(maps.network), strict=True))


def test_an_error_without_a_name_is_refused():
    with pytest.raises(InputError, match=r"one of \['absolute', 'squared'\], received 'cubic'"):
        autoencoder(error="cubic")


def test_a_code_may_be_kept_from_telling_its_artist():
    """Each artist paints in a color of its own, of which the code then says little."""
    batch = squares(20)
    told = {}
    for weight in (0.0, 0.1):
        model = autoencoder(keep=0.9, flip=False, dependence_weight=weight)
        history = model.fit(dataset(20), epochs=26, shuffle=False, verbose=0).history
        code = model.sample(*model.encoder(srgb_to_lab(batch["image"])), training=True)
        told[weight] = float(distance_covariance(code, batch["artist"]))
    assert set(history) == {*TERMS, "dependence"}
    assert told[0.1] < 0.2 * told[0.0]


def test_the_term_of_dependence_is_that_of_the_whole_code():
    model = autoencoder(dependence_weight=0.5)
    batch = squares(3)
    mean, _ = model.encoder(srgb_to_lab(batch["image"]))
    expected = 0.5 * float(distance_covariance(mean, batch["artist"]))
    assert float(model.terms(batch)["dependence"]) == pytest.approx(expected, rel=1e-4)
