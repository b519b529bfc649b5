"""A small model with everything that a checkpoint must hold, and its endless data."""

import keras
import tensorflow as tf

from anime_style_tf.training.schedules import make_optimizer
from anime_style_tf.training.trainer import Trainer

BATCH_SIZE = 8


class NoisyLine(Trainer):
    """Two layers, an optimizer for each, and noise from a seed generator.

    `at_step` is called with the number of each step, from 1, when it begins.
    """

    def __init__(self, noise=0.1, at_step=None):
        super().__init__(("error", "size"), seed=3)
        self.noise = noise
        self.at_step = at_step
        kernels = [keras.initializers.RandomNormal(stddev=0.3, seed=seed) for seed in (1, 2)]
        self.inner = keras.layers.Dense(4, kernel_initializer=kernels[0])
        self.outer = keras.layers.Dense(1, kernel_initializer=kernels[1])

    def optimized(self):
        return {
            "optimizer": self.inner.trainable_variables,
            "outer_optimizer": self.outer.trainable_variables,
        }

    def build(self, input_shape=None):
        self.inner.build((None, 3))
        self.outer.build((None, 4))

    def call(self, inputs):
        return self.outer(self.inner(inputs))

    def terms(self, batch, training=False):
        inputs = batch["inputs"]
        if self.noise:
            inputs += self.noise * keras.random.normal(tf.shape(inputs), seed=self.seed_generator)
        return {
            "error": tf.reduce_mean((self(inputs)[:, 0] - batch["targets"]) ** 2),
            "size": 0.01 * tf.reduce_sum(self.outer.kernel.value**2),
        }

    def train_step(self, batch):
        if self.at_step is not None:
            tf.numpy_function(self.at_step, [self.optimizer.iterations.value + 1], [])
        return super().train_step(batch)


def noisy_line(*, noise=0.1, average=0.9, at_step=None, optimizers=None):
    model = NoisyLine(noise, at_step)
    options = {"learning_rate": 0.01, "steps": 100, "average": average}
    adam, rmsprop = optimizers or (
        make_optimizer("adam", **options),
        make_optimizer("rmsprop", momentum=0.5, **options),
    )
    model.compile(optimizer=adam, outer_optimizer=rmsprop)
    return model


def batches(start_step):
    def make(step):
        inputs = tf.random.stateless_normal((BATCH_SIZE, 3), tf.stack([7, step]))
        return {"inputs": inputs, "targets": tf.reduce_sum(inputs, axis=1)}

    return tf.data.Dataset.range(start_step, 10**9).map(make)
