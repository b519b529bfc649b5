"""(style, content, free) codes to portraits that give both codes back."""

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
from keras import ops

from anime_style_tf.errors import InputError
from anime_style_tf.image.perturbation import perturbed
from anime_style_tf.layers.code_mixture import CodeMixture, whole_code
from anime_style_tf.layers.scaled_maps import map_distance
from anime_style_tf.losses.adversarial import LOSSES
from anime_style_tf.losses.diversity import diversity_shortfall
from anime_style_tf.losses.reconstruction import absolute_error, mean_or_zero
from anime_style_tf.losses.recovery import code_recovery
from anime_style_tf.tensors import Tensor
from anime_style_tf.training.sight import Sight
from anime_style_tf.training.terms import results
from anime_style_tf.training.trainer import Trainer, named

TERMS = ("adversarial", "style_recovery", "content_recovery", "discriminator")
# Terms of the options, each where its weight is not 0.
OPTIONAL_TERMS = ("reconstruction", "perceptual", "diversity", "mismatch")


@keras.saving.register_keras_serializable(package="anime_style_tf")
class ConditionalGAN(Trainer):
    """Generator and discriminator, with code recovery through frozen encoders.

    Compile it with the generator's optimizer and, beside it, the discriminator's. One batch of
    generated images serves both in a step; they alternate one to one.

    What is called an option departs from the paper and is our setting; as it is by default, this
    is the paper's form.

    Args:
        generator: `[style | content | free]` to normalized Lab.
        discriminator: `DiscriminatorConsortium`, or `ProjectedDiscriminator` (an option).
        style_encoder: frozen `PrunedEncoder`, S^ in standardized units.
        content_encoder: frozen `PrunedEncoder`, C^.
        free_size: dimensions of the code that neither encoder reads; default 16.
        code_size: in its place, dimensions of the whole code: free is what style and content leave
            of it, as in the paper. See `whole_code`.
        style_weight: lambda_S, weight of the style's recovery.
        content_weight: lambda_C, weight of the content's recovery.
        loss: key of `LOSSES`; "hinge" is an option.
        mixture: an option: arguments of `CodeMixture`, which makes codes out of those of works;
            None draws all codes from N(0, I).
        perturbation: an option: arguments of `perturbed`, through which the encoders read the
            generated images, so that a fine pattern does not satisfy them; None for none.
        reconstruction_weight: an option: of the absolute error, in normalized Lab, of the images
            that the mixture makes with style and content of one work. Raising it keeps colors and
            shapes of works, and blurs.
        perceptual_weight: an option: of their distance in the projected discriminator's maps.
        diversity_weight: an option: of what pairs that differ in the free code alone lack of
            `least_diversity`.
        least_diversity: mean absolute difference, in normalized Lab, that such pairs should have.
        mismatch_weight: an option: of works under another artist's name, which the discriminator
            has to refuse. Raising it makes it judge the style more than the drawing.
        flip: mirrors artworks at random.
        seed: whole number; codes and augmentation.

    Call arguments:
        codes: `[batch, style + content + free]`. Returns images in normalized Lab.

    Source: Xiang & Li (2018), section 4.
    """

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        style_encoder: keras.Model,
        content_encoder: keras.Model,
        *,
        free_size: int | None = None,
        code_size: int | None = None,
        style_weight: float = 1.0,
        content_weight: float = 1.0,
        loss: str = "logistic",
        mixture: Mapping[str, float] | None = None,
        perturbation: Mapping[str, float] | None = None,
        reconstruction_weight: float = 0.0,
        perceptual_weight: float = 0.0,
        diversity_weight: float = 0.0,
        least_diversity: float = 0.08,
        mismatch_weight: float = 0.0,
        flip: bool = True,
        seed: int = 0,
        **kwargs: Any,
    ):
        weights = (reconstruction_weight, perceptual_weight, diversity_weight, mismatch_weight)
        weights = dict(zip(OPTIONAL_TERMS, weights, strict=True))
        _check_options(weights, loss=loss, mixture=mixture, discriminator=discriminator)
        names = [*TERMS, *(name for name, weight in weights.items() if weight)]
        super().__init__(names, flip=flip, seed=seed, **kwargs)
        self.weights_of_options = weights
        self.least_diversity = least_diversity
        self.losses_of_both = LOSSES[loss]
        self.perturbation = perturbation
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
        self.mixture = None
        if mixture is not None:
            self.mixture = CodeMixture(self.free_size, seed=seed + 1, name="mixture", **mixture)

    def optimized(self) -> dict[str, list[keras.Variable]]:
        """The generator by one optimizer, the consortium by another (the paper: RMSprop, both)."""
        return {
            "optimizer": self.generator.trainable_variables,
            "discriminator_optimizer": self.discriminator.trainable_variables,
        }

    def call(self, codes: Tensor, training: bool = False) -> Tensor:
        """Generates images."""
        return self.generator(codes, training=training)

    def generator_terms(
        self,
        codes: Tensor,
        fake: Tensor,
        sights: list[Sight],
        artists: Tensor | None = None,
        real: Tensor | None = None,
    ) -> dict[str, Tensor]:
        """Weighted loss terms of generated images.

        Args:
            codes: `[batch, code]`, what they were generated from.
            fake: `[batch, height, width, 3]`, normalized Lab.
            sights: of the works and of these images, as the discriminator's `sights` gives them.
            artists: int `[batch]`, whose style each is to be in, -1 for nobody's; None for all.
            real: works of the batch that the codes come from, only with a mixture.

        Returns:
            Dictionary of the first three `TERMS` and of the options'; their sum is the generator's
            loss.
        """
        style, content = np.cumsum([self.style_size, self.content_size])
        _, loss, _ = self.losses_of_both
        logits = self.discriminator.verdict(sights[1].evidence, artists)
        seen = fake
        if self.perturbation is not None:
            seen = perturbed(fake, seed_generator=self.seed_generator, **self.perturbation)
        found = self._encode(seen)
        terms = {
            "adversarial": sum(loss(each) for each in logits) / len(logits),
            "style_recovery": self.style_weight * code_recovery(found[0], codes[:, :style]),
            "content_recovery": self.content_weight
            * code_recovery(found[1], codes[:, style:content]),
        }
        return terms | (self._terms_of_mixture(real, fake, sights) if self.mixture else {})

    def _terms_of_mixture(self, real, fake, sights):
        """Terms of the works that are to come back, and of the pairs."""
        batch = ops.shape(fake)[0]
        same, pairs = self.mixture.counts(batch)
        weights, terms = self.weights_of_options, {}
        if weights["reconstruction"]:
            terms["reconstruction"] = mean_or_zero(absolute_error(real[:same], fake[:same]))
        if weights["perceptual"]:
            maps = [[each[:same] for each in sight.maps] for sight in sights]
            terms["perceptual"] = mean_or_zero(map_distance(*maps))
        if weights["diversity"]:
            terms["diversity"] = diversity_shortfall(
                fake[batch - 2 * pairs : batch - pairs],
                fake[batch - pairs :],
                least=self.least_diversity,
            )
        return {name: weights[name] * term for name, term in terms.items()}

    def discriminator_terms(
        self, sights: list[Sight], artists: Tensor | None = None, asked: Tensor | None = None
    ) -> dict[str, Tensor]:
        """The discriminator's loss, the plain average of its members'.

        Args:
            sights: of the works and of the generated images.
            artists: int `[batch]`, of the artworks; None without names.
            asked: int `[batch]`, whose style the generated images are to be in.

        Returns:
            Dictionary of the last of `TERMS`, and of "mismatch".
        """
        loss, _, refusal = self.losses_of_both
        logits = [
            self.discriminator.verdict(sight.evidence, names)
            for sight, names in zip(sights, (artists, asked), strict=True)
        ]
        losses = [loss(*each) for each in zip(*logits, strict=True)]
        terms = {"discriminator": sum(losses) / len(losses)}
        if weight := self.weights_of_options["mismatch"]:
            count = self.discriminator.artists
            steps = keras.random.randint(ops.shape(artists), 1, count, seed=self.seed_generator)
            wrong = self.discriminator.verdict(sights[0].evidence, (artists + steps) % count)
            terms["mismatch"] = weight * sum(refusal(each) for each in wrong) / len(wrong)
        return terms

    def train_step(self, batch: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """One step of the generator and one of the discriminator, on the same images."""
        batch = named(batch)
        real = self.lab(batch["image"], training=True)
        codes, artists, asked = self._codes(batch, real)

        def objective():
            fake = self.generator(codes, training=True)
            # Seeing costs as much as drawing: it is done once a step.
            sights = self.discriminator.sights(real, fake)
            return [
                self.generator_terms(codes, fake, sights, asked, real),
                self.discriminator_terms(sights, artists, asked),
            ]

        self.step(objective, players=[["optimizer"], ["discriminator_optimizer"]])
        return results(self.trackers)

    def _codes(self, batch, real):
        """Codes of a batch, its works' artists, and whose style is asked for; None for no name."""
        if self.mixture is None:
            shape = (ops.shape(real)[0], self.code_size)
            return keras.random.normal(shape, seed=self.seed_generator), None, None
        artists = ops.cast(batch["artist"], "int32")
        codes, asked = self.mixture(*self._encode(real), artists)
        return codes, artists, asked

    def _encode(self, lab):
        """Style and content codes of images."""
        style = self.style_encoder(lab)
        return style, self.content_encoder(lab, style)


def _check_options(weights, *, loss, mixture, discriminator):
    """Refuses options that need what is not there."""
    if loss not in LOSSES:
        raise InputError(f"loss must be one of {sorted(LOSSES)}, received {loss!r}.")
    needs_mixture = [name for name, weight in weights.items() if weight and mixture is None]
    if needs_mixture:
        raise InputError(
            f"{needs_mixture[0]}_weight needs images of which works and pairs are known: give "
            "gan.model a mixture, or set the weight to 0."
        )
    for name, share in zip(OPTIONAL_TERMS, ("same", "same", "random"), strict=False):
        if weights[name] and mixture.get(share) == 0:
            raise InputError(f"{name}_weight needs mixture.{share} above 0: raise it.")
    if weights["perceptual"] and discriminator.maps is None:
        raise InputError(
            "perceptual_weight needs the maps of a projected discriminator, gan.judge='projected'."
        )
    if weights["mismatch"] and not discriminator.artists:
        raise InputError(
            "mismatch_weight needs a discriminator that knows artists: set gan.judge='projected', "
            "or the weight to 0."
        )
