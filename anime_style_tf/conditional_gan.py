"""Step 3: (style, content, free) codes to portraits that give both codes back."""

import keras
import numpy as np
from keras import ops

from anime_style_tf.image.augment import style_preserving
from anime_style_tf.image.color import srgb_to_lab, unit_range
from anime_style_tf.image.patches import random_patches
from anime_style_tf.image.pyramid import area_downscale
from anime_style_tf.layers.trunk import EncoderTrunk, top_size
from anime_style_tf.layers.weight_norm import WNConv2D
from anime_style_tf.losses.adversarial import discriminator_loss, generator_loss
from anime_style_tf.losses.recovery import code_recovery
from anime_style_tf.training.terms import descend, mean_trackers, results

TERMS = ("adversarial", "style_recovery", "content_recovery", "discriminator")


@keras.saving.register_keras_serializable(package="anime_style_tf")
class Discriminator(keras.Model):
    """One member of the consortium: image to a logit, large for artworks.

    Args:
        image_size: side of the images it reads, pixels.
        levels: features of each level, from the image to the top.
        blocks: residual blocks per level.
        initial_residue: weight of each residual branch at the start.

    Call arguments:
        lab: `[batch, image_size, image_size, 3]`, normalized Lab. Returns `[batch]` float32.

    Source: Xiang & Li (2018), section 4; head of the first author's code.
    """

    def __init__(
        self, *, image_size=16, levels=(64, 128), blocks=1, initial_residue=0.7, **kwargs
    ):
        super().__init__(**kwargs)
        self.image_size = image_size
        self.levels = tuple(levels)
        self.blocks = blocks
        self.initial_residue = initial_residue
        self.trunk = EncoderTrunk(
            levels, blocks=blocks, initial_residue=initial_residue, name="trunk"
        )
        side = top_size(image_size, self.levels)
        self.head = WNConv2D(1, side, stride=side, affine=True, name="head")

    def build(self, input_shape=None):
        """Creates the weights."""
        shape = (None, self.image_size, self.image_size, 3)
        self.trunk.build(shape)
        self.head.build(self.trunk.compute_output_shape(shape))

    def call(self, lab, training=False):
        """Judges images."""
        del training
        return ops.cast(ops.reshape(self.head(self.trunk(lab)), (-1,)), "float32")


