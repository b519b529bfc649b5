"""How well an encoder gives back the code that an image was generated from."""

from keras import ops


def code_recovery(recovered, codes):
    """Mean squared difference per dimension, `E |S^(G(z)) - z|^2 / k`.

    Args:
        recovered: `[batch, code]`, the encoder's standardized code of the generated image.
        codes: `[batch, code]`, the code that it was generated from, standard normal.

    Returns:
        Scalar; 0 is perfect, 1 is what a constant output scores, 2 an unrelated code.

    Source: Xiang & Li (2018), section 4; the mean over dimensions is our setting.
    """
    difference = ops.cast(recovered, "float32") - ops.cast(codes, "float32")
    return ops.mean(ops.square(difference))
