import keras
import numpy as np
import pytest
import tensorflow as tf

from anime_style_tf.image.color import srgb_to_lab
from anime_style_tf.training.fit import optimizers_of
from anime_style_tf.training.trainer import Trainer


class Product(Trainer):
    """The terms x^2 and x y of a batch, plus noise in training; an optimizer for each of x, y."""

    def __init__(self, **options):
        super().__init__(("square", "product"), **options)
        self.x = self.add_weight(name="x", shape=(), initializer="zeros")
        self.y = self.add_weight(name="y", shape=(), initializer="zeros")

    def optimized(self):
        return {"optimizer": [self.x], "y_optimizer": [self.y]}

    def terms(self, batch, training=False):
        noise = keras.random.normal((), seed=self.seed_generator) if training else 0.0
        return {
            "square": self.x.value**2 + noise,
            "product": batch["weight"] * self.x.value * self.y.value,
        }


def product(**options):
    model = Product(**options)
    model.compile(keras.optimizers.SGD(0.5), y_optimizer=keras.optimizers.SGD(0.1))
    model.x.assign(3.0)
    model.y.assign(2.0)
    return model


def numbers(values):
    return {name: float(value) for name, value in values.items()}


BATCH = {"weight": tf.constant(1.0)}


def test_a_step_moves_each_variable_by_its_optimizer_and_reports_means_over_steps():
    """Of x^2 + x y at (3, 2) the gradient is (8, 3): x goes to -1 and y to 1.7."""
    model = product()
    first = numbers(model.train_step(BATCH))
    assert float(model.x) == pytest.approx(3 - 0.5 * 8)
    assert float(model.y) == pytest.approx(2 - 0.1 * 3)
    assert first["product"] == 6
    second = numbers(model.train_step(BATCH))
    assert list(second) == ["square", "product"]
    assert second["product"] == pytest.approx((6 - 1.7) / 2)


def test_a_test_step_moves_nothing_and_draws_nothing():
    model = product()
    before = [np.array(variable) for variable in model.variables]
    assert numbers(model.test_step(BATCH)) == {"square": 9, "product": 6}
    np.testing.assert_equal([np.array(variable) for variable in model.variables], before)


def test_one_of_the_optimizers_steps_alone():
    model = product()
    model.step(lambda: [model.terms(BATCH)], players=[["y_optimizer"]])
    assert float(model.x) == 3
    assert float(model.y) == pytest.approx(2 - 0.1 * 3)


def test_after_compiling_every_optimizer_has_its_slots_in_the_order_that_checkpoints_have():
    model = Product()
    adam, momentum = keras.optimizers.Adam(), keras.optimizers.SGD(0.1, momentum=0.5)
    model.compile(y_optimizer=momentum, optimizer=adam)
    assert optimizers_of(model) == [adam, momentum]
    assert [each.shape for each in adam._momentums] == [()]
    assert [each.shape for each in momentum.momentums] == [()]


def test_a_missing_optimizer_is_named():
    with pytest.raises(ValueError, match=r"Product\.compile needs y_optimizer as well"):
        Product().compile("adam")


def test_images_are_mirrored_in_training_only_and_read_as_lab():
    images = np.random.default_rng(0).uniform(size=(40, 4, 4, 3)).astype("float32")
    lab = srgb_to_lab(images).numpy()
    model = product(flip=True)
    np.testing.assert_array_equal(model.lab(images, training=False), lab)
    drawn = model.lab(images, training=True).numpy()
    mirrored = (drawn != lab).any(axis=(1, 2, 3))
    np.testing.assert_allclose(drawn[mirrored], lab[mirrored][:, :, ::-1], atol=1e-6)
    # Of 40 fair coins between 8 and 32 heads: all but one seed in 10,000.
    assert 8 <= mirrored.sum() <= 32
    np.testing.assert_array_equal(product(flip=False).lab(images, training=True), lab)


def test_the_same_seed_shifts_alike_and_another_otherwise():
    images = np.random.default_rng(0).uniform(size=(6, 8, 8, 3)).astype("float32")
    first, again, other = (
        product(shift=3, seed=seed).lab(images, training=True).numpy() for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
