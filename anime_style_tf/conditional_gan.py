"""(style, content, free) codes to portraits that give both codes back."""

import keras
import numpy as np
from keras import ops

from anime_style_tf.errors import InputError
from anime_style_tf.losses.adversarial import discriminator_loss, generator_loss
from anime_style_tf.losses.recovery import code_recovery
from anime_style_tf.training.terms import results
from anime_style_tf.training.trainer import Trainer

TERMS = ("adversarial", "style_recovery", "content_recovery", "discriminator")


@keras.saving.register_keras_serializable(package="anime_style_tf")
class ConditionalGAN(Trainer):
    """Generator and discriminator consortium, with code recovery through frozen encoders.

    Compile it with the generator's optimizer and, beside it, the discriminator's. One batch of
    generated images serves both in a step; they alternate one to one.

    Args:
        generator: `[style | content | free]` to normalized Lab.
        discriminator: `DiscriminatorConsortium`.
        style_encoder: frozen `PrunedEncoder`, S^ in standardized units.
        content_encoder: frozen `PrunedEncoder`, C^.
        free_size: dimensions of the code that neither encoder reads; default 16.
        code_size: in its place, dimensions of the whole code: free is what style and content leave
            of it, as in the paper. See `whole_code`.
        style_weight: lambda_S, weight of the style's recovery.
        content_weight: lambda_C, weight of the content's recovery.
        flip: mirrors artworks at random.
        seed: whole number; codes and augmentation.

    Call arguments:
        codes: `[batch, style + content + free]`. Returns images in normalized Lab.

    Source: Xiang & Li (2018), section 4.
    """

    def __init__(
        self,
        generator,
        discriminator,
        style_encoder,
        content_encoder,
        *,
        free_size=None,
        code_size=None,
        style_weight=1.0,
        content_weight=1.0,
        flip=True,
        seed=0,
        **kwargs,
    ):
        super().__init__(TERMS, flip=flip, seed=seed, **kwargs)
        self.generator = generator
        self.discriminator = discriminator
        self.style_encoder = style_encoder
        self.content_encoder = content_encoder
        self.style_encoder.trainable = False
        self.content_encoder.trainable = False
        self.style_size = style_encoder.code_size
        self.content_size = content_encoder.code_size
        known = self.style_size + self.content_size
        self.code_size = whole_code(known, free_size=free_size, code_size=code_size)
        self.free_size = self.code_size - known
        self.style_weight = style_weight
        self.content_weight = content_weight

    def optimized(self):
        """The generator by one optimizer, the consortium by another (the paper: RMSprop, both)."""
        return {
            "optimizer": self.generator.trainable_variables,
            "discriminator_optimizer": self.discriminator.trainable_variables,
        }

    def call(self, codes, training=False):
        """Generates images."""
        return self.generator(codes, training=training)

    def generator_terms(self, codes, fake):
        """Weighted loss terms of generated images.

        Args:
            codes: `[batch, code]`, what they were generated from.
            fake: `[batch, height, width, 3]`, normalized Lab.

        Returns:
            Dictionary of the first three `TERMS`; their sum is the generator's loss.
        """
        style, content = np.cumsum([self.style_size, self.content_size])
        logits = self.discriminator(fake, training=True)
        return {
            "adversarial": sum(generator_loss(each) for each in logits) / len(logits),
            "style_recovery": self.style_weight
            * code_recovery(self.style_encoder(fake), codes[:, :style]),
            "content_recovery": self.content_weight
            * code_recovery(self.content_encoder(fake), codes[:, style:content]),
        }

    def discriminator_terms(self, real, fake):
        """The consortium's loss, the plain average of its members'.

        Args:
            real: `[batch, height, width, 3]`, artworks in normalized Lab.
            fake: generated images in normalized Lab.

        Returns:
            Dictionary of the last of `TERMS`.
        """
        judged = zip(
            self.discriminator(real, training=True),
            self.discriminator(fake, training=True),
            strict=True,
        )
        losses = [discriminator_loss(*logits) for logits in judged]
        return {"discriminator": sum(losses) / len(losses)}

    def train_step(self, batch):
        """One step of the consortium and one of the generator, on the same codes."""
        real = self.lab(batch["image"], training=True)
        shape = (ops.shape(real)[0], self.code_size)
        codes = keras.random.normal(shape, seed=self.seed_generator)

        def generate():
            fake = self.generator(codes, training=True)
            return self.generator_terms(codes, fake), fake

        fake = self.step(generate, names=["optimizer"])
        self.step(
            lambda: (self.discriminator_terms(real, fake), None), names=["discriminator_optimizer"]
        )
        return results(self.trackers)


def whole_code(known, *, free_size=None, code_size=None):
    """Dimensions of the generator's code, from those of its free part or from its own.

    Args:
        known: k_S + k_C, dimensions that the encoders read.
        free_size: dimensions that neither reads, >= 0; 16 if neither number is given.
        code_size: dimensions in all, more than `known`; the paper gives the code the D dimensions
            that both encoders have before pruning.

    Returns:
        Whole number.

    Raises:
        InputError: both numbers are given, or they leave no room.

    Source: Xiang & Li (2018), section 4; 16 is our setting.
    """
    if free_size is not None and code_size is not None:
        raise InputError(
            f"Either free_size or code_size sizes the generator's code, received {free_size} and "
            f"{code_size}; give gan.model one of them."
        )
    if code_size is None:
        free_size = 16 if free_size is None else free_size
        if free_size < 0:
            raise InputError(f"free_size must be 0 or more, received {free_size}.")
        return known + free_size
    if code_size <= known:
        raise InputError(
            f"The whole code of {code_size} dimensions leaves none free beside the {known} of "
            f"style and content; expected code_size above {known}: raise gan.model.code_size, or "
            "give gan.model.free_size in its place."
        )
    return code_size
