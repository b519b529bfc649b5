import io
import json
import pathlib
import shutil
import socket
import subprocess
import sys
import threading

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from anime_style_tf.content_density import ContentDensity
from export.client import Client, RequestError, main

pytestmark = pytest.mark.slow

CLIENT = pathlib.Path(__file__).parents[2] / "export" / "client.py"


@pytest.fixture
def picture_files(tmp_path):
    generator = np.random.default_rng(2)
    paths = []
    for name in ("a.png", "b.jpg"):
        pixels = generator.integers(0, 256, (20, 13, 3), dtype="uint8")
        Image.fromarray(pixels).save(tmp_path / name)
        paths.append(str(tmp_path / name))
    return paths


def run(server, *arguments):
    return main(["--server", server, *map(str, arguments)])


def pixels(path):
    return np.asarray(Image.open(path)) / 255


def test_generate_writes_the_images_that_the_networks_draw(server, portraits, tmp_path):
    code = run(
        server, "generate", "--style=0.5,-1", "--content=1,0,2", "--seed=7", "--count=2",
        f"--output={tmp_path}",
    )  # fmt: skip
    assert code == 0
    live = portraits.generate(
        tf.constant([[0.5, -1.0]] * 2),
        tf.constant([[1.0, 0, 2]] * 2),
        tf.constant([7, 8], tf.int64),
    )["images"]
    for index in (0, 1):
        drawn = pixels(tmp_path / f"generated_{index}.png")
        np.testing.assert_allclose(drawn, live[index], atol=0.51 / 255)


def test_generate_can_take_an_artists_style_and_random_content(server, bundle, tmp_path):
    model_json = f"--model_json={bundle}/model.json"
    artist = ("generate", "--artist=Bo", model_json, "--content_seed=4")
    assert run(server, *artist, f"--output={tmp_path}/artist") == 0
    content = np.random.default_rng(4).standard_normal((1, 3), dtype="float32")
    (tmp_path / "content.json").write_text(json.dumps(content[0].tolist()))
    codes = ("generate", "--style=0,-1", f"--content={tmp_path}/content.json")
    assert run(server, *codes, f"--output={tmp_path}/codes") == 0
    images = [pixels(tmp_path / name / "generated_0.png") for name in ("artist", "codes")]
    np.testing.assert_array_equal(*images)


def test_random_content_lies_as_the_bundle_says_that_of_works_does(server, bundle, tmp_path):
    means = [[4.0, 0, -4], [0, 4, 4]]
    factors = [[[1, 0, 0], [0.5, 0.5, 0], [-0.2, 0.1, 0.3]], np.eye(3)]
    ContentDensity([0.3, 0.7], means, factors).save(tmp_path / "contents.json")
    shutil.copy(f"{bundle}/model.json", tmp_path)
    artist = ("--artist=Bo", f"--model_json={tmp_path}/model.json", "--content_seed=4")
    assert run(server, "generate", *artist, "--count=3", f"--output={tmp_path}/artist") == 0
    density = ContentDensity.load(tmp_path / "contents.json")
    codes = density.sample(np.random.default_rng(4), 3)
    style = json.loads((pathlib.Path(bundle) / "model.json").read_text())["artists"]["Bo"]
    expected = Client(server).generate([style] * 3, codes, range(3))
    for index, file in enumerate(expected):
        assert (tmp_path / "artist" / f"generated_{index}.png").read_bytes() == file


def test_contents_that_are_none_are_named(server, bundle, tmp_path, capsys):
    shutil.copy(f"{bundle}/model.json", tmp_path)
    (tmp_path / "contents.json").write_text('{"means": [[0, 0, 0]]}')
    model_json = f"--model_json={tmp_path}/model.json"
    assert run(server, "generate", "--artist=Bo", model_json, "--output=o") == 2
    assert "contents.json is not the contents.json of" in capsys.readouterr().err


def test_transfer_draws_one_content_in_every_style(server, portraits, picture_files, tmp_path):
    content, style = picture_files
    files = (f"--content_file={content}", f"--style_file={content}", f"--style_file={style}")
    assert run(server, "transfer", *files, f"--output={tmp_path}/out") == 0
    contents = tf.constant([pathlib.Path(content).read_bytes()] * 2)
    styles = tf.constant([pathlib.Path(path).read_bytes() for path in picture_files])
    expected = portraits.transfer_bytes(contents, styles)["png_bytes"].numpy()
    for index in (0, 1):
        drawn = pixels(tmp_path / "out" / f"transfer_{index}.png")
        reference = np.asarray(Image.open(io.BytesIO(expected[index]))) / 255
        np.testing.assert_allclose(drawn, reference, atol=1.01 / 255)


def test_encode_prints_a_json_line_for_each_file(server, portraits, picture_files, capsys):
    assert run(server, "encode", *picture_files) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["file"] for line in lines] == picture_files
    files = tf.constant([pathlib.Path(path).read_bytes() for path in picture_files])
    for kind in ("style", "content"):
        live = getattr(portraits, f"encode_{kind}_bytes")(files)[kind]
        np.testing.assert_allclose([line[kind] for line in lines], live, atol=1e-5)


