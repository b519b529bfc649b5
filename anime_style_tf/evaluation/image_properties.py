"""Measurable properties of drawings: color, lines, edges, shading, symmetry.

Each has a definition in `PROPERTIES`. Colors are CIE L*a*b* (D65), differences are CIE 1976; what
the coverage does not cover is no part of the drawing. Lengths are pixels of the image as given, so
only images of one size can be compared.
"""

import dataclasses

import numpy as np
from scipy import ndimage

# sRGB primaries to CIE XYZ (IEC 61966-2-1), each row over the D65 white, as `image.color` has them.
_RGB_TO_XYZ = np.array(
    [
        (0.412453 / 0.95047, 0.357580 / 0.95047, 0.180423 / 0.95047),
        (0.212671, 0.715160, 0.072169),
        (0.019334 / 1.08883, 0.119193 / 1.08883, 0.950227 / 1.08883),
    ]
)
_DELTA = 6 / 29

# Our settings.
EDGE = 10.0  # color difference of neighbors from which there is an edge between them
EVEN = 0.5  # color difference up to which neighbors have one color
STROKE = 20.0  # L* by which a stroke is darker than what it is drawn on
STROKE_SHARE = 8  # a stroke is thinner than an image's height over this
COLOR_STEP = 10.0  # side of a bin of L*, a*, b*
WARM_HUE = 50.0  # degrees in the a*b* plane: orange; opposite lies blue
_CHUNK_PIXELS = 2**16  # at once: arrays that a processor's cache holds


@dataclasses.dataclass(frozen=True)
class Property:
    """One property.

    Attributes:
        name: Identifier.
        more: What a drawing with a higher value has, in words.
        less: What one with a lower value has.
        unit: Of the values.
        definition: How it is measured, one sentence.
    """

    name: str
    more: str
    less: str
    unit: str
    definition: str


PROPERTIES = (
    Property("lightness", "lighter colors", "darker colors", "L*, 0 to 100", "Mean L*."),
    Property(
        "lightness_contrast", "more contrast", "less contrast", "L*", "Standard deviation of L*."
    ),
    Property(
        "chroma", "stronger colors", "grayer colors", "CIELAB units",
        "Mean distance from gray in (a*, b*).",
    ),
    Property(
        "warmth", "warmer colors", "cooler colors", "CIELAB units",
        f"Mean of (a*, b*) along the hue of {WARM_HUE:g} degrees, orange; blue is negative.",
    ),
    Property(
        "color_entropy", "more colors", "fewer colors", "bits",
        f"Entropy of the colors, in bins of {COLOR_STEP:g} in L*, a* and b*; n colors of equal "
        "share have log2 n.",
    ),
    Property(
        "edge_density", "more edges", "fewer edges", "share of pixels",
        f"Share of pixels whose color is more than {EDGE:g} from that of the right or the lower "
        "neighbor.",
    ),
    Property(
        "edge_direction", "horizontal edges", "vertical edges", "-1 to 1",
        "Sum of the color differences from one pixel to the one below, less that to the one at "
        "the right, over the sum of both: 1 if all edges are horizontal, -1 if vertical.",
    ),
    Property(
        "line_width", "thicker lines", "thinner lines", "pixels",
        "Area of the dark strokes over their length; 0 without strokes. A pixel adds to the "
        "length one over its stroke's width, h v / sqrt(h^2 + v^2) with h and v the runs of "
        "stroke pixels across and down through it: exact for a long straight line of any slant. "
        f"A stroke is where L* is at least {STROKE:g} below its gray closing by a square of an "
        f"odd side, about 1 / {STROKE_SHARE} of the height.",
    ),
    Property(
        "line_darkness", "darker lines", "fainter lines", "L*",
        "Mean over the pixels of dark strokes of how far L* lies below the closing; 0 without.",
    ),
    Property(
        "fine_detail", "more fine detail", "less fine detail", "L*",
        "Root mean square of L* less its Gaussian mean of 1 pixel standard deviation.",
    ),
    Property(
        "shading", "more shading", "flatter fills", "share of pixels",
        f"Among pixels that are not at an edge, the share whose color is more than {EVEN:g} from "
        "that of the right or the lower neighbor: 0 for flat fills, 1 for gradients throughout.",
    ),
    Property(
        "symmetry", "more symmetry", "less symmetry", "-1 to 1",
        "Correlation of L* with that of the image mirrored left to right, where both are covered.",
    ),
)  # fmt: skip


