"""What all trainings have in common: images made ready, optimizers, steps down named terms."""

import inspect
import types

import keras

from anime_style_tf.image.augment import softened, style_preserving
from anime_style_tf.image.color import srgb_to_lab
from anime_style_tf.training.terms import descend, mean_trackers, results, track


class Trainer(keras.Model):
    """Networks with the terms that they are trained by.

    `fit` takes batches as dictionaries with `image`, and `artist` where the terms need it, or pairs
    of these. A file that `save` writes has the networks, what else was trained, and Keras' own
    optimizers.

    A subclass says what is its own: `call`; `terms(batch, training=False)`, a dictionary of
    weighted scalars whose sum is the loss, where only training draws at random; and, where one
    optimizer is not enough, `optimized`.

    Args:
        names: names of its loss terms, which become log columns and TensorBoard tags.
        shift: largest random shift of an image in training, pixels.
        flip: mirrors images at random in training.
        blur: largest standard deviation of a blur of half of the images in training, pixels.
        seed: whole number; of augmentation and whatever else draws from `seed_generator`.
        **kwargs: see `keras.Model`.
    """

    def __new__(cls, *args, **kwargs):
        """Keeps what the constructor is given, for `get_config`."""
        trainer = super().__new__(cls)
        bound = inspect.signature(cls.__init__).bind(trainer, *args, **kwargs)
        given = dict(list(bound.arguments.items())[1:])
        for parameter in bound.signature.parameters.values():
            if parameter.kind is parameter.VAR_KEYWORD:
                given |= given.pop(parameter.name, {})
        # Not an attribute of Keras: networks in it would be saved once more.
        object.__setattr__(trainer, "_given", types.SimpleNamespace(arguments=given))
        return trainer

    def __init__(self, names, *, shift=0, flip=True, blur=0.0, seed=0, **kwargs):
        super().__init__(**kwargs)
        self.shift = shift
        self.flip = flip
        self.blur = blur
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
            raise ValueError(
                f"{type(self).__name__}.compile needs {', '.join(missing)} as well: an optimizer, "
                'or its name such as "adam".'
            )
        given = {name: keras.optimizers.get(kwargs.pop(name)) for name in others}
        super().compile(optimizer=optimizer, **kwargs)
        # Only now: checkpoints have the optimizers in the order of the attributes.
        for name, other in given.items():
            setattr(self, name, other)
        if not self.built:
            self.build()
        for name, variables in self.optimized().items():
            getattr(self, name).build(variables)

    def get_config(self):
        """Returns the constructor arguments."""
        arguments = self._given.arguments.items()
        config = {name: keras.saving.serialize_keras_object(value) for name, value in arguments}
        return {"name": self.name} | config

    @classmethod
    def from_config(cls, config):
        """Makes the model, and its networks, from `get_config`'s values."""
        return cls(**{k: keras.saving.deserialize_keras_object(v) for k, v in config.items()})

    def get_build_config(self):
        """Returns whether there is something to build."""
        return {"built": self.built}

    def build_from_config(self, config):
        """Creates the networks' weights."""
        if config["built"]:
            self.build()

    def get_compile_config(self):
        """Returns the optimizers, where all are Keras' own; a file has no code of others."""
        optimizers = {name: getattr(self, name) for name in self.optimized()}
        if not all(type(each).__module__.startswith("keras.") for each in optimizers.values()):
            return None
        return {name: keras.optimizers.serialize(each) for name, each in optimizers.items()}

    def compile_from_config(self, config):
        """Takes the optimizers."""
        self.compile(**{name: keras.optimizers.deserialize(each) for name, each in config.items()})

    def lab(self, images, *, training):
        """Images as the networks read them.

        Args:
            images: `[batch, height, width, 3]`, sRGB in [0, 1] or uint8.
            training: True shifts, mirrors and blurs them.

        Returns:
            The same shape, normalized Lab.
        """
        if training:
            images = style_preserving(
                images, shift=self.shift, flip=self.flip, seed_generator=self.seed_generator
            )
        images = srgb_to_lab(images)
        blur = self.blur if training else 0.0
        return softened(images, blur=blur, seed_generator=self.seed_generator)

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
        batch = named(batch)
        self.step(lambda: [self.terms(batch, training=True)])
        return results(self.trackers)

    def test_step(self, batch):
        """Terms of a batch with nothing drawn; returns their means since the last reset."""
        track(self.trackers, self.terms(named(batch)))
        return results(self.trackers)


def named(batch):
    """Returns a batch as a dictionary; a pair is `image` and `artist`.

    Raises:
        ValueError: it has sample weights, which no term knows.
    """
    images, artists, weights = keras.utils.unpack_x_y_sample_weight(batch)
    if weights is not None:
        raise ValueError("Terms take no sample weights, received some; leave them out.")
    if isinstance(images, dict):
        return images
    return {"image": images} | ({} if artists is None else {"artist": artists})
