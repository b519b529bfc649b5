"""The linear style code of few works: what metric learning looks for, without any training."""

import numpy as np
import scipy.linalg

# Mean square distance of two works of one artist: within the reach of the push, exp(-d^2).
_SPREAD = 0.5


def linear_discriminants(parts, artists, *, shrinkage=0.1):
    """Directions in which works of one artist are near each other and artists are far apart.

    Each part of the features, whatever its units and however many it has, starts with the same
    variance, since a palette and a texture may tell as much as each other. The scatter within
    artists is then shrunk towards a sphere: of some hundred works in some thousand dimensions most
    directions were never seen to vary, and would else be trusted blindly.

    Args:
        parts: list of `[works, features]` arrays.
        artists: `[works]` int, of two artists or more, one of them with two works or more.
        shrinkage: weight of the sphere, in (0, 1]; raising it makes distances more like those of
            the features themselves.

    Returns:
        `(kernel, bias)`, `[features, directions]` and `[directions]`, float64, for the features of
        all parts in a row: codes are `x @ kernel + bias`, centered, as far spread within artists in
        every direction, ordered by the spread between artists. There is one direction less than
        there are artists, or as many as features or works allow.

    Source: Fisher (1936); shrinkage as in Friedman (1989), regularized discriminant analysis; the
        weighting of parts is our setting (`docs/decisions`).
    """
    scales = [np.sqrt(part.var(axis=0).sum()) for part in parts]
    features = np.concatenate([part / scale for part, scale in zip(parts, scales, strict=True)], 1)
    center = features.mean(axis=0)
    basis = _span(features - center)
    means, residues = _around_means((features - center) @ basis, artists)
    scatter = residues.T @ residues / len(residues)
    sphere = np.trace(scatter) / len(scatter) * np.eye(len(scatter))
    within = (1 - shrinkage) * scatter + shrinkage * sphere
    between = np.cov(means.T, bias=True).reshape(within.shape)
    count = min(len(means) - 1, len(within))
    # Ascending; the directions have a variance of 1 within artists.
    _, vectors = scipy.linalg.eigh(between, within)
    directions = basis @ vectors[:, ::-1][:, :count]
    _, residues = _around_means(features @ directions, artists)
    pairs = 2 * np.square(residues).sum() / (len(residues) - len(means))
    directions *= np.sqrt(_SPREAD / pairs)
    of_features = np.repeat(scales, [part.shape[1] for part in parts])
    return directions / of_features[:, None], -center @ directions


def _span(centered):
    """Orthonormal `[features, dimensions]` basis of all that the works span: nothing is lost."""
    # Through the products of works, of which there are far fewer than features.
    squares, vectors = np.linalg.eigh(centered @ centered.T)
    seen = squares > 1e-10 * squares[-1]
    return centered.T @ vectors[:, seen] / np.sqrt(squares[seen])


def _around_means(values, artists):
    """The mean of each artist, and what each work differs from it by."""
    names, rows = np.unique(artists, return_inverse=True)
    means = np.stack([values[artists == name].mean(axis=0) for name in names])
    return means, values - means[rows]
