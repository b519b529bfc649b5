"""Picks out of many thumbnails the pairs that may show one picture, by their coarsest forms."""

import numpy as np
from scipy.fft import dct

_INSET = 0.06  # of the side: in the middle of the crops to be found
_WAVES = 6  # lowest frequencies that count in each direction; half as many of color
_WEIGHTS = np.array([1, 0.5, 0.5], np.float32)[:, None, None]  # of luma and chromas
_FAINTEST = 2.0  # standard deviation in levels below which a form counts less and less
_CHANGES = 10  # four of the crop, four of gain, two of tint
_LEAST_LIKENESS = 0.9  # scalar product of two forms; lower finds more and takes longer
_LARGEST_RESIDUE = 0.03  # of a squared form that no small crop and no change of color explains
_COLUMNS = 2048  # portraits compared with at once
_PAIRS = 8192  # pairs looked at more closely at once

# Frequencies of three channels, as `_waves` flattens them. Half as many of color, for JPEG keeps it
# at half the resolution. Without the mean of luma, which is brightness alone; a tint tells more.
_ACROSS = np.arange(3 * _WAVES**2).reshape(3, _WAVES, _WAVES)
_USED = np.ones(_ACROSS.shape, bool)
_USED[1:, _WAVES // 2 :] = _USED[1:, :, _WAVES // 2 :] = _USED[0, 0, 0] = False
_ODD = np.zeros(_ACROSS.shape, bool)
_ODD[..., 1::2] = True  # these change sign in the mirror
_ORDER = np.concatenate([_ACROSS[_USED & ~_ODD], _ACROSS[_USED & _ODD]])
_EVEN = 1 + np.count_nonzero(_USED & ~_ODD)
_FORM = 1 + len(_ORDER)

# Places of two thumbnails: `still` may show a part of `moving`, about `scale` of its side.
_PAIR = np.dtype([("still", "i8"), ("moving", "i8"), ("mirrored", "?"), ("scale", "f4")])


class Album:
    """The coarse forms of thumbnails in the order of their places, compared all with all.

    A form is a unit vector of low frequencies. Those that change sign in the mirror come last,
    so that mirror images cost no second comparison. Each thumbnail has a second form, of its
    inner part alone, which is near the form of a crop; and the directions in which small crops
    and changes of color move its form, as in the tangent distance.

    Source: Simard, LeCun & Denker (1993), Efficient pattern recognition using a new
    transformation distance.

    Args:
        capacity: the largest number of thumbnails.
    """

    def __init__(self, capacity):
        self._forms = np.empty((2, capacity, _FORM), np.float32)  # whole, inner part
        self._changes = np.empty((capacity, _FORM, _CHANGES), np.float32)
        self._length = 0

    def __len__(self):
        """Returns the number of thumbnails."""
        return self._length

    def add(self, thumbnails):
        """Adds thumbnails: float32 `[batch, channels, height, width]`, luma and chromas."""
        places = slice(self._length, self._length + len(thumbnails))
        self._forms[0, places] = _forms(thumbnails)
        self._forms[1, places] = _forms(_inner_part(thumbnails))
        self._changes[places] = _changes(thumbnails)
        self._length = places.stop

    def keep(self, start, kept):
        """Forgets of the thumbnails from `start` on those that are not `kept`: bool."""
        end = start + np.count_nonzero(kept)
        for values in (*self._forms, self._changes):
            values[start:end] = values[start : self._length][kept]
        self._length = end

    def alike(self, start):
        """Finds what may show the same picture as the thumbnails from `start` on.

        Returns:
            A structured array `[pairs]`: the places `still` and `moving`, the later of them from
            `start` on, whether `moving` is `mirrored`, and `scale`: the part of the side of
            `moving` that `still` shows, about. A pair may come up more than once.
        """
        pairs = [np.empty(0, _PAIR)]
        for column in range(0, self._length, _COLUMNS):
            columns = slice(column, min(column + _COLUMNS, self._length))
            # Whole with whole, and the inner part of either with the other whole: a crop. One
            # matrix product looks at all pairs; only those it lets pass are looked at closely.
            for late, early in ((0, 0), (1, 0), (0, 1)):
                forms = self._forms[late, start : self._length], self._forms[early, columns]
                rows, others = np.nonzero(_likeness(*forms) > _LEAST_LIKENESS)
                rows, others = rows + start, others + column  # as places in the album
                rows, others = rows[others < rows], others[others < rows]
                for first in range(0, len(rows), _PAIRS):
                    part = slice(first, first + _PAIRS)
                    for mirrored in (False, True):
                        pairs.append(
                            self._explained(late, early, rows[part], others[part], mirrored)
                        )
        return np.concatenate(pairs)

    def _explained(self, late, early, rows, others, mirrored):
        """Returns those pairs that a small crop or change of color may explain."""
        # Changes are known of whole thumbnails alone. Of two whole ones either may be the copy.
        residue = np.full(len(rows), np.inf, np.float32)
        if not late:
            residue = self._residue(rows, self._forms[early, others], mirrored)
        if not early:
            residue = np.minimum(residue, self._residue(others, self._forms[late, rows], mirrored))
        alike = residue < _LARGEST_RESIDUE
        pairs = np.empty(np.count_nonzero(alike), _PAIR)
        still, moving = (others, rows) if late else (rows, others)
        pairs["still"], pairs["moving"] = still[alike], moving[alike]
        pairs["mirrored"] = mirrored
        pairs["scale"] = 1 - 2 * _INSET * (late + early)
        return pairs

    def _residue(self, places, forms, mirrored):
        """Returns how much of each form the changes of another do not explain, 0 to 1.

        The squared distance of a unit vector from a plane: the tangent distance of one side.
        """
        if mirrored:
            forms = np.concatenate([forms[:, :_EVEN], -forms[:, _EVEN:]], 1)
        explained = forms[:, None] @ self._changes[places]
        return 1 - forms[:, 0] ** 2 - (explained[:, 0] ** 2).sum(1)


def _likeness(forms, others):
    """Returns the scalar products, the larger of with and without the mirror."""
    # In the mirror the odd part changes its sign and the even one stays: the larger sum is that
    # with the odd part's absolute value.
    odd = forms[:, _EVEN:] @ others[:, _EVEN:].T
    return np.abs(odd, out=odd) + forms[:, :_EVEN] @ others[:, :_EVEN].T


def _forms(thumbnails):
    """Returns float32 `[batch, form]`. The first number makes a blank thumbnail a unit vector."""
    # Of nearly blank thumbnails noise alone would make the form; the constant outweighs it.
    waves = _waves(thumbnails)
    faintest = np.full((len(waves), 1), _FAINTEST * thumbnails.shape[-1], np.float32)
    forms = np.concatenate([faintest, waves], 1)
    return forms / np.linalg.norm(forms, axis=1, keepdims=True)


def _changes(thumbnails):
    """Returns an orthonormal basis of what small changes add: float32 `[batch, form, change]`."""
    side = thumbnails.shape[-1]
    grid = (np.arange(side, dtype=np.float32) + 0.5) / side * 2 - 1
    # A shift changes a picture by its slope, a change of scale by its slope times the distance from
    # the middle: the first two terms of a Taylor series.
    down, right = np.gradient(thumbnails, axis=(2, 3))
    crops = [down, right, down * grid[:, None], right * grid]
    # Gains: of luma, of luma into either chroma (a tint that grows with brightness), of saturation.
    # A tint adds a constant to a chroma.
    channels = np.eye(3, dtype=np.float32)[..., None, None]
    gains = [thumbnails[:, :1] * channel for channel in channels]
    gains.append(thumbnails * (1 - channels[0]))  # of saturation
    tints = [np.broadcast_to(channel, thumbnails.shape) for channel in channels[1:]]
    waves = np.stack([_waves(change) for change in (*crops, *gains, *tints)], 2)
    basis, _ = np.linalg.qr(waves)
    return np.pad(basis, ((0, 0), (1, 0), (0, 0)))


def _waves(thumbnails):
    """Returns the low frequencies, those that change sign in the mirror last."""
    basis = dct(np.eye(thumbnails.shape[-1], dtype=np.float32), axis=0, norm="ortho")[:_WAVES]
    waves = basis @ (thumbnails @ basis.T) * _WEIGHTS
    return waves.reshape(len(waves), -1)[:, _ORDER]


def _inner_part(thumbnails):
    """Returns the thumbnails without their outermost `_INSET`, as large as before."""
    # Linear interpolation at the centers of equally many, smaller pixels.
    side = thumbnails.shape[-1]
    places = np.linspace(0, side, 2 * side + 1)[1::2] * (1 - 2 * _INSET) + _INSET * side - 0.5
    weights = np.maximum(0, 1 - np.abs(places[:, None] - np.arange(side))).astype(np.float32)
    return weights @ (thumbnails @ weights.T)