def test_the_client_learns_the_code_sizes_from_the_server(server):
    assert Client(server).sizes() == {"k_S": 2, "k_C": 3}


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["generate", "--output=o"], "give either --style or --artist"),
        (["generate", "--style=x", "--output=o"], "--style is 'x'; expected numbers"),
        (["generate", "--style=1,2", "--count=0", "--output=o"], "--count is 0; expected 1"),
        (["generate", "--artist=Ann", "--output=o"], "--artist needs --model_json"),
        (["generate", "--style=1,2,3", "--content=1,2,3", "--output=o"], "answered 400"),
        (["encode", "absent.png"], "cannot read absent.png: No such file"),
        (["encode", __file__], "answered 400"),
        (["--model=other", "encode", __file__], "answered 404: Servable not found"),
        (["--server=http://127.0.0.1:1", "encode", __file__], "is the server running there?"),
    ],
)
def test_an_error_is_one_line_and_exit_code_2(arguments, complaint, server, capsys):
    assert main(["--server", server, *arguments]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert complaint in printed.err
    assert printed.err.count("\n") == 1


def test_an_unknown_artist_is_answered_with_those_that_exist(server, bundle, capsys):
    model_json = f"--model_json={bundle}/model.json"
    assert run(server, "generate", "--artist=Cy", model_json, "--output=o") == 2
    assert "no artist 'Cy'" in capsys.readouterr().err


def test_an_address_that_is_none_is_one_line(capsys, picture_files):
    assert run("foo", "encode", picture_files[0]) == 2
    assert "no usable answer from foo/" in capsys.readouterr().err


def test_a_server_that_speaks_no_json_is_refused(server):
    with pytest.raises(RequestError, match="answered 404"):
        Client(f"{server}/nowhere").sizes()


def test_the_client_loads_no_tensorflow():
    program = f"import runpy, sys; runpy.run_path({str(CLIENT)!r}); " + (
        "sys.exit(bool({'tensorflow', 'keras', 'anime_style_tf'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def _raw(body, status="200 OK", length=None):
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body) if length is None else length}\r\n\r\n"
    return head.encode() + body


ANSWERS = {
    "html": (_raw(b"<html>\n<h1>Welcome</h1></html>"), "no usable answer"),
    "nothing": (_raw(b""), "no usable answer"),
    "a list": (_raw(b"[1, 2]"), "answered what an exported bundle does not"),
    "null": (_raw(b"null"), "received null"),
    "another object": (_raw(b'{"outputs": [1]}'), 'received {"outputs": [1]}'),
    "too few answers": (_raw(b'{"predictions": []}'), 'received {"predictions": []}'),
    "text for a code": (_raw(b'{"predictions": ["x"]}'), 'received {"predictions": ["x"]}'),
    "no number": (_raw(b'{"predictions": [[NaN]]}'), 'received {"predictions": [[NaN]]}'),
    "a dictionary": (_raw(b'{"predictions": {"a": 1}}'), "answered what an exported bundle"),
    "latin letters": (_raw("{\"caf\u00e9\"".encode("latin-1")), "no usable answer"),
    "a refusal in html": (_raw(b"<h1>Bad</h1>", "502 Bad Gateway"), "answered 502: Bad Gateway"),
    "a refusal as a list": (_raw(b"[]", "500 Oops"), "answered 500: Oops"),
    "colors of a terminal": (
        _raw(b'{"error": "\\u001b[2J\\ud800"}', "400 Bad"), "400: \\x1b[2J\\ud800",
    ),
    "half an answer": (_raw(b'{"pre', length=99), "no usable answer"),
    "half a refusal": (_raw(b'{"err', "503 Busy", 99), "answered 503: Busy"),
    "another protocol": (b"SSH-2.0-OpenSSH\r\n", "no usable answer"),
    "a closed line": (b"", "no usable answer"),
}  # fmt: skip


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_every_shape_of_answer_is_one_line(answer, capsys, picture_files):
    raw, complaint = answer
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve():
            connection, _ = listening.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(raw)

        serving = threading.Thread(target=serve)
        serving.start()
        port = listening.getsockname()[1]
        assert run(f"http://127.0.0.1:{port}", "encode", picture_files[0]) == 2
        serving.join()
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("error: ")
    assert printed.err.count("\n") == 1
    assert complaint in printed.err


def test_a_server_that_is_silent_is_not_waited_for(picture_files):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        client = Client(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout_seconds=0.2)
        with pytest.raises(RequestError, match=r"no usable answer .*timed out"):
            client.sizes()


@pytest.mark.parametrize("content", ["[]", "{", '{"artists": [1]}', '{"artists": {"Ann": "x"}}'])
def test_a_wrong_file_of_artists_is_named(content, tmp_path, capsys):
    (tmp_path / "model.json").write_text(content)
    words = ["generate", "--artist=Ann", f"--model_json={tmp_path / 'model.json'}", "--output=o"]
    assert main(words) == 2
    assert "is not the model.json of an exported model" in capsys.readouterr().err


@pytest.mark.parametrize("content", ["{}", "[[1, 2]]", '["x"]', "[NaN]", "[]"])
def test_a_wrong_file_of_a_code_is_named(content, tmp_path, capsys):
    (tmp_path / "code.json").write_text(content)
    assert main(["generate", f"--style={tmp_path / 'code.json'}", "--output=o"]) == 2
    assert "expected numbers separated by commas" in capsys.readouterr().err


def test_a_terminal_of_few_letters_gets_the_others_escaped(server, portraits, picture_files):
    path = pathlib.Path(picture_files[0])
    path.rename(path.with_name("\u5c71\u7530.png"))
    ended = subprocess.run(
        [sys.executable, CLIENT, "--server", server, "transfer", "--content_file", picture_files[1],
         "--style_file", path.with_name("\u5c71\u7530.png"), "--output", path.with_name("\u5c71")],
        env={"PYTHONIOENCODING": "latin-1"}, capture_output=True, check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert ended.stdout.decode("latin-1").endswith("\\u5c71/transfer_0.png\n")
