"""Renders one artwork: reads it, finds the faces, makes portraits of them."""

import dataclasses
import functools
import hashlib
import importlib.metadata
import json
import math

from anime_style_tf.data.artwork import Artwork, DamagedArtworkError
from anime_style_tf.data.faces import DETECTORS
from anime_style_tf.data.faces.align import align
from anime_style_tf.data.faces.search import find_faces
from anime_style_tf.data.near_duplicates.leaders import fingerprint
from anime_style_tf.data.opt_outs import ON_THE_LIST
from anime_style_tf.data.pictures import encode_png, fit_square
from anime_style_tf.data.verdicts import NO_FACE, REJECTED, TOO_SMALL, UNREADABLE
from anime_style_tf.errors import InputError

NO_DETECTOR = "none"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything besides the artwork that decides how its portraits look.

    Args:
        image_size: height and width of a portrait in pixels.
        max_pixels: larger pictures are refused undecoded; raising it admits larger scans and
            takes more memory in each process.
        min_side: portraits cut from fewer pixels than this on the longer side are too small;
            None takes a quarter of `image_size`.
        detector: a key of `DETECTORS`, or `none` where every picture is a portrait already.
        min_likelihood: less certain faces are passed over, in `[0, 1]`; raising it loses faces
            and false hits.
        crop_scale: side of a portrait over that of the face's box; raising it shows more hair
            and shoulders.

    Raises:
        InputError: a value out of its range, or a detector that is not known.

    Source: `docs/method.md` section 1 (detector, rotation, padding: the paper; numbers: ours).
    """

    image_size: int = 64
    max_pixels: int = 64_000_000
    min_side: int | None = None
    detector: str = NO_DETECTOR
    min_likelihood: float = 0.9
    crop_scale: float = 1.75

    def __post_init__(self):
        """Checks the values."""
        least = {"image_size": 1, "max_pixels": 1, "min_side": 0, "min_likelihood": 0}
        for name, value in least.items():
            received = getattr(self, name)
            if received is not None and not received >= value:  # so that NaN is refused, too
                raise InputError(f"{name}: expected at least {value}, received {received}")
        if not 0 < self.crop_scale < math.inf:
            raise InputError(
                f"crop_scale: expected more than 0, and finite, received {self.crop_scale}"
            )
        if self.detector not in (NO_DETECTOR, *DETECTORS):
            raise InputError(
                f"detector: expected one of {', '.join((NO_DETECTOR, *DETECTORS))}, received "
                f"{self.detector!r}"
            )

    def description(self):
        """Returns all that decides the pixels as a dict of JSON values, versions included."""
        packages = ("pillow", *(() if self.detector == NO_DETECTOR else ["animeface"]))
        versions = {package: importlib.metadata.version(package) for package in packages}
        return {**dataclasses.asdict(self), "packages": versions}


@dataclasses.dataclass(frozen=True)
class Portrait:
    """One portrait, encoded.

    Args:
        image_png: PNG, sRGB, black where nothing is drawn.
        coverage_png: PNG, one channel, 255 = drawn, 0 = padding.
        face: JSON object: where in the picture it was found; `{}` without a detector.
        fingerprint: see `near_duplicates.leaders`.
    """

    image_png: bytes
    coverage_png: bytes
    face: str
    fingerprint: bytes


@dataclasses.dataclass(frozen=True)
class Rendered:
    """An artwork after rendering: portraits, or the verdict that there are none.

    Args:
        artwork: what was rendered.
        stamp: its stamp before it was read.
        sha256: of its bytes, hexadecimal; None if they could not be read.
        size: number of bytes; None likewise.
        pixels: width times height of the picture as it lies in the file; None if it was not
            decoded.
        factors: JSON object of what is known about the content.
        faces: number found; None where no detector looked.
        portraits: the portraits.
        verdict: why there are none, one of `VERDICTS`; None if there are.
        reason: the verdict's detail, one line.
    """

    artwork: Artwork
    stamp: str
    sha256: str | None = None
    size: int | None = None
    pixels: int | None = None
    factors: str = "{}"
    faces: int | None = None
    portraits: tuple[Portrait, ...] = ()
    verdict: str | None = None
    reason: str = ""


def render(artwork, settings, forbidden=frozenset()):
    """Renders one artwork in this process; what is wrong with it is in the result.

    Args:
        artwork: an `Artwork`.
        settings: a `Settings`.
        forbidden: SHA-256 of files never to be decoded, hexadecimal.

    Returns:
        A `Rendered`, the same whenever and wherever it is made.
    """
    done = Rendered(artwork, artwork.stamp())
    if artwork.rejection is not None:
        return dataclasses.replace(done, verdict=REJECTED, reason=artwork.rejection)
    try:
        data, factors = artwork.read()
        done = dataclasses.replace(
            done,
            sha256=hashlib.sha256(data).hexdigest(),
            size=len(data),
            factors=json.dumps(factors, sort_keys=True),
        )
        if done.sha256 in forbidden:
            return dataclasses.replace(done, verdict=REJECTED, reason=ON_THE_LIST)
        return _with_portraits(done, data, settings)
    except DamagedArtworkError as error:
        reason = " ".join(str(error).split())
    except MemoryError:
        reason = "not enough memory to decode it"
    return dataclasses.replace(done, verdict=UNREADABLE, reason=reason)


def _with_portraits(done, data, settings):
    whole = settings.detector == NO_DETECTOR
    picture = done.artwork.decode(
        data,
        image_size=settings.image_size if whole else None,
        max_pixels=settings.max_pixels,
    )
    done = dataclasses.replace(done, pixels=math.prod(picture.info.get("full_size", picture.size)))
    least = settings.image_size / 4 if settings.min_side is None else settings.min_side
    if whole:
        if max(picture.size) < least:
            reason = f"{picture.width} x {picture.height} pixels, expected a side of {least:g}"
            return dataclasses.replace(done, verdict=TOO_SMALL, reason=reason)
        portrait = _portrait(*fit_square(picture, settings.image_size), "{}")
        return dataclasses.replace(done, portraits=(portrait,))
    detector = make_detector(settings.detector)
    faces = find_faces(picture, detector, min_likelihood=settings.min_likelihood)
    done = dataclasses.replace(done, faces=len(faces))
    if not faces:
        return dataclasses.replace(done, verdict=NO_FACE)
    large = [face for face in faces if settings.crop_scale * max(face.box[2:]) >= least]
    if not large:
        side = settings.crop_scale * max(max(face.box[2:]) for face in faces)
        reason = f"a crop of {side:.0f} pixels, expected {least:g}"
        return dataclasses.replace(done, verdict=TOO_SMALL, reason=reason)
    crop = functools.partial(
        align, picture, crop_scale=settings.crop_scale, image_size=settings.image_size
    )
    portraits = tuple(
        _portrait(*crop(face), _describe(face, number)) for number, face in enumerate(large)
    )
    return dataclasses.replace(done, portraits=portraits)


def _portrait(image, coverage, face):
    if not coverage.any():
        raise DamagedArtworkError("nothing is drawn: all of it is transparent")
    return Portrait(
        image_png=encode_png(image),
        coverage_png=encode_png(coverage),
        face=face,
        fingerprint=fingerprint(image, coverage),
    )


def _describe(face, number):
    rounded = {
        name: [round(part, 1) for part in value] if isinstance(value, tuple) else round(value, 4)
        for name, value in dataclasses.asdict(face).items()
    }
    return json.dumps({"number": number, **rounded}, sort_keys=True)


@functools.cache
def make_detector(name):
    """Makes a detector, once in each process; detectors test themselves when they are made.

    Args:
        name: a key of `DETECTORS`.

    Raises:
        InputError: it is not installed, or does not work.
    """
    return DETECTORS[name]()
