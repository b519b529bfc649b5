"""Why each prefix length has a scale of its own: with one for all, later dimensions die."""

import keras
import numpy as np
import tensorflow as tf

from anime_style_tf.layers.nested_dropout import prefix_law
from anime_style_tf.losses.metric_learning import pair_terms, presumed_terms

ARTISTS, WORKS, INPUTS, SIZE, STEPS = 12, 4, 16, 16, 400


def trained_codes(learn_scales):
    """Codes of fresh works of Gaussian artists by a linear encoder, after the style loss."""
    rng = np.random.default_rng(0)
    means = rng.normal(size=(ARTISTS, 1, INPUTS))
    kernel = tf.Variable(rng.normal(0, 0.1, (INPUTS, SIZE)), dtype=tf.float32)
    presumed = tf.Variable(rng.normal(0, 0.05, (ARTISTS, SIZE)), dtype=tf.float32)
    scales = tf.Variable(tf.zeros(SIZE))
    weights = prefix_law(SIZE).astype("float32")
    artists = np.repeat(np.arange(ARTISTS), WORKS)
    slow, fast = keras.optimizers.Adam(5e-3), keras.optimizers.Adam(2e-2)
    beside = [presumed, scales] if learn_scales else [presumed]
    slow.build([kernel])
    fast.build(beside)

    @tf.function
    def step(works):
        with tf.GradientTape() as tape:
            shared = {"prefix_weights": weights, "log_scales": tf.convert_to_tensor(scales)}
            codes = works @ kernel
            pull, push = pair_terms(codes, artists, **shared)
            own, others = presumed_terms(codes, artists, presumed, **shared)
            loss = pull + own + (ARTISTS - 1) * (push + others)
        gradients = tape.gradient(loss, [kernel, *beside])
        slow.apply(gradients[:1], [kernel])
        fast.apply(gradients[1:], beside)

    def draw(works):
        noise = rng.normal(0, 0.5, (ARTISTS, works, INPUTS))
        return (means + noise).reshape(-1, INPUTS).astype("float32")

    for _ in range(STEPS):
        step(draw(WORKS))
    return draw(50) @ kernel.numpy(), scales.numpy()


def test_later_dimensions_die_with_one_scale_and_live_with_learned_ones():
    fixed, unchanged = trained_codes(learn_scales=False)
    learned, scales = trained_codes(learn_scales=True)
    share = {
        name: codes.std(axis=0)[SIZE // 2 :].mean() / codes.std(axis=0)[: SIZE // 4].mean()
        for name, codes in {"fixed": fixed, "learned": learned}.items()
    }
    assert (unchanged == 0).all()
    assert share["fixed"] < 0.15
    assert share["learned"] > 0.3
    # Short prefixes are magnified so that they can push; long ones shrink to make room.
    assert scales[0] > 0 > scales[-1]
    assert (np.diff(scales) < 0.05).all()
