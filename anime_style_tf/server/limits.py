"""What one request, and all of them together, may take."""

import asyncio
import dataclasses
import io
import struct
import warnings

from PIL import Image, UnidentifiedImageError

from anime_style_tf.data.png_chunks import SIGNATURE
from anime_style_tf.server.refusals import Refusal


@dataclasses.dataclass(frozen=True, kw_only=True)
class Limits:
    """What requests may take.

    Attributes:
        batch_rows: rows that are computed together at most; a longer request is cut.
        batch_wait_seconds: how long a request waits for others to be computed with. At 0 those
            that come while others are computed are still put together.
        waiting_rows: rows accepted and not yet answered, of all requests; more are refused.
        request_seconds: until a request must be answered.
        body_seconds: until a request, its head included, must have arrived.
        body_bytes: size of a request.
        pixels: of one picture in it.
        connections: open at once, over REST.
        threads: batches computed at once.
    """

    batch_rows: int = 32
    batch_wait_seconds: float = 0.0
    waiting_rows: int = 512
    request_seconds: float = 30.0
    body_seconds: float = 20.0
    body_bytes: int = 32 * 2**20
    pixels: int = 16_000_000
    connections: int = 256
    threads: int = 2


async def read_body(request, limits):
    """Returns the body of a `starlette.requests.Request`.

    Raises:
        Refusal: larger, or slower to arrive, than the limits admit.
    """
    declared = request.headers.get("content-length", "0")
    if not declared.isdecimal() or int(declared) > limits.body_bytes:
        raise _too_large(declared, limits)
    parts, size = [], 0
    try:
        async with asyncio.timeout(limits.body_seconds):
            async for part in request.stream():
                size += len(part)
                if size > limits.body_bytes:
                    raise _too_large(f"more than {limits.body_bytes}", limits)
                parts.append(part)
    except TimeoutError as error:
        raise Refusal(
            "DEADLINE_EXCEEDED",
            f"the request took more than {limits.body_seconds:g} seconds to arrive: send it again "
            "over a faster line, or a smaller one",
            http_status=408,
        ) from error
    return b"".join(parts)


def check_picture(file, pixels):
    """Refuses a picture by what its header says, before anything decodes it.

    Args:
        file: `bytes`; what is no picture is left to the model to refuse.
        pixels: how many it may have.

    Raises:
        Refusal: it has more.
    """
    try:
        width, height = _size(file)
    except Image.DecompressionBombError as error:
        raise _too_many_pixels("far more", pixels) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, struct.error):
        return
    if width * height > pixels:
        raise _too_many_pixels(f"{width} x {height}", pixels)


def _size(file):
    if file.startswith(SIGNATURE):  # Pillow reads further, and may stop at a chunk of text
        return struct.unpack(">II", file[16:24])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        with Image.open(io.BytesIO(file), formats=("JPEG", "GIF", "BMP", "WEBP")) as picture:
            return picture.size


def _too_large(received, limits):
    return Refusal(
        "RESOURCE_EXHAUSTED",
        f"a request has at most {limits.body_bytes} bytes, received {received}: send fewer "
        "pictures at once",
        http_status=413,
    )


def _too_many_pixels(received, pixels):
    return Refusal(
        "INVALID_ARGUMENT",
        f"a picture has at most {pixels} pixels, received {received}: make it smaller",
    )
