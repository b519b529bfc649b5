"""The best of the weights that a training passes through, by a measure of its own."""

import keras
import numpy as np
from keras import ops

from anime_style_tf.training.fit import served


class BestWeights(keras.layers.Layer):
    """A copy of a network's weights at the step where they were best.

    It is part of the model that trains, so that checkpoints have it and a resumed training ends
    with what an undisturbed one ends with.

    Args:
        network: built Keras model.

    Attributes:
        error: of the copy; infinite before there is one.
        step: of the copy.
    """

    def __init__(self, network, **kwargs):
        super().__init__(trainable=False, **{"dtype": "float32"} | kwargs)
        # By a function: as an attribute it would be counted as a part of this one.
        self._of_network = lambda: network.variables
        shared = {"trainable": False, "autocast": False}
        infinite = keras.initializers.Constant(np.inf)
        self.error = self.add_weight(name="error", shape=(), initializer=infinite, **shared)
        self.step = self.add_weight(name="step", shape=(), initializer="zeros", **shared)
        self.copies = [
            self.add_weight(name=f"copy_{index}", shape=each.shape, initializer="zeros", **shared)
            for index, each in enumerate(network.variables)
        ]
        self.built = True

    def take(self, step, error):
        """Copies the network's weights if its error is less than that of the copy."""
        if np.float32(error) < float(self.error):
            self.step.assign(step)
            self.error.assign(error)
            for copy, variable in zip(self.copies, self._of_network(), strict=True):
                copy.assign(variable)

    def put_back(self):
        """Gives the network the copy, if there is one."""
        if np.isfinite(ops.convert_to_numpy(self.error)):
            for copy, variable in zip(self.copies, self._of_network(), strict=True):
                variable.assign(copy)


class KeepBest(keras.callbacks.Callback):
    """Measures a training every so often, and has the best weights copied.

    Args:
        best: `BestWeights`, an attribute of the model that trains.
        measure: function without arguments that returns an error of the network, the less the
            better, on works that report nothing else; it may change nothing and draw nothing at
            random. It is called with the weights that would be served.
        name: of the error in reports and logs.
        steps: in all; the last ones are measured too.
        every: steps between two measures, taken at the next report. Raising it costs less, and
            may miss the best.
    """

    def __init__(self, best, measure, *, name, steps, every):
        super().__init__()
        self.best = best
        self.measure = measure
        self.name = name
        self.steps = steps
        self.every = every

    def on_train_begin(self, logs=None):
        """Counts from the step where training resumes."""
        self._reported = (logs or {}).get("step", 0)

    def on_epoch_end(self, epoch, logs=None):
        """Measures where that is due, and adds the error to what is logged."""
        step = int(logs["step"])
        if step // self.every > self._reported // self.every or step == self.steps:
            with served(self.model):
                logs[self.name] = self.measure()
                self.best.take(step, logs[self.name])
        self._reported = step
