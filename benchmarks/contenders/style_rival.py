"""Rivals for step 1: the style encoder's network, trained with other metric losses."""

import keras
from keras import ops

from anime_style_tf.layers.nested_dropout import NestedDropout
from anime_style_tf.training.trainer import Trainer
from benchmarks.contenders.rivals import proxy_anchor, supervised_contrastive, triplet_semi_hard

RIVALS = {
    "triplet": triplet_semi_hard,
    "supervised_contrastive": supervised_contrastive,
    "proxy_anchor": proxy_anchor,
}


@keras.saving.register_keras_serializable(package="anime_style_tf")
class StyleRival(Trainer):
    """Trains a style encoder with a published metric loss and nested dropout.

    These losses compare works with works, which needs one prefix length for both. So a length is
    drawn for the whole batch, several times a step, and the losses are averaged; the encoder, which
    costs nearly all the time, runs once. There is no projection head: the ordered code is what is
    trained and what is measured.

    Args:
        encoder: model from normalized Lab to `[batch, D]`, as `StyleEncoder`.
        rival: "triplet", "supervised_contrastive" or "proxy_anchor", see `contenders.rivals`.
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

    Source: see `contenders.rivals`; nested dropout by sampled masks, Rippel et al. (2014).
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
        super().__init__((rival,), shift=shift, flip=flip, seed=seed, **kwargs)
        if rival not in RIVALS:
            raise ValueError(f"rival must be one of {sorted(RIVALS)}, received {rival!r}.")
        self.encoder = encoder
        self.rival = rival
        self.artists = artists
        self.loss_arguments = dict(loss or {})
        self.keep = keep
        self.lengths = lengths
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

    def optimized(self):
        """The encoder by one optimizer and proxies, if there are any, by another."""
        groups = {"optimizer": self.encoder.trainable_variables}
        if self.proxies is not None:
            groups["proxy_optimizer"] = [self.proxies]
        return groups

    def build(self, input_shape=None):
        """Creates the weights."""
        super().build()
        self.prefix.build((None, self.encoder.code_size))

    def call(self, images, training=False):
        """Encodes images."""
        return self.encoder(self.lab(images, training=training), training=training)

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

    def _loss(self, codes, artists, mask):
        inputs = [codes * mask, artists]
        if self.proxies is not None:
            inputs.append(ops.convert_to_tensor(self.proxies) * mask)
        return RIVALS[self.rival](*inputs, **self.loss_arguments)
