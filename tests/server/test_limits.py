import base64
import io
import socket
import struct
import time
import zlib

import httpx
import numpy as np
import pytest
from PIL import Image

from anime_style_tf.server.limits import Limits, check_picture
from anime_style_tf.server.refusals import Refusal
from tests.server.serving import serving


def bomb(side=60_000, *more):
    """A PNG of a few hundred bytes that says it has `side` x `side` pixels."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), *more, (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def picture(kind, side=20):
    file = io.BytesIO()
    Image.fromarray(np.zeros((side, side, 3), "uint8")).save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "WEBP"])
def test_a_picture_is_refused_by_its_header_if_it_has_too_many_pixels(kind):
    check_picture(picture(kind), 400)
    with pytest.raises(Refusal, match="at most 399 pixels, received 20 x 20"):
        check_picture(picture(kind), 399)


@pytest.mark.parametrize("side", [10_000, 13_000, 60_000])
def test_a_bomb_is_refused_whatever_the_reader_of_headers_thinks_of_it(side):
    with pytest.raises(Refusal, match="at most 16000000 pixels"):
        check_picture(bomb(side), Limits().pixels)


def test_a_chunk_that_stops_the_reader_of_headers_hides_no_bomb():
    text = zlib.compress(bytes(100 * 2**20))
    with pytest.raises(Refusal, match="received 60000 x 60000"):
        check_picture(bomb(60_000, (b"zTXt", b"note\0\0" + text)), Limits().pixels)


@pytest.mark.parametrize("file", [b"", b"no picture", b"\x89PNG\r\n\x1a\n", b"BM" + bytes(60)])
def test_what_is_no_picture_is_left_to_the_model(file):
    check_picture(file, 1)


@pytest.fixture(scope="module")
def narrow(toy):
    limits = Limits(body_bytes=1000, body_seconds=0.5, pixels=1000, connections=20)
    with serving(toy, name="half", grpc_port=None, limits=limits) as server:
        yield server


def connect(server):
    return socket.create_connection(("127.0.0.1", server.rest_port), timeout=20)


HEAD = b"POST /v1/models/half:predict HTTP/1.1\r\nHost: localhost\r\n"


def test_a_body_that_says_it_is_huge_is_refused_before_it_is_sent(narrow):
    with connect(narrow) as connection:
        connection.sendall(HEAD + b"Content-Length: 99999999999\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 413 ")


def test_a_body_without_an_end_is_refused_when_it_is_too_long(narrow):
    with connect(narrow) as connection:
        connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        for _ in range(3):
            connection.sendall(b"1f4\r\n" + b" " * 500 + b"\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 413 ")


def test_a_body_that_does_not_come_is_not_waited_for(narrow):
    with connect(narrow) as connection:
        started = time.monotonic()
        connection.sendall(HEAD + b"Content-Length: 100\r\n\r\n{")
        assert connection.recv(100).startswith(b"HTTP/1.1 408 ")
        assert 0.4 < time.monotonic() - started < 10


def test_a_head_that_does_not_come_closes_the_connection(narrow):
    with connect(narrow) as connection:
        connection.sendall(b"POST /v1/mod")
        assert connection.recv(100) == b""


def test_a_bomb_in_a_request_is_refused_and_the_server_answers_on(narrow):
    url = f"http://127.0.0.1:{narrow.rest_port}/v1/models/half:predict"
    file = {"b64": base64.b64encode(bomb()).decode()}
    answer = httpx.post(url, json={"signature_name": "echo", "instances": [file]})
    assert answer.status_code == 400
    assert "at most 1000 pixels" in answer.json()["error"]
    assert httpx.post(url, json={"instances": [1]}).json() == {"predictions": [3.5]}


def test_more_connections_than_may_be_open_are_told_to_wait(narrow):
    held = [connect(narrow) for _ in range(25)]
    try:
        held[-1].sendall(b"GET /v1/models/half HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert held[-1].recv(100).startswith(b"HTTP/1.1 503 ")
    finally:
        for connection in held:
            connection.close()
