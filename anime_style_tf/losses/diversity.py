"""What keeps the free code from being ignored."""

from keras import ops

from anime_style_tf.image.pyramid import area_downscale
from anime_style_tf.losses.reconstruction import mean_or_zero


def diversity_shortfall(images, others, *, least, factor=4):
    """How much less than wanted two images of one style and content differ.

    The difference is taken of areas, so that grain does not count.

    Args:
        images: `[batch, height, width, 3]`, normalized Lab; sides divisible by `factor`.
        others: images of the same styles and contents with other free codes.
        least: mean absolute difference from which on nothing is wanted, > 0; 0.08 is 4 levels of
            lightness in 100. Raising it makes free codes matter more than they should.
        factor: side of an area, pixels.

    Returns:
        Scalar in [0, 1]; 1 where the free code has no effect, 0 where there is no pair.

    Source: our setting, after Mao et al. (2019), mode seeking; a floor does not need to fade.
    """
    smaller, others = (
        area_downscale(ops.cast(each, "float32"), factor) for each in (images, others)
    )
    difference = ops.mean(ops.abs(smaller - others), axis=(1, 2, 3))
    return mean_or_zero(ops.relu(least - difference)) / least
