"""Searches a picture for faces of all sizes, whichever way they lean."""

import dataclasses
import functools
import math

import numpy as np
from PIL import Image

from anime_style_tf.data.faces.face import Face
from anime_style_tf.data.faces.turning import cut, cut_square, turn

_MARGIN = 0.15  # of the shorter side, black, all around: faces at the border and close-ups
_MOST_ENLARGED = 2
_LEANS = (-60, -40, -20, 0, 20, 40, 60)  # degrees
_NEAR_LEANS = (-20, 0, 20)
_LOOK_SIDE = 2.2  # over the side of the face's box
_LOOK_SIZE = 160  # pixels


@dataclasses.dataclass(frozen=True)
class _View:
    """The picture as the detector sees it: around `center`, turned by `roll`, `scale` times."""

    center: tuple[float, float]
    roll: float
    scale: float
    pixels: np.ndarray

    def faces(self, detector, min_likelihood):
        """The faces that are seen in it, where they are in the picture."""
        faces = [face for face in detector(self.pixels) if face.likelihood >= min_likelihood]
        return [self._in_picture(face) for face in faces]

    def _in_picture(self, face):
        width, height = (length / self.scale for length in face.box[2:])
        x, y = self._point(face.center)
        return Face(
            box=(x - width / 2, y - height / 2, width, height),
            left_eye=self._point(face.left_eye),
            right_eye=self._point(face.right_eye),
            likelihood=face.likelihood,
        )

    def _point(self, point):
        height, width = self.pixels.shape[:2]
        vector = (point[0] - width / 2) / self.scale, (point[1] - height / 2) / self.scale
        x, y = turn(vector, self.roll)
        return self.center[0] + x, self.center[1] + y


def find_faces(
    picture, detector, *, min_likelihood, sides=(320, 640), rotations=(-20, 20, -40, 40)
):
    """Finds the faces in a picture: each once, the most likely first.

    The picture is searched at each of `sides`; where nothing is found, again in each of
    `rotations`. Then each face is looked at again, turned to and fro, to see how it leans.

    Args:
        picture: `PIL.Image.Image`; what is transparent is searched as black.
        detector: a `Detector`.
        min_likelihood: less certain finds are passed over, in `[0, 1]`; raising it loses faces
            and false hits.
        sides: lengths in pixels to which the picture's longer side is brought; a larger one
            finds smaller faces and takes longer. No picture is enlarged more than twice.
        rotations: degrees by which faces may lean, clockwise, that are looked for where no
            upright one is found.

    Returns:
        List of `Face`, in pixels of `picture`; equal pictures give equal lists.

    Source: our setting; benchmarks/faces.py compares it with a single call of the detector.
    """
    # A detector finds faces of a limited range of sizes, so it looks at the picture in several.
    picture = _on_black(picture)
    longest = max(picture.size)
    lengths = sorted({min(side, _MOST_ENLARGED * longest) for side in sides})
    scaled = [(length / longest, _resize(picture, length / longest)) for length in lengths]
    # Turned copies only where nothing stands upright: four of them are four times the work.
    for rolls in ((0,), tuple(rotations)):
        faces = [
            face
            for roll in rolls
            for scale, small in scaled
            for face in _whole(picture, small, scale, roll).faces(detector, min_likelihood)
        ]
        if faces:
            break
    return _distinct(
        [_judged(picture, face, detector, min_likelihood) for face in _distinct(faces)]
    )


def _whole(picture, small, scale, roll):
    """All of the picture, turned, with a margin."""
    margin = 2 * _MARGIN * min(small.size)
    (a, b), (c, d) = turn((small.width, 0), roll), turn((0, small.height), roll)
    size = tuple(round(abs(u) + abs(v) + margin) for u, v in ((a, c), (b, d)))
    center = (small.width / 2, small.height / 2)
    pixels = np.asarray(cut(small, center=center, roll=roll, size=size))
    return _View((picture.width / 2, picture.height / 2), roll, scale, pixels)


def _judged(picture, face, detector, min_likelihood):
    """Looks again at a face, turned to and fro, for its roll, place and size.

    Detectors of upright faces also find leaning ones, but place their eyes as if they leaned
    less. So first the turns at which the face is found at all: they lie evenly around upright.
    Then the eyes as seen from near upright, to both sides, so that the errors cancel.

    Source: our setting; benchmarks/faces.py measures the roll error that is left.
    """

    @functools.cache  # a face found upright is looked at twice in each of the near turns
    def seen(roll):
        side = _LOOK_SIDE * max(face.box[2:])
        turned = {"center": face.center, "roll": roll}
        square = cut_square(picture, side=side, image_size=_LOOK_SIZE, **turned)
        view = _View(scale=_LOOK_SIZE / side, pixels=np.asarray(square), **turned)
        near = [
            other
            for other in view.faces(detector, min_likelihood)
            if math.dist(other.center, face.center) < max(face.box[2:]) / 2
        ]
        return _ranked(near)[:1]

    # The turns at which it is found lie evenly around upright: their mean says how much the first
    # look was off.
    leans = [lean for lean in _LEANS if seen(face.roll + lean)]
    if not leans:
        return face
    roll = face.roll + sum(leans) / len(leans)
    # Seen from 20 degrees to either side, eyes are placed too upright, once each way.
    faces = [other for lean in _NEAR_LEANS for other in seen(roll + lean)]
    if not faces:
        return face
    deviations = [math.remainder(other.roll - roll, 360) for other in faces]
    return _median(faces, roll + float(np.median(deviations)))


def _median(faces, roll):
    """One face in place of several views of it; its eyes lie on a line turned by `roll`.

    Medians, so that a single view that is far off does not count.
    """
    eyes = np.array([(face.left_eye, face.right_eye) for face in faces])
    x, y = np.median(eyes.mean(axis=1), axis=0)
    half = np.median(np.hypot(*(eyes[:, 1] - eyes[:, 0]).T)) / 2
    across, down = turn((half, 0), roll)
    return Face(
        box=tuple(float(part) for part in np.median([face.box for face in faces], axis=0)),
        left_eye=(float(x - across), float(y - down)),
        right_eye=(float(x + across), float(y + down)),
        likelihood=max(face.likelihood for face in faces),
    )


def _ranked(faces):
    return sorted(faces, key=lambda face: (-face.likelihood, face.box))


def _distinct(faces):
    """Most likely first, without those whose box overlaps by half or more with a better one's."""
    kept = []
    for face in _ranked(faces):
        if all(_overlap(face.box, other.box) < 0.5 for other in kept):
            kept.append(face)
    return kept


def _overlap(one, other):
    """Area that two boxes share, over the area of the smaller."""
    shared = 1.0
    for axis in (0, 1):
        low = max(one[axis], other[axis])
        high = min(one[axis] + one[axis + 2], other[axis] + other[axis + 2])
        shared *= max(0.0, high - low)
    return shared / max(1e-9, min(one[2] * one[3], other[2] * other[3]))


def _on_black(picture):
    if picture.mode == "RGB":
        return picture
    picture = picture.convert("RGBA")
    black = Image.new("RGB", picture.size)
    return Image.composite(picture.convert("RGB"), black, picture.getchannel("A"))


def _resize(picture, scale):
    size = tuple(max(1, round(length * scale)) for length in picture.size)
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
