"""Makes an attribution from works the encoder was trained on and works it was not."""

import dataclasses
from collections.abc import Sequence

import numpy as np
from scipy import optimize, special

from anime_style_tf.attribution.densities import log_prior, tempered_density
from anime_style_tf.attribution.model import Attribution, as_artists, as_codes
from anime_style_tf.attribution.population import fit_population

_LARGEST_FIT = 2**22  # works x artists that tail and temperature are fitted on
_LOG_TAIL = (-0.7, 9.2)  # from heavier than Cauchy's, 0.5, to a Gaussian's, 10,000
_LOG_TEMPERATURE = (-4.0, 6.0)


def fit(
    names: Sequence[str],
    codes,
    artists,
    held_out_codes,
    held_out_artists,
    *,
    unknown_share: float = 0.1,
) -> Attribution:
    """Learns the artists, how works are spread, and how far densities can be trusted.

    Means come from the training works. Everything about spread comes from the held-out works:
    trained works lie much nearer to their artist than new ones will.

    Args:
        names: `[artists]`, each once, at least two.
        codes: `[works, code]`, training works, at least one by each artist.
        artists: int `[works]`, indices into `names`.
        held_out_codes: `[held-out works, code]`, by the same artists, never trained on. Not
            the works that go to `Attribution.calibrate`, and not those that are reported.
        held_out_artists: int `[held-out works]`.
        unknown_share: In [0, 1), how often a work is by none of the artists, before looking.
            Raising it makes "unknown" likelier everywhere. Our setting.

    Returns:
        `Attribution` without calibration works.

    Raises:
        ValueError: an artist without works, arrays that do not belong together, or a share
            outside [0, 1).
    """
    codes = as_codes(codes)
    artists = as_artists(artists, len(codes), len(names))
    held_out = as_codes(held_out_codes, codes.shape[1])
    held_out_artists = as_artists(held_out_artists, len(held_out), len(names))
    counts = np.bincount(artists, minlength=len(names))
    if counts.min() < 1 or len(set(names)) < len(names) or not 0 <= unknown_share < 1:
        raise ValueError(
            "every artist needs a name of its own and a training work, and the unknown share "
            f"must lie in [0, 1); received {len(set(names))} names, least works {counts.min()}, "
            f"share {unknown_share}: leave out artists without works."
        )
    sums = np.zeros((len(names), codes.shape[1]))
    np.add.at(sums, artists, codes)
    means = sums / counts[:, None]

    # Tail 1 and temperature 1 stand in until they are fitted: distances need neither.
    attribution = Attribution(
        names=tuple(str(name) for name in names),
        means=means,
        counts=counts,
        population=fit_population(means, counts, held_out - means[held_out_artists]),
        tail=1.0,
        temperature=1.0,
        unknown_share=float(unknown_share),
        calibration_codes=np.empty((0, codes.shape[1])),
        calibration_artists=np.empty(0, np.int64),
    )
    distances, held_out_artists = _unseen_distances(attribution, held_out, held_out_artists)
    tail, temperature = _fit_tail_and_temperature(
        *distances, held_out_artists, codes.shape[1], unknown_share
    )
    return dataclasses.replace(attribution, tail=tail, temperature=temperature)


def _unseen_distances(attribution, codes, artists):
    """Distances of each half of the held-out works in the spread that the other half has.

    In a spread that they helped to estimate, works lie nearer than new ones will.

    Returns:
        `((squares, log_volumes), artists)`, `[works, artists + 1]` twice and `[works]`; as many
        works as fit in memory, drawn at random.
    """
    most = max(4, _LARGEST_FIT // (len(attribution.names) + 1))
    # Shuffled, as works come artist by artist. With the works that fitted W themselves the
    # calibration error was .057, with the halves exchanged .043 (docs/decisions/0015).
    order = np.random.default_rng(0).permutation(len(codes))
    parts = []
    for seen, new in ((order[::2], order[1::2]), (order[1::2], order[::2])):
        population = fit_population(
            attribution.means, attribution.counts, codes[seen] - attribution.means[artists[seen]]
        )
        new = new[: most // 2]
        other = dataclasses.replace(attribution, population=population)
        squares, log_volumes = other.distances(codes[new])
        parts.append((squares, np.broadcast_to(log_volumes, squares.shape), artists[new]))
    squares, log_volumes, artists = map(np.concatenate, zip(*parts, strict=True))
    return (squares, log_volumes), artists


def _fit_tail_and_temperature(squares, log_volumes, artists, code_size, unknown_share):
    """Those under which the held-out works' artists are likeliest, known and left out.

    Each work counts twice: with its artist known, and, with weight `unknown_share`, with its
    artist struck from the list, when "unknown" is the right answer. A standard normal prior of
    the log temperature counts as one work: where all works are found rightly, the likeliest
    temperature is 0, and every probability would be 1.
    """
    own = (np.arange(len(artists)), artists)
    prior = log_prior(squares.shape[1] - 1, unknown_share)

    def loss(log_tail_and_temperature):
        # Negative log likelihood of each work's own artist.
        tail, temperature = np.exp(log_tail_and_temperature)
        density = tempered_density(squares, log_volumes, tail, temperature, code_size) + prior
        known = np.mean(special.logsumexp(density, axis=1) - density[own])
        prior_loss = np.log(temperature) ** 2 / 2 / len(artists)
        if not unknown_share:
            return known + prior_loss

        # And of "unknown" once that artist is struck from the list.
        density[own] = -np.inf
        left_out = np.mean(special.logsumexp(density, axis=1) - density[:, -1])
        return (1 - unknown_share) * known + unknown_share * left_out + prior_loss

    # Two numbers, and a loss that is flat where tails are Gaussian already: without gradients.
    optimum = optimize.minimize(
        loss,
        [np.log(10), np.log(2)],
        method="Nelder-Mead",
        bounds=[_LOG_TAIL, _LOG_TEMPERATURE],
        options={"xatol": 1e-2, "fatol": 1e-6},
    )
    return tuple(np.exp(optimum.x).tolist())
