import keras
import numpy as np
import pytest
import tensorflow as tf

from anime_style_tf.conditional_gan import TERMS, ConditionalGAN
from anime_style_tf.discriminator import DiscriminatorConsortium
from anime_style_tf.image.color import srgb_to_lab
from tests.squares import (
    CONTENT,
    FREE,
    SIZE,
    STYLE,
    copies,
    dataset,
    decoder,
    pruned_content,
    pruned_style,
    same,
    squares,
)


def adversaries(rate=1e-3, discriminator_rate=1e-3, **options):
    keras.utils.set_random_seed(5)
    model = ConditionalGAN(
        decoder(STYLE + CONTENT + FREE),
        DiscriminatorConsortium(image_size=SIZE, levels=(4,), half_patches=2, full_patches=2),
        pruned_style(),
        pruned_content(),
        **{"free_size": FREE} | options,
    )
    model.compile(
        keras.optimizers.RMSprop(rate),
        discriminator_optimizer=keras.optimizers.RMSprop(discriminator_rate),
    )
    return model


def drawn(model, count=8):
    codes = np.random.default_rng(1).normal(size=(count, model.code_size)).astype("float32")
    return tf.constant(codes), model.generator(codes)


@pytest.fixture(scope="module")
def fitted():
    model = adversaries()
    networks = [
        model.generator, model.discriminator, model.style_encoder, model.content_encoder
    ]  # fmt: skip
    before = [copies(network) for network in networks]
    history = model.fit(dataset(8), epochs=2, shuffle=False, verbose=0).history
    return model, networks, before, history


def test_a_plain_fit_reports_each_term_and_starts_undecided(fitted):
    _, _, _, history = fitted
    assert set(history) == set(TERMS)
    assert history["discriminator"][0] == pytest.approx(2 * np.log(2), rel=0.25)
    assert all(np.isfinite(history[name]).all() for name in TERMS)


def test_steps_move_generator_and_discriminator_and_leave_the_encoders_bit_for_bit(fitted):
    _, networks, before, _ = fitted
    generator, discriminator, style, content = (
        same(old, network) for old, network in zip(before, networks, strict=True)
    )
    assert not any(generator)
    assert not any(discriminator)
    assert all(style)
    assert all(content)


def test_the_frozen_encoders_are_not_among_the_trained_variables(fitted):
    model = fitted[0]
    trained = {id(v) for n in (model.generator, model.discriminator) for v in n.variables}
    assert {id(v) for v in model.trainable_variables} <= trained


def test_at_a_rate_of_zero_a_network_stands_still():
    for rates, still in (((0.0, 1e-3), "generator"), ((1e-3, 0.0), "discriminator")):
        model = adversaries(*rates)
        before = {n: copies(getattr(model, n)) for n in ("generator", "discriminator")}
        model.train_step({"image": tf.constant(squares(2)["image"])})
        for name, old in before.items():
            weights = zip(old, copies(getattr(model, name)), strict=True)
            # The consortium's seed generator moves, its weights do not.
            unmoved = all(np.array_equal(a, b) for a, b in weights if a.dtype == np.float32)
            assert unmoved == (name == still)


def test_gradients_flow_through_both_frozen_encoders_to_the_generator():
    model = adversaries()
    codes, _ = drawn(model)
    kernel = model.generator.first_layer.kernel.value
    for encoder, part in (
        (model.style_encoder, codes[:, :STYLE]),
        (model.content_encoder, codes[:, STYLE : STYLE + CONTENT]),
    ):
        with tf.GradientTape() as tape:
            tape.watch(kernel)
            loss = tf.reduce_mean((encoder(model.generator(codes)) - part) ** 2)
        gradient = tape.gradient(loss, kernel)
        assert np.isfinite(gradient).all()
        assert float(tf.norm(gradient)) > 0


