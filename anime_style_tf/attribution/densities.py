"""How likely a work is under each artist, and what that says of who may have drawn it."""

import numpy as np
from scipy import special

SUREST = 0.999  # agreement beyond it tells nothing more


def tempered_density(squares, log_volumes, tail, temperature, code_size: int) -> np.ndarray:
    """Log density of the multivariate Student t, without its constant, over the temperature.

    Args:
        squares: `[works, artists]`, squared distances in units of the spread.
        log_volumes: `[artists]` or `[works, artists]`, half the log determinants of the spread.
        tail: Degrees of freedom.
        temperature: > 0.
        code_size: Dimensions of the code.

    Returns:
        `[works, artists]`.

    Source: Kotz & Nadarajah (2004), equation 1.1; temperature, Guo et al. (2017).
    """
    log_density = -(tail + code_size) / 2 * np.log1p(squares / tail) - log_volumes
    return log_density / temperature


def log_prior(artists: int, unknown_share: float) -> np.ndarray:
    """`[artists + 1]`: the same for every known artist, `unknown_share` for an unknown one."""
    with np.errstate(divide="ignore"):  # a share of 0 is a log prior of minus infinity
        return np.log(np.append(np.full(artists, (1 - unknown_share) / artists), unknown_share))


def agreement_odds(densities, resemblance) -> np.ndarray:
    """Log odds that whoever drew a work is like the artist whose density is largest.

        log(a / (1 - a)),     a = sum_j p_j r_j,     p = softmax of the densities

    Where resemblance r is 1 for that artist and 0 for all others, a is the largest probability. An
    artist known under two names, or many artists who are alike, do not lower it.

    Args:
        densities: `[works, artists]`, log densities.
        resemblance: `[works, artists]`, in [0, 1], how like each artist is to the one whose
            density is largest; 1 for that one.

    Returns:
        `[works]`, at most log 999: what is surer still says less of the work than of how far from
        each other the artists are.

    Source: a is the ordinariness `Zp` of Leinster & Cobbold (2012), "Measuring diversity: the
        importance of species similarity". The bound is our setting.
    """
    # Other candidates count against a work only as far as they are unlike the likeliest one: the
    # largest probability alone would call every work of an artist with two names unknown.
    agreement = np.einsum("wa,wa->w", special.softmax(densities, axis=1), resemblance)
    return special.logit(np.minimum(agreement, SUREST))
