"""What a generator reads: the size of its code, and the codes of a batch made out of works'."""

import keras
from keras import ops

from anime_style_tf.errors import InputError

UNKNOWN = -1


@keras.saving.register_keras_serializable(package="anime_style_tf")
class CodeMixture(keras.layers.Layer):
    """Codes of works, recombined: what users ask a generator for.

    Artists' works lie in tight clusters of style space, and most draws of N(0, I) lie outside them
    all. A batch has three parts, in this order: `same`, style and content of one work, free code
    zero; `crossed`, the style of one work, the content of another; and pairs with one random
    content, which differ in nothing but the free code: the first half of them in the style of a
    work, the others in a random style.

    Args:
        free_size: dimensions of the free code.
        same: share of the batch that is to be the work itself.
        random: share of the batch with random content.
        jitter: standard deviation of what is added to a work's style, in standard deviations of
            the style code; raising it fills the space between works, and loosens the styles.
        seed: whole number.

    Call arguments:
        style: `[batch, k_S]`, standardized codes of works.
        content: `[batch, k_C]`, of the same works.
        artists: int `[batch]`, of the same works.

    Returns:
        `(codes [batch, k_S + k_C + free], artists [batch])`; the artist is -1 where the style is
        nobody's.

    Raises:
        InputError: a share below 0, or both together above 1.

    Source: our setting; the paper draws all codes from N(0, I).
    """

    def __init__(self, free_size, *, same=0.25, random=0.375, jitter=0.1, seed=0, **kwargs):
        # Under a mixed policy the codes would be rounded to 8 bits.
        super().__init__(**{"dtype": "float32"} | kwargs)
        if min(same, random) < 0 or same + random > 1:
            raise InputError(
                "mixture: expected shares same and random of at least 0, at most 1 together, "
                f"received {same} and {random}."
            )
        self.free_size = free_size
        self.same = same
        self.random = random
        self.jitter = jitter
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)

    def counts(self, batch):
        """How many of a batch are the works themselves, and how many pairs have random content.

        A share above 0 has one at least where the batch has room: of two images both are a pair,
        and a single one is the work itself.

        Args:
            batch: int32 scalar, images of the batch.

        Returns:
            `(same, pairs)`, int32 scalars.
        """
        size = ops.cast(batch, "float32")
        pairs = ops.maximum(ops.round(self.random * size / 2), float(self.random > 0))
        pairs = ops.minimum(pairs, ops.floor(size / 2))
        same = ops.maximum(ops.round(self.same * size), float(self.same > 0))
        # Both may round up.
        same = ops.minimum(same, size - 2 * pairs)
        return ops.cast(same, "int32"), ops.cast(pairs, "int32")

    def call(self, style, content, artists):
        """Draws the codes of one batch."""
        batch = ops.shape(style)[0]
        same, pairs = self.counts(batch)
        place = ops.arange(batch)
        random_from = batch - 2 * pairs
        nobody = (place >= random_from + (pairs + 1) // 2)[:, None]
        # Each work's style goes to the content of another.
        other = (place + 1 + same) % batch
        crossed = ops.take(style, other, axis=0) + self.jitter * self._normal(ops.shape(style))
        styles = ops.where(nobody, self._normal(ops.shape(style)), crossed)
        random = self._normal(ops.shape(content))
        contents = ops.where((place >= random_from)[:, None], random, content)
        owners = ops.where(nobody[:, 0], UNKNOWN, ops.take(artists, other, axis=0))
        # The second of a pair is as the first.
        origin = ops.where(place >= batch - pairs, place - pairs, place)
        is_same = (place < same)[:, None]
        free = self._normal((batch, self.free_size))
        codes = [
            ops.where(is_same, style, ops.take(styles, origin, axis=0)),
            ops.take(contents, origin, axis=0),
            ops.where(is_same, 0.0, free),
        ]
        owners = ops.where(is_same[:, 0], artists, ops.take(owners, origin, axis=0))
        return ops.concatenate(codes, axis=-1), owners

    def _normal(self, shape):
        return keras.random.normal(shape, seed=self.seed_generator)

    def compute_output_shape(self, style_shape, content_shape, artists_shape):
        """Returns the shapes of codes and artists."""
        size = style_shape[1] + content_shape[1] + self.free_size
        return (style_shape[0], size), artists_shape

    def get_config(self):
        """Returns the constructor arguments."""
        return super().get_config() | {
            "free_size": self.free_size,
            "same": self.same,
            "random": self.random,
            "jitter": self.jitter,
            "seed": self.seed,
        }


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
