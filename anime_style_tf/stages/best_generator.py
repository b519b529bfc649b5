"""Which generator of a training is kept: that whose images lie nearest to works, by a judge apart.

The last one need not be the best: adversaries go round each other. Neither the losses nor the
encoders tell, since the generator is trained through them.
"""

import numpy as np
import tensorflow as tf

from anime_style_tf.data.schema import IMAGE
from anime_style_tf.errors import InputError
from anime_style_tf.evaluation.fidelity.kernel_distance import kernel_distance
from anime_style_tf.exploration import assemble_codes
from anime_style_tf.image.color import lab_to_srgb
from anime_style_tf.stages.measures.fidelity_measures import as_uint8, feature_space
from anime_style_tf.training.best_weights import BestWeights, KeepBest
from anime_style_tf.workdir import networks

_AXES_FROM = 1000  # training works that set the axes of the features
_AT_ONCE = 50  # images


def keep_best(model, trained, *, steps, every, images=200, seed=0):
    """Makes the callback that keeps the best generator, see `KeepBest`.

    Its error is the kernel distance to the test works that choose numbers of dimensions and report
    nothing, in the features that `evaluate` compares images in: those of the run's classifier,
    through which no generator is trained. The images are in these works' styles, content and free
    code at random, and of the same codes at each measure.

    Args:
        model: `ConditionalGAN`, not compiled yet; it gets the attribute `best`.
        trained: `Trained`, of which the style and content stages are finished.
        steps: of the training.
        every: steps between two measures; each costs drawing and encoding the images, as much as
            two or three steps.
        images: how many, at most; raising it steadies the choice.
        seed: of the codes.

    Returns:
        `KeepBest`.

    Raises:
        InputError: a number too small, fewer than 3 works to compare with, or no classifier.
    """
    if every < 1 or images < 3:
        raise InputError(
            f"keep_best: expected every of at least 1 and images of at least 3, received {every} "
            f"and {images}"
        )
    if reason := trained.lacks("classifier"):
        raise InputError(f"gan.keep_best: {reason}, which judges: leave keep_best out")
    records = trained.records
    works = _first(records, "test", records.count("test"))
    works = works[networks.selection_half(len(works))][:images]
    if len(works) < 3:
        raise InputError(
            f"gan.keep_best: expected 3 test works that choose or more, received {len(works)}: "
            "leave keep_best out"
        )
    features = feature_space(trained, _first(records, "train", _AXES_FROM))
    reference = features(works)
    codes = _codes(trained.content_density, model.free_size, trained.encode_style(works), seed)
    draw = tf.function(lambda codes: lab_to_srgb(model.generator(codes)), autograph=False)

    def distance():
        drawn = [draw(codes[i : i + _AT_ONCE]).numpy() for i in range(0, len(codes), _AT_ONCE)]
        return kernel_distance(features(as_uint8(np.concatenate(drawn))), reference)

    model.best = BestWeights(model.generator, name="best")
    return KeepBest(model.best, distance, name="kernel_distance", steps=steps, every=every)


def _codes(density, free_size, style, seed):
    chance = np.random.default_rng((seed, 5))
    content = density.sample(chance, len(style))
    free = chance.standard_normal((len(style), free_size))
    return assemble_codes(style, content, free).astype("float32")


def _first(records, split, count):
    """Images of the first works of a split, at most so many, uint8."""
    batches = records.batches(split, _AT_ONCE, repeat=False).take(-(-count // _AT_ONCE))
    return np.concatenate([batch[IMAGE].numpy() for batch in batches])[:count]
