"""The style losses as sums over pairs and prefixes, NumPy float64, one pair at a time."""

import numpy as np


def squared_distance(u, v, length, log_scales):
    difference = np.asarray(u, "float64")[:length] - np.asarray(v, "float64")[:length]
    return np.exp(2.0 * log_scales[length - 1]) * (difference @ difference)


def pair_terms(codes, artists, weights, log_scales):
    """Mean over artists of the mean over their ordered pairs; mean over pairs of two artists."""
    pull = push = 0.0
    for length in range(1, codes.shape[1] + 1):
        of_artist, different = {}, []
        for i in range(len(codes)):
            for j in range(len(codes)):
                if i == j:
                    continue
                squared = squared_distance(codes[i], codes[j], length, log_scales)
                if artists[i] == artists[j]:
                    of_artist.setdefault(artists[i], []).append(squared)
                else:
                    different.append(np.exp(-squared))
        weight = weights[length - 1]
        pull += weight * (np.mean([np.mean(v) for v in of_artist.values()]) if of_artist else 0.0)
        push += weight * (np.mean(different) if different else 0.0)
    return pull, push


def presumed_terms(codes, artists, presumed, weights, log_scales):
    """Mean over works; the push besides over the other artists, `1 / (A - 1)` of their sum."""
    pull = push = 0.0
    for length in range(1, codes.shape[1] + 1):
        weight = weights[length - 1] / len(codes)
        for code, artist in zip(codes, artists, strict=True):
            for other, style in enumerate(presumed):
                squared = squared_distance(code, style, length, log_scales)
                if other == artist:
                    pull += weight * squared
                else:
                    push += weight * np.exp(-squared) / (len(presumed) - 1)
    return pull, push