def measure_properties(images, coverage=None) -> np.ndarray:
    """Measures every property of every image.

    Args:
        images: `[works, height, width, 3]`, sRGB uint8.
        coverage: `[works, height, width]` or with a last axis of 1, uint8: pixels of 128 and more
            are part of the drawing; None for all. One without any such pixel counts as covered.

    Returns:
        float64 `[works, properties]`, in the order of `PROPERTIES`, all finite.

    Raises:
        ValueError: images that are not such, or a coverage of another shape.
    """
    images = np.asarray(images)
    if images.ndim != 4 or images.shape[-1] != 3 or images.dtype != np.uint8 or 0 in images.shape:
        raise ValueError(
            "images must be sRGB uint8 [works, height, width, 3], none empty; received "
            f"{images.dtype} {images.shape}: give them as the records store them."
        )
    covered = np.ones(images.shape[:3], bool)
    if coverage is not None:
        coverage = np.asarray(coverage)
        if coverage.shape not in (images.shape[:3], (*images.shape[:3], 1)):
            raise ValueError(
                f"coverage must have shape {images.shape[:3]}, one value per pixel; received "
                f"{coverage.shape}: take it from the records of the same works."
            )
        covered = coverage.reshape(images.shape[:3]) >= 128
        covered |= ~covered.any(axis=(1, 2), keepdims=True)
    step = max(1, _CHUNK_PIXELS // (images.shape[1] * images.shape[2]))
    return np.concatenate(
        [
            _of_chunk(srgb_to_cielab(images[i : i + step]), covered[i : i + step])
            for i in range(0, len(images), step)
        ]
    )


def srgb_to_cielab(images) -> np.ndarray:
    """Converts sRGB uint8 `[..., 3]` to CIE L*a*b* (D65), float32 `[..., 3]`.

    Source: IEC 61966-2-1, CIE 15:2004.
    """
    value = np.arange(256) / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    xyz = linear.astype(np.float32)[images] @ _RGB_TO_XYZ.T.astype(np.float32)
    f = np.where(xyz > _DELTA**3, np.cbrt(xyz), xyz / (3 * _DELTA**2) + 4 / 29)
    x, y, z = np.moveaxis(f, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def _of_chunk(lab, covered):
    lightness = lab[..., 0].astype(np.float64)
    mean = _mean(lightness, covered)
    warm = np.array([np.cos(np.deg2rad(WARM_HUE)), np.sin(np.deg2rad(WARM_HUE))])
    right, down = _differences(lab, covered, 2), _differences(lab, covered, 1)
    step = np.maximum(right, down)
    edges = step > EDGE
    across, along = right.sum(axis=(1, 2)), down.sum(axis=(1, 2))
    width, darkness = _strokes(lightness, covered)
    columns = {
        "lightness": mean,
        "lightness_contrast": np.sqrt(_mean((lightness - mean[:, None, None]) ** 2, covered)),
        "chroma": _mean(np.hypot(lab[..., 1], lab[..., 2]), covered),
        "warmth": _mean(lab[..., 1:] @ warm, covered),
        "color_entropy": _color_entropy(lab, covered),
        "edge_density": _mean(edges, covered),
        "edge_direction": _over(along - across, along + across),
        "line_width": width,
        "line_darkness": darkness,
        "fine_detail": np.sqrt(_mean(_fine_detail(lightness, covered) ** 2, covered)),
        "shading": _mean(step > EVEN, covered & ~edges),
        "symmetry": _symmetry(lightness, covered),
    }
    return np.stack([columns[each.name] for each in PROPERTIES], axis=1)


def _over(sums, counts):
    return np.divide(sums, counts, out=np.zeros(len(sums)), where=counts > 0)


def _mean(values, where):
    """Returns the mean of each work's pixels, `[works]`; 0 where there are none."""
    return _over((values * where).sum(axis=(1, 2), dtype=np.float64), where.sum(axis=(1, 2)))


def _differences(lab, covered, axis):
    """Color difference of each pixel to the next along an axis; 0 where either is not covered."""
    shape = [(0, int(each == axis)) for each in range(3)]
    apart = np.pad(np.linalg.norm(np.diff(lab, axis=axis), axis=-1), shape)
    following = np.pad(np.delete(covered, 0, axis=axis), shape)
    return apart * (covered & following)


def _color_entropy(lab, covered):
    bins = np.floor(lab / COLOR_STEP + 0.5).astype(np.int64) + 32  # a* and b* lie within 128
    codes = (bins[..., 0] * 64 + bins[..., 1]) * 64 + bins[..., 2]
    entropies = []
    for work, inside in zip(codes, covered, strict=True):
        counts = np.unique(work[inside], return_counts=True)[1]
        share = counts / counts.sum()
        entropies.append(-np.sum(share * np.log2(share)))
    return np.array(entropies)


def _fine_detail(lightness, covered):
    """L* less its Gaussian mean over the covered pixels around."""

    def blur(values):
        return ndimage.gaussian_filter(values, (0, 1, 1), mode="reflect")

    weight = blur(covered.astype(np.float64))
    around = blur(lightness * covered) / np.where(covered, weight, 1)
    return np.where(covered, lightness - around, 0)


def _strokes(lightness, covered):
    """Mean width in pixels and mean depth in L* of each work's dark strokes."""
    side = 2 * max(1, round(lightness.shape[1] / STROKE_SHARE / 2)) + 1
    # Black padding: it makes no stroke of a dark area that it touches.
    lightness = lightness * covered
    depth = ndimage.grey_closing(lightness, (1, side, side), mode="nearest") - lightness
    stroke = covered & (depth >= STROKE)
    across, down = _runs(stroke.transpose(0, 2, 1)).transpose(0, 2, 1), _runs(stroke)
    # The height of the right triangle whose legs are the runs: exact for a straight band.
    width = np.where(stroke, across * down / np.maximum(np.hypot(across, down), 1), 1)
    area, length = stroke.sum(axis=(1, 2)), (stroke / width).sum(axis=(1, 2))
    return _over(area, length), _mean(depth, stroke)


def _runs(mask):
    """Length of the run of True down through each pixel."""

    def before(mask):
        counts = mask.astype(np.float64)
        for row in range(1, mask.shape[1]):
            counts[:, row] *= 1 + counts[:, row - 1]
        return counts

    return before(mask) + before(mask[:, ::-1])[:, ::-1] - mask


def _symmetry(lightness, covered):
    """Correlation with the mirror image; 1 for an even one, 0 where nothing is covered twice."""
    both = covered & covered[:, :, ::-1]
    centered = (lightness - _mean(lightness, both)[:, None, None]) * both
    variance = _mean(centered**2, both)
    together = _mean(centered * centered[:, :, ::-1], both)
    even = both.any(axis=(1, 2)) & (variance < 1e-6)
    return np.where(even, 1, _over(together, np.where(even, 0, variance)))
