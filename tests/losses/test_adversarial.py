import numpy as np
import pytest
import tensorflow as tf

from anime_style_tf.losses.adversarial import (
    discriminator_hinge,
    discriminator_loss,
    generator_hinge,
    generator_loss,
    refusal_hinge,
    refusal_loss,
)

RNG = np.random.default_rng(2)


def says(logits):
    return 1 / (1 + np.exp(-logits))


def test_the_losses_are_the_logarithms_of_what_the_discriminator_says():
    real, fake = RNG.normal(0, 3, 7), RNG.normal(0, 3, 9)
    expected = -np.log(says(real)).mean() - np.log(1 - says(fake)).mean()
    assert float(discriminator_loss(real, fake)) == pytest.approx(expected, rel=1e-5)
    assert float(generator_loss(fake)) == pytest.approx(-np.log(says(fake)).mean(), rel=1e-5)
    assert float(refusal_loss(fake)) == pytest.approx(-np.log(1 - says(fake)).mean(), rel=1e-5)


def test_a_discriminator_that_does_not_know_pays_two_logarithms_of_two():
    undecided = np.zeros(4)
    assert float(discriminator_loss(undecided, undecided)) == pytest.approx(2 * np.log(2))
    assert float(generator_loss(undecided)) == pytest.approx(np.log(2))


def test_extreme_logits_have_finite_losses_and_gradients():
    logits = tf.constant([-1e4, 1e4])
    with tf.GradientTape() as tape:
        tape.watch(logits)
        loss = discriminator_loss(logits, logits) + generator_loss(logits)
    assert float(loss) == pytest.approx(1.5e4)
    assert np.isfinite(tape.gradient(loss, logits)).all()


def test_a_generator_whose_fakes_are_seen_through_still_has_a_gradient():
    """The non-saturating form: the slope at a confident no is minus one, not zero."""
    logits = tf.constant([-30.0])
    with tf.GradientTape() as tape:
        tape.watch(logits)
        loss = generator_loss(logits)
    np.testing.assert_allclose(tape.gradient(loss, logits), [-1.0], rtol=1e-6)


def test_the_hinges_are_the_sums_written_out():
    real, fake = np.float32([2.0, 0.5, -1.0]), np.float32([[-3.0, 0.25], [0.5, -0.5]])
    on_real = (0 + 0.5 + 2.0) / 3
    on_fake = (0 + 1.25 + 1.5 + 0.5) / 4
    assert float(discriminator_hinge(real, fake)) == pytest.approx(on_real + on_fake)
    assert float(refusal_hinge(fake)) == pytest.approx(on_fake)
    assert float(generator_hinge(fake)) == pytest.approx(-(-3 + 0.25 + 0.5 - 0.5) / 4)
