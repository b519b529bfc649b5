"""What all trainings have in common: images made ready, optimizers, steps down named terms."""

import keras

from anime_style_tf.image.augment import style_preserving
from anime_style_tf.image.color import srgb_to_lab
from anime_style_tf.training.terms import descend, mean_trackers, results, track


class Trainer(keras.Model):
    """Networks with the terms that they are trained by.

    A subclass says what is its own: `call`; `terms(batch, training=False)`, a dictionary of
    weighted scalars whose sum is the loss, where only training draws at random; and, where one
    optimizer is not enough, `optimized`.

    Args:
        names: names of its loss terms, which become log columns and TensorBoard tags.
        shift: largest random shift of an image in training, pixels.
        flip: mirrors images at random in training.
        seed: whole number; of augmentation and whatever else draws from `seed_generator`.
        **kwargs: see `keras.Model`.
    """

    def __init__(self, names, *, shift=0, flip=True, seed=0, **kwargs):
        super().__init__(**kwargs)
        self.shift = shift
        self.flip = flip
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.trackers = mean_trackers(names)

    def optimized(self):
        """Which optimizer moves which variables.

        Returns:
            Dictionary from the names under which `compile` takes the optimizers, "optimizer" first,
            to lists of variables.
        """
        return {"optimizer": self.trainable_variables}

    def build(self, input_shape=None):
        """Creates the networks' weights."""
        for network in self.layers:
            if isinstance(network, keras.Model) and not network.built:
                network.build()

    def compile(self, optimizer, **kwargs):
        """Takes the optimizers and builds all, so that `fit` can start.

        Args:
            optimizer: of the variables that `optimized` has under this name.
            **kwargs: the other optimizers under their names, and see `keras.Model.compile`.

        Raises:
            ValueError: an optimizer is missing.
        """
        others = [name for name in self.optimized() if name != "optimizer"]
        if missing := [name for name in others if name not in kwargs]:
            raise ValueError(f"{type(self).__name__}.compile needs {', '.join(missing)} as well.")
        given = {name: kwargs.pop(name) for name in others}
        super().compile(optimizer=optimizer, **kwargs)
        # Only now: checkpoints have the optimizers in the order of the attributes.
        for name, other in given.items():
            setattr(self, name, other)
        if not self.built:
            self.build()
        for name, variables in self.optimized().items():
            getattr(self, name).build(variables)

    def lab(self, images, *, training):
        """Images as the networks read them.

        Args:
            images: `[batch, height, width, 3]`, sRGB in [0, 1] or uint8.
            training: True shifts and mirrors them.

        Returns:
            The same shape, normalized Lab.
        """
        if training:
            images = style_preserving(
                images, shift=self.shift, flip=self.flip, seed_generator=self.seed_generator
            )
        return srgb_to_lab(images)

    def step(self, objective, *, players=None):
        """Takes one step of the optimizers, see `descend`.

        Args:
            objective: function without arguments that returns the terms of each player.
            players: for each the names of its optimizers; default one player that has them all.
        """
        optimized = self.optimized()
        pairs = [
            [(getattr(self, name), optimized[name]) for name in names]
            for names in players or [optimized]
        ]
        descend(pairs, objective, trackers=self.trackers)

    def train_step(self, batch):
        """One step of all optimizers; returns the terms' means since the last reset."""
        self.step(lambda: [self.terms(batch, training=True)])
        return results(self.trackers)

    def test_step(self, batch):
        """Terms of a batch with nothing drawn; returns their means since the last reset."""
        track(self.trackers, self.terms(batch))
        return results(self.trackers)
