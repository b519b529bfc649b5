"""How much a code tells of whose work it is."""

from keras import ops


def distance_covariance(codes, artists):
    """Squared distance covariance of codes and artists, without bias.

    It is 0 in the mean just where the code is independent of the artist, whatever sets artists
    apart: means, spreads or anything else. In place of an opponent that reads the artist from the
    code it needs nothing that is trained.

    Args:
        codes: `[batch, code]`, of 4 works or more (fewer give 0); distances are taken with every
            dimension in standard deviations of the batch, so that a smaller code is no less
            dependent.
        artists: int `[batch]`, of the same works. Two artists are at distance 1.

    Returns:
        Scalar; near 0, of either sign, where a code tells nothing of its artist.

    Source: Szekely & Rizzo (2014), "Partial distance correlation with methods for dissimilarities",
        definitions 2 and 3; as a term, our setting.
    """
    codes = ops.cast(codes, "float32")
    codes = codes / (ops.stop_gradient(ops.std(codes, axis=0)) + 1e-6)
    squares = ops.sum(ops.square(codes[:, None] - codes[None]), axis=-1)
    # The root has no gradient at 0, where a work meets itself.
    distances = ops.sqrt(squares + 1e-6)
    # Of fewer than four works there is no estimate, but a value.
    enough = ops.cast(ops.shape(codes)[0] > 3, "float32")
    works = ops.maximum(ops.cast(ops.shape(codes)[0], "float32"), 4.0)
    apart = ops.cast(artists[:, None] != artists[None], "float32")
    rows = ops.sum(apart, axis=1) / (works - 2.0)
    everywhere = ops.sum(rows) / (works - 1.0)
    # One factor centered is enough: what is constant along a row is orthogonal to it.
    centered = apart - rows[:, None] - rows[None] + everywhere
    others = 1.0 - ops.eye(ops.shape(codes)[0])
    return enough * ops.sum(distances * centered * others) / (works * (works - 3.0))
