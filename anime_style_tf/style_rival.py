"""Rivals for step 1: the style encoder's network, trained with other metric losses."""

import keras
from keras import ops

from anime_style_tf.image.augment import style_preserving
from anime_style_tf.image.color import srgb_to_lab
from anime_style_tf.layers.nested_dropout import NestedDropout
from anime_style_tf.losses.rivals import proxy_anchor, supervised_contrastive, triplet_semi_hard
from anime_style_tf.training.terms import descend, mean_trackers, results, track

RIVALS = {
    "triplet": triplet_semi_hard,
    "supervised_contrastive": supervised_contrastive,
    "proxy_anchor": proxy_anchor,
}


@keras.saving.register_keras_serializable(package="anime_style_tf")
class StyleRival(keras.Model):
    """Trains a style encoder with a published metric loss and nested dropout.

    These losses compare works with works, which needs one prefix length for both. So a length is
    drawn for the whole batch, several times a step, and the losses are averaged; the encoder, which
    costs nearly all the time, runs once. There is no projection head: the ordered code is what is
    trained and what is measured.

    Args:
        encoder: model from normalized Lab to `[batch, D]`, as `StyleEncoder`.
        rival: "triplet", "supervised_contrastive" or "proxy_anchor", see `losses.rivals`.
        artists: number of artists, A >= 2; only proxies need it.
        loss: keyword arguments of the loss in place of its defaults, or None.
        keep: q of the nested dropout, see `prefix_law`.
        lengths: prefix lengths drawn per step (our setting). More make the gradient steadier.
        shift: largest random shift of an image, pixels.
        flip: mirrors images at random.
        seed: whole number; augmentation, prefix lengths and the proxies' start.

    Call arguments:
        images: `[batch, height, width, 3]`, sRGB in [0, 1] or uint8. Returns `[batch, D]`, of any
            length: it is the directions of prefixes that are trained.

    Raises:
        ValueError: a rival that there is not.

    Source: see `losses.rivals`; nested dropout by sampled masks, Rippel et al. (2014).
    """

    def __init__(
        self,
        encoder,
        *,
        rival,
        artists=2,
        loss=None,
        keep=None,
        lengths=8,
        shift=4,
        flip=True,
        seed=0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if rival not in RIVALS:
            raise ValueError(f"rival must be one of {sorted(RIVALS)}, received {rival!r}.")
        self.encoder = encoder
        self.rival = rival
        self.artists = artists
        self.loss_arguments = dict(loss or {})
        self.keep = keep
        self.lengths = lengths
        self.shift = shift
        self.flip = flip
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.prefix = NestedDropout(keep=keep, seed=seed + 1, dtype="float32", name="prefix")
        self.proxies = None
        if rival == "proxy_anchor":
            # The deviation of the paper's code: it sets how fast a step turns a proxy.
            self.proxies = self.add_weight(
                name="proxies",
                shape=(artists, encoder.code_size),
                initializer=keras.initializers.RandomNormal(stddev=(2 / artists) ** 0.5, seed=seed),
                autocast=False,
            )
        self.trackers = mean_trackers((rival,))

    def build(self, input_shape=None):
        """Creates the weights and the optimizers' slots."""
        if not self.encoder.built:
            self.encoder.build()
        self.prefix.build((None, self.encoder.code_size))
        if getattr(self, "optimizer", None) is not None:
            for optimizer, variables in self._optimized():
                optimizer.build(variables)

    def compile(self, optimizer, *, proxy_optimizer=None, **kwargs):
        """Takes the optimizers and builds all, so that `fit` can start.

        Args:
            optimizer: of the encoder.
            proxy_optimizer: of the proxies, whose learning rate is meant to be many times higher;
                needed with "proxy_anchor" alone.
            **kwargs: see `keras.Model.compile`.

        Raises:
            ValueError: proxies without an optimizer, or an optimizer without proxies.
        """
        if (proxy_optimizer is None) != (self.proxies is None):
            raise ValueError(
                "proxy_optimizer goes with the rival 'proxy_anchor' and no other; received "
                f"{proxy_optimizer!r} for {self.rival!r}."
            )
        super().compile(optimizer=optimizer, **kwargs)
        if proxy_optimizer is not None:
            self.proxy_optimizer = proxy_optimizer
        self.build()

    def call(self, images, training=False):
        """Encodes images."""
        if training:
            images = style_preserving(
                images, shift=self.shift, flip=self.flip, seed_generator=self.seed_generator
            )
        return self.encoder(srgb_to_lab(images), training=training)

    def terms(self, batch, training=False):
        """The rival's loss of a batch with `image` and `artist`, under the rival's name.

        Args:
            batch: dictionary with `image` and `artist`.
            training: augments the images and draws prefix lengths; otherwise the whole code counts.

        Returns:
            Dictionary of one scalar.
        """
        codes = self(batch["image"], training=training)
        whole = ops.ones((self.lengths if training else 1, self.encoder.code_size))
        masks = self.prefix(whole, training=training)
        losses = [self._loss(codes, batch["artist"], mask) for mask in ops.unstack(masks)]
        return {self.rival: ops.mean(ops.stack(losses))}

    def train_step(self, batch):
        """One step of the encoder and of the proxies, if there are any."""
        descend(self._optimized(), lambda: self.terms(batch, training=True), trackers=self.trackers)
        return results(self.trackers)

    def test_step(self, batch):
        """Loss of a batch without augmentation, on the whole code."""
        track(self.trackers, self.terms(batch))
        return results(self.trackers)

    def _loss(self, codes, artists, mask):
        inputs = [codes * mask, artists]
        if self.proxies is not None:
            inputs.append(ops.convert_to_tensor(self.proxies) * mask)
        return RIVALS[self.rival](*inputs, **self.loss_arguments)

    def _optimized(self):
        """Which optimizer moves which variables."""
        groups = [(self.optimizer, self.encoder.trainable_variables)]
        if self.proxies is not None:
            groups.append((self.proxy_optimizer, [self.proxies]))
        return groups