def test_the_generators_terms_are_computed_from_its_images_and_codes():
    model = adversaries(style_weight=3.0, content_weight=0.5)
    codes, fake = drawn(model)
    rewind(model)
    terms = model.generator_terms(codes, fake, model.discriminator.sights(fake, fake))
    terms = {name: float(value) for name, value in terms.items()}
    style = (model.style_encoder(fake) - codes[:, :STYLE]).numpy()
    content = (model.content_encoder(fake) - codes[:, STYLE : STYLE + CONTENT]).numpy()
    assert terms["style_recovery"] == pytest.approx(3.0 * (style**2).mean(), rel=1e-4)
    assert terms["content_recovery"] == pytest.approx(0.5 * (content**2).mean(), rel=1e-4)
    rewind(model)
    _, logits = [[one.numpy() for one in model.discriminator(fake)] for _ in range(2)]
    expected = np.mean([np.log1p(np.exp(-each)).mean() for each in logits])
    assert terms["adversarial"] == pytest.approx(expected, rel=1e-4)


def rewind(model):
    model.discriminator.seed_generator.state.assign([3, 4])


def test_the_discriminators_term_is_the_plain_average_of_its_members():
    model = adversaries()
    real = srgb_to_lab(squares(2)["image"])
    _, fake = drawn(model)
    rewind(model)
    on_real, on_fake = ([o.numpy() for o in model.discriminator(each)] for each in (real, fake))
    members = [
        np.log1p(np.exp(-a)).mean() + np.log1p(np.exp(b)).mean()
        for a, b in zip(on_real, on_fake, strict=True)
    ]
    rewind(model)
    term = float(model.discriminator_terms(model.discriminator.sights(real, fake))["discriminator"])
    assert term == pytest.approx(np.mean(members), rel=1e-4)


def test_a_step_moves_both_networks_from_where_it_found_them_by_their_own_terms():
    model, batch = adversaries(), {"image": squares(2)["image"]}
    model.compile(keras.optimizers.SGD(0.1), discriminator_optimizer=keras.optimizers.SGD(0.2))
    networks = model.generator, model.discriminator
    trained = [[each.value for each in network.trainable_variables] for network in networks]
    # The seeds as the step finds them, to draw the same codes and patches by hand.
    seeds = [model.seed_generator.state, model.discriminator.seed_generator.state]
    before = [[each.numpy() for each in group] for group in (*trained, seeds)]
    model.train_step(batch)
    after = [[each.numpy() for each in group] for group in trained]
    for group, values in zip((*trained, seeds), before, strict=True):
        for variable, value in zip(group, values, strict=True):
            variable.assign(value)
    with tf.GradientTape(persistent=True) as tape:
        real = model.lab(batch["image"], training=True)
        codes, _, _ = model._codes(batch, real)
        fake = model.generator(codes)
        sights = model.discriminator.sights(real, fake)
        losses = [
            sum(model.generator_terms(codes, fake, sights).values()),
            sum(model.discriminator_terms(sights).values()),
        ]
    for group, loss, rate, values in zip(trained, losses, (0.1, 0.2), after, strict=True):
        for variable, slope, found in zip(group, tape.gradient(loss, group), values, strict=True):
            np.testing.assert_allclose(found, variable - rate * slope, atol=1e-6)


def test_codes_are_new_standard_normal_numbers_at_each_step():
    model = adversaries(0.0, 0.0)
    seen = []
    generate = model.generator.call
    model.generator.call = lambda codes, training=False: seen.append(codes) or generate(codes)
    batch = {"image": tf.constant(squares(50)["image"])}
    model.train_step(batch)
    model.train_step(batch)
    assert len(seen) == 2  # One batch of generated images serves both networks.
    first, second = (codes.numpy() for codes in seen)
    assert (first != second).all()
    values = np.concatenate([first, second]).ravel()
    assert abs(values.mean()) < 5 / values.size**0.5
    assert abs(values.var() - 1) < 5 * (2 / values.size) ** 0.5


def test_calling_the_model_generates_images(fitted):
    model = fitted[0]
    codes, fake = drawn(model)
    np.testing.assert_array_equal(model(codes), fake)


def test_the_free_code_is_what_style_and_content_leave_of_the_whole():
    known = STYLE + CONTENT
    model = adversaries(free_size=None, code_size=known + FREE)
    assert (model.free_size, model.code_size) == (FREE, known + FREE)
