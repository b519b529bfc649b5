"""The linear style code of few works: what metric learning looks for, without any training."""

import numpy as np

# Mean square distance of two works of one artist: within the reach of the push, exp(-d^2).
_SPREAD = 0.5


def linear_discriminants(parts, artists, *, directions=None, changed=None, shrinkage=0.1):
    """Directions in which works of one artist are near each other and artists are far apart.

    Each part of the features, whatever its units and however many it has, starts with the same
    variance, since a palette and a texture may tell as much as each other. The scatter within
    artists is then shrunk towards a sphere: of some hundred works in some thousand dimensions most
    directions were never seen to vary, and would else be trusted blindly. What a change of the
    picture moves counts as scatter within artists too, though the changed works are none of theirs:
    as further works they would hide how few the works are.

    Args:
        parts: list of `[works, features]` arrays.
        artists: `[works]` int, of two artists or more, one of them with two works or more.
        directions: how many. There is one less than there are artists in which these differ; those
            beyond are the ones in which works vary most for how little they do within artists, by
            which an artist who is added later may differ. None for none of them.
        changed: list of versions of the works, each a list like `parts`: what must not make a work
            another artist's. None where none are known.
        shrinkage: weight of the sphere, in (0, 1]; raising it makes distances more like those of
            the features themselves.

    Returns:
        `(kernel, bias)`, `[features, directions]` and `[directions]`, float64, for the features of
        all parts in a row: codes are `x @ kernel + bias`, centered, as far spread within artists in
        every direction, ordered by the spread between artists; of `directions` as many as features
        and works allow.

    Source: Fisher (1936); shrinkage as in Friedman (1989), regularized discriminant analysis; the
        weighting of parts and the scatter of changes are our settings (`docs/decisions`).
    """
    parts = [np.asarray(part, np.float64) for part in parts]
    scales = [np.sqrt(part.var(axis=0).sum()) for part in parts]
    features = np.concatenate([part / scale for part, scale in zip(parts, scales, strict=True)], 1)
    center = features.mean(axis=0)
    basis = _span(features - center)
    means, residues = _around_means((features - center) @ basis, artists)
    scatter = residues.T @ residues / len(residues)
    for version in changed or ():
        moves = zip(version, parts, scales, strict=True)
        moved = np.concatenate([(new - old) / scale for new, old, scale in moves], 1) @ basis
        scatter += moved.T @ moved / len(moved) / len(changed)
    sphere = np.trace(scatter) / len(scatter) * np.eye(len(scatter))
    within = (1 - shrinkage) * scatter + shrinkage * sphere
    between = np.cov(means.T, bias=True).reshape(within.shape)
    variances, axes = np.linalg.eigh(within)
    whitening = basis @ (axes / np.sqrt(variances))
    axes = _ordered(axes.T @ between @ axes / np.sqrt(np.outer(variances, variances)))
    count = min(len(means) - 1, len(within))
    if directions is not None:
        whitened = (features - center) @ whitening @ axes[:, count:]
        axes[:, count:] = axes[:, count:] @ _ordered(whitened.T @ whitened)
        count = directions
    kernel = whitening @ axes[:, :count]
    _, residues = _around_means(features @ kernel, artists)
    pairs = 2 * np.square(residues).sum() / (len(residues) - len(means))
    kernel *= np.sqrt(_SPREAD / pairs)
    of_features = np.repeat(scales, [part.shape[1] for part in parts])
    return kernel / of_features[:, None], -center @ kernel


def _ordered(scatter):
    """The axes of a scatter, columns, the widest first."""
    return np.linalg.eigh(scatter)[1][:, ::-1]


def _span(centered):
    """Orthonormal `[features, dimensions]` basis of all that the works span: nothing is lost."""
    # Through the products of works or those of features, whichever are fewer.
    by_works = len(centered) < centered.shape[1]
    squares, vectors = np.linalg.eigh(centered @ centered.T if by_works else centered.T @ centered)
    seen = squares > 1e-10 * squares[-1]
    vectors = vectors[:, seen]
    return centered.T @ vectors / np.sqrt(squares[seen]) if by_works else vectors


def _around_means(values, artists):
    """The mean of each artist, and what each work differs from it by."""
    names, rows = np.unique(artists, return_inverse=True)
    means = np.stack([values[artists == name].mean(axis=0) for name in names])
    return means, values - means[rows]