@keras.saving.register_keras_serializable(package="anime_style_tf")
class DiscriminatorConsortium(keras.Model):
    """Three networks of one structure that judge an image at three scales.

    Each reads s x s pixels, s a quarter of the image: the whole image downscaled to s; random
    patches of the image downscaled half-way; random patches of the original.

    Args:
        image_size: H, side of the images, pixels.
        levels: features of each level of each member.
        blocks: residual blocks per level.
        half_patches: patches per image for the second member.
        full_patches: patches per image for the third member.
        initial_residue: weight of each residual branch at the start.
        seed: whole number; positions of the patches.

    Call arguments:
        lab: `[batch, H, H, 3]`, normalized Lab. Returns three vectors of logits: `[batch]`,
            `[batch * half_patches]`, `[batch * full_patches]`.

    Source: Xiang & Li (2018), section 4; s, scales and numbers of patches are our settings.
    """

    def __init__(
        self,
        *,
        image_size=64,
        levels=(64, 128),
        blocks=1,
        half_patches=4,
        full_patches=16,
        initial_residue=0.7,
        seed=0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.image_size = image_size
        self.levels = tuple(levels)
        self.blocks = blocks
        self.half_patches = half_patches
        self.full_patches = full_patches
        self.initial_residue = initial_residue
        self.seed = seed
        self.patch_size = image_size // 4
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.members = [
            Discriminator(
                image_size=self.patch_size,
                levels=levels,
                blocks=blocks,
                initial_residue=initial_residue,
                name=name,
            )
            for name in ("whole", "half", "full")
        ]

    def build(self, input_shape=None):
        """Creates the weights."""
        for member in self.members:
            member.build()

    def call(self, lab, training=False):
        """Judges images at three scales."""
        whole, half, full = self.members
        cut = {"size": self.patch_size, "seed_generator": self.seed_generator}
        halved = area_downscale(lab, 2)
        return (
            whole(area_downscale(lab, 4), training=training),
            half(random_patches(halved, count=self.half_patches, **cut), training=training),
            full(random_patches(lab, count=self.full_patches, **cut), training=training),
        )


@keras.saving.register_keras_serializable(package="anime_style_tf")
class ConditionalGAN(keras.Model):
    """Generator and discriminator consortium, with code recovery through frozen encoders.

    Compile it with the generator's optimizer and, beside it, the discriminator's. One batch of
    generated images serves both in a step; they alternate one to one.

    Args:
        generator: `[style | content | free]` to normalized Lab.
        discriminator: `DiscriminatorConsortium`.
        style_encoder: frozen `PrunedEncoder`, S^ in standardized units.
        content_encoder: frozen `PrunedEncoder`, C^.
        free_size: dimensions of the code that neither encoder reads.
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
        free_size=16,
        style_weight=1.0,
        content_weight=1.0,
        flip=True,
        seed=0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.generator = generator
        self.discriminator = discriminator
        self.style_encoder = style_encoder
        self.content_encoder = content_encoder
        self.style_encoder.trainable = False
        self.content_encoder.trainable = False
        self.style_size = style_encoder.code_size
        self.content_size = content_encoder.code_size
        self.free_size = free_size
        self.code_size = self.style_size + self.content_size + free_size
        self.style_weight = style_weight
        self.content_weight = content_weight
        self.flip = flip
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.trackers = mean_trackers(TERMS)

    def build(self, input_shape=None):
        """Creates the weights and both optimizers' slots."""
        networks = (
            self.generator, self.discriminator, self.style_encoder, self.content_encoder,
        )  # fmt: skip
        for network in networks:
            if not network.built:
                network.build()
        if self.optimizer is not None:
            self.optimizer.build(self.generator.trainable_variables)
            self.discriminator_optimizer.build(self.discriminator.trainable_variables)

    def compile(self, optimizer, *, discriminator_optimizer, **kwargs):
        """Takes the two optimizers.

        Args:
            optimizer: of the generator (the paper: RMSprop).
            discriminator_optimizer: of the consortium (the paper: RMSprop).
            **kwargs: see `keras.Model.compile`.
        """
        super().compile(optimizer=optimizer, **kwargs)
        self.discriminator_optimizer = discriminator_optimizer

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
        real = self._augmented(srgb_to_lab(unit_range(batch["image"])))
        shape = (ops.shape(real)[0], self.code_size)
        codes = keras.random.normal(shape, seed=self.seed_generator)
        fakes = {}

        def generator_objective():
            fakes["image"] = self.generator(codes, training=True)
            return self.generator_terms(codes, fakes["image"])

        descend(
            [(self.optimizer, self.generator.trainable_variables)],
            generator_objective,
            trackers=self.trackers,
        )
        descend(
            [(self.discriminator_optimizer, self.discriminator.trainable_variables)],
            lambda: self.discriminator_terms(real, ops.stop_gradient(fakes["image"])),
            trackers=self.trackers,
        )
        return results(self.trackers)

    def _augmented(self, lab):
        return style_preserving(
            lab, shift=0, flip=self.flip, seed_generator=self.seed_generator
        )


def start_from_decoder(generator, decoder, *, style_mean, style_deviation, content_mean,
                       content_deviation):  # fmt: skip
    """Gives a generator the weights of a decoder that reads the same codes in other units.

    The decoder reads `[content (unpruned) | style]`, the generator
    `[style | content | free]` in standardized units with the content pruned. Only the first layer
    differs: its rows are reordered, scaled by the deviations, the means go into the bias, the rows
    of pruned dimensions are dropped, those of free dimensions start at zero. The generator then
    draws exactly what the decoder draws from a pruned code.

    Args:
        generator: built `Decoder` over `[style | content | free]`.
        decoder: built `Decoder` over `[content | style]`, with the same inner sizes.
        style_mean: `[k_S]`, NumPy, what standardized style units are measured from.
        style_deviation: `[k_S]`.
        content_mean: `[k_C]`.
        content_deviation: `[k_C]`.

    Source: our setting (`docs/decisions`); the paper starts the generator at random.
    """
    kernel = ops.convert_to_numpy(decoder.first_layer.effective_kernel())
    bias = ops.convert_to_numpy(decoder.first_layer.beta)
    content_size = len(content_mean)
    style = kernel[-len(style_mean) :]
    content = kernel[:content_size]
    free_size = generator.code_size - len(style_mean) - content_size
    first = np.concatenate(
        [
            style * style_deviation[:, None],
            content * content_deviation[:, None],
            np.zeros((free_size, kernel.shape[1]), kernel.dtype),
        ]
    )
    skipped = {id(v) for v in generator.first_layer.variables}
    targets = [v for v in generator.variables if id(v) not in skipped]
    skipped = {id(v) for v in decoder.first_layer.variables}
    sources = [v for v in decoder.variables if id(v) not in skipped]
    for target, source in zip(targets, sources, strict=True):
        target.assign(source)
    generator.first_layer.set_effective(
        first, bias + style_mean @ style + content_mean @ content
    )
