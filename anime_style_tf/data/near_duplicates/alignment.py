"""Aligns thumbnails with each other and measures what differs: do two show one picture?"""

import numpy as np

# What a copy may differ by from its original.
_SCALES = (0.72, 1.39)  # parts of the side
_LARGEST_SHIFT = 0.25  # of the center, in half sides
_GAINS = (0.8, 1.25)
_LARGEST_CHANGE = np.array([40, 16, 16], np.float32)  # of the mean luma and chromas, in levels

_LIT = 250  # luma of white, to which brighter pixels are clipped
_LIT_WEIGHT = np.float32(0.05)  # of such pixels in fitting gain and offset
_EDGE = 1  # pixels that are not compared: a frame beside them shines in
_STEPS = 6
_STIFFNESS = 0.002  # keeps a picture without detail in one direction from sliding along it
_FORGIVEN = 0.15  # of a pixel, by which the best crop may still be misplaced


def remaining_difference(still, moving, scale):
    """Finds the crop of one thumbnail that is most like another, and how unlike it still is.

    The crop, a gain and an offset for each channel are fitted, so that crops, brightness and
    tints do not count; nor does what a shift by a fraction of a pixel explains. The cubic mean
    of what is left weighs a small clear difference, such as an earring, more than the noise of
    a JPEG.

    Args:
        still: float32 `[batch, channels, height, width]`, square: luma in `[0, 255]` and two
            chromas in `[-128, 127]`.
        moving: likewise, the one that is cropped.
        scale: float32 `[batch]`, where the search begins: the part of the side of `moving` that
            `still` shows.

    Returns:
        float32 `[batch]`, in levels of 255; infinite where no crop or change of color that a
        copy may have makes the two alike.

    Source: Baker & Matthews (2004), Lucas-Kanade 20 Years On, section 3.2: inverse composition.
    """
    crop = _fit_crop(still[:, 0], moving[:, 0], scale)
    scales = crop[:, 0]
    seen, inside = _cropped(moving, crop)
    inside = inside[:, None]

    # White says little of brightness, for whatever was brighter has been clipped to it: in the fit
    # it counts a twentieth, or the white ground of a drawing would outvote what is drawn.
    lit, was_lit = still[:, :1] >= _LIT, seen[:, :1] >= _LIT
    weight = inside * np.where(lit | was_lit, _LIT_WEIGHT, np.float32(1))
    weight /= _mean(weight)

    # An offset for each channel and one gain for all, by least squares: a copy may be brighter, of
    # more contrast or tinted. The floor of 1 keeps a blank thumbnail from being divided by 0.
    mean_still, mean_seen = _mean(still * weight), _mean(seen * weight)
    target, shape = still - mean_still, seen - mean_seen
    power = np.maximum((shape**2 * weight).mean((1, 2, 3)), 1)
    gain = np.clip((shape * target * weight).mean((1, 2, 3)) / power, *_GAINS)
    residual = target - gain[:, None, None, None] * shape
    luma = residual[:, :1]  # where one is white, the other may have been clipped
    luma[lit & (luma < 0) | was_lit & (luma > 0)] = 0

    # Softened, because JPEG's noise differs from pixel to pixel and a drawn difference does not. A
    # crop that is `_FORGIVEN` of a pixel off changes each pixel by as much of the slope there.
    unlike = np.linalg.norm(_softened(residual * inside), axis=1)
    slope = np.maximum(*map(np.abs, np.gradient(seen, axis=(2, 3)))).max(1)
    excess = np.maximum(unlike - _FORGIVEN * slope, 0)
    difference = np.cbrt((excess**3).mean((1, 2)) / inside.mean((1, 2, 3)))

    # What had to be changed more than any copy is has another color or is another part.
    possible = (np.abs(mean_still - mean_seen)[:, :, 0, 0] <= _LARGEST_CHANGE).all(1)
    possible &= ((scales > _SCALES[0]) & (scales < _SCALES[1])).all(1)
    return np.where(possible, difference, np.float32(np.inf))


