"""How far a reconstruction is from its image."""

from keras import ops


def squared_error(images, reconstructions):
    """Mean squared difference of each image from its reconstruction.

    Args:
        images: `[batch, height, width, 3]`, normalized Lab.
        reconstructions: the same shape and color space.

    Returns:
        `[batch]`, mean over pixels and channels, >= 0.

    Source: Xiang & Li (2018) names no formula; squared error in normalized Lab is our setting.
    """
    difference = ops.cast(images, "float32") - ops.cast(reconstructions, "float32")
    return ops.mean(ops.square(difference), axis=(1, 2, 3))


def absolute_error(images, reconstructions):
    """Mean absolute difference of each image from its reconstruction.

    Its least is at the median of the works that share a code where that of the squared error is at
    their mean, so edges stay sharper.

    Args:
        images: `[batch, height, width, 3]`, normalized Lab.
        reconstructions: the same shape and color space.

    Returns:
        `[batch]`, mean over pixels and channels, >= 0.

    Source: our setting.
    """
    difference = ops.cast(images, "float32") - ops.cast(reconstructions, "float32")
    return ops.mean(ops.abs(difference), axis=(1, 2, 3))


def mean_or_zero(errors):
    """Mean of the errors of a part of a batch, of which a small batch may have none.

    Args:
        errors: `[images]`.

    Returns:
        Scalar; 0 of no image, whose mean is not a number.
    """
    errors = ops.cast(errors, "float32")
    return ops.sum(errors) / ops.maximum(ops.cast(ops.shape(errors)[0], "float32"), 1.0)
