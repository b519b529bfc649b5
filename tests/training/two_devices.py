"""Trains on one device, on two, and on two with a break; fails where the results differ."""

import tempfile

import numpy as np
import tensorflow as tf

from anime_style_tf.training.fit import fit
from tests.training.noisy_line import batches, noisy_line


def train(strategy, steps, folder, *, noise=0.0):
    with strategy.scope():
        model = noisy_line(noise=noise)
    options = {"steps_per_epoch": 3, "checkpoints": folder, "strategy": strategy}
    fit(model, batches, steps=steps, **options)
    return model


def main():
    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
    two = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
    with tempfile.TemporaryDirectory() as top:
        one = train(tf.distribute.get_strategy(), 6, f"{top}/one")
        both = train(two, 6, f"{top}/both")
        train(two, 3, f"{top}/broken")
        resumed = train(two, 6, f"{top}/broken")
        noisy = train(two, 3, f"{top}/noisy", noise=0.1)
    for ours, theirs in zip(one.get_weights(), both.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-6)
    for before, after in zip(both.get_weights(), resumed.get_weights(), strict=True):
        np.testing.assert_array_equal(before, after)
    for model in (both, noisy):
        for variable in model.trainable_variables:
            first, second = two.experimental_local_results(variable.value)
            np.testing.assert_array_equal(first.numpy(), second.numpy())


if __name__ == "__main__":
    main()