def _fit_crop(still, moving, scale):
    """Returns the crop: float32 `[batch, (scale, shift), (vertical, horizontal)]`."""
    batch, side, _ = still.shape
    crop = np.zeros((batch, 2, 2), np.float32)
    crop[:, 0] = scale[:, None]
    grid = _grid(side)

    # What each of four small changes (scale and shift, down and across) would do to `still`. They
    # are those of `still`, which does not move, so that one inverse serves all steps: that is
    # inverse composition. Without their means, because an offset of brightness is free.
    down, right = np.gradient(still, 2 / side, axis=(1, 2))
    slopes = np.stack([down * grid[:, None], right * grid, down, right], 1)
    slopes = slopes.reshape(batch, 4, -1)
    slopes -= slopes.mean(2, keepdims=True)

    # Gauss-Newton, damped as by Levenberg and Marquardt: stripes have no slope along themselves.
    curvature = slopes @ slopes.transpose(0, 2, 1)
    curvature += np.eye(4) * (_STIFFNESS * np.trace(curvature, axis1=1, axis2=2)[:, None, None] + 1)
    descent = np.linalg.inv(curvature).astype(np.float32) @ slopes
    for _ in range(_STEPS):
        seen, inside = _cropped(moving[:, None], crop)
        seen, weight = seen[:, 0], inside / inside.mean((1, 2), keepdims=True)
        # Offset and gain are fitted in each step: else the crop would make up for a darker copy.
        seen, target = (pixels - _mean(pixels * weight) for pixels in (seen, still))
        gain = _mean(seen * target * weight) / np.maximum(_mean(seen**2 * weight), 1)
        error = (np.clip(gain, *_GAINS) * seen - target) * inside
        step = (descent @ error.reshape(batch, -1, 1)).reshape(batch, 2, 2)
        # The step would move `still`; its inverse is composed with the crop of `moving`. Where the
        # slopes mislead, a tenth of the half side at most, and never beyond what a copy may be.
        crop[:, 0] = np.clip(crop[:, 0] / (1 + np.clip(step[:, 0], -0.1, 0.1)), *_SCALES)
        crop[:, 1] -= crop[:, 0] * np.clip(step[:, 1], -0.1, 0.1)
        crop[:, 1] = np.clip(crop[:, 1], -_LARGEST_SHIFT, _LARGEST_SHIFT)
    return crop


def _cropped(moving, crop):
    """Returns the crop stretched to the whole square, and where it is inside of the picture."""
    side = moving.shape[-1]
    places = crop[:, 0, :, None] * _grid(side) + crop[:, 1, :, None]
    inside = (np.abs(places) <= 1).astype(np.float32)
    inside[..., :_EDGE] = inside[..., side - _EDGE :] = 0
    # Rows and columns apart: a crop without rotation is a product of two small matrices.
    pixels = np.clip((places + 1) * (side / 2) - 0.5, 0, side - 1)
    weights = _cubic(pixels, side)
    rows, columns = weights[:, None, 0], weights[:, None, 1].swapaxes(2, 3)
    return rows @ moving @ columns, inside[:, 0, :, None] * inside[:, 1, None, :]


def _cubic(places, side):
    """Returns the weights of `side` pixels at places; linear ones would blur, and not fit.

    Source: Keys (1981), Cubic convolution interpolation, equation 15.
    """
    first = np.floor(places).astype(np.int64)[..., None]
    distance = np.abs(places[..., None] - (first + np.arange(-1, 3)).astype(np.float32))
    inner = (1.5 * distance - 2.5) * distance**2 + 1
    outer = ((-0.5 * distance + 2.5) * distance - 4) * distance + 2
    weights = np.zeros((*places.shape, side + 3), np.float32)  # one pixel more before, two after
    values = np.where(distance < 1, inner, outer)
    np.put_along_axis(weights, first + np.arange(4), values, -1)
    return weights[..., 1 : side + 1]


def _grid(side):
    """Returns the centers of the pixels, -1 to 1 from edge to edge."""
    return ((np.arange(side, dtype=np.float32) + 0.5) / side) * 2 - 1


def _mean(pixels):
    return pixels.mean((-2, -1), keepdims=True)


def _softened(pixels):
    """Returns pixels averaged with their neighbors, weights 1 2 1."""
    padded = np.pad(pixels, ((0, 0), (0, 0), (1, 1), (1, 1)), mode="edge")
    rows = (padded[:, :, :-2] + 2 * padded[:, :, 1:-1] + padded[:, :, 2:]) / 4
    return (rows[..., :-2] + 2 * rows[..., 1:-1] + rows[..., 2:]) / 4
