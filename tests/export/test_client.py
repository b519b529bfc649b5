import io
import json
import pathlib
import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from export.client import Client, RequestError, main

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
