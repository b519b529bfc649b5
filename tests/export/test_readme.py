import json
import re
import shutil
import subprocess
import time

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from anime_style_tf.server.models import config_file
from anime_style_tf.serving.signatures import SIGNATURES, markdown_table
from anime_style_tf.serving.version_files import write_operating_files
from export import client
from tests.export.readme import PATH
from tests.server.serving import serving
from tests.serving.tiny_networks import STYLE

pytestmark = pytest.mark.slow

README = PATH.read_text("utf-8")


def test_the_signature_table_is_the_one_that_is_exported():
    assert markdown_table() in README


def test_the_saved_model_has_the_signatures_of_the_table(bundle):
    section = README.split("## Signatures")[1].split("\n## ")[0]
    named = re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
    loaded = tf.saved_model.load(bundle)
    assert set(named) == set(SIGNATURES) == set(loaded.signatures) - {"serving_default"}


@pytest.mark.parametrize("command", ["encode", "transfer", "generate"])
def test_the_readmes_client_commands_work(command, bundle, server, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("a.png", "b.png", "b.jpg"):
        Image.new("RGB", (9, 9), "teal").save(name)
    line = re.search(rf"^python export/client.py ({command} .*)$", README, re.MULTILINE)[1]
    line = line.replace("ARTIST", "Ann").replace("runs/demo/export/portraits/1", bundle)
    assert client.main(["--server", server, *line.split()]) == 0


@pytest.fixture
def in_a_run(cold_bundle, tmp_path, monkeypatch):
    """A folder with pictures, and with the bundle as versions 1 and 2 of a run."""
    monkeypatch.chdir(tmp_path)
    Image.new("RGB", (9, 9), "teal").save("a.png")
    for version in ("1", "2"):
        shutil.copytree(cold_bundle, f"runs/demo/export/portraits/{version}")
    write_operating_files(tmp_path / "runs" / "demo" / "export")
    return tmp_path


def bash(text):
    ended = subprocess.run(["bash", "-ec", text], capture_output=True, text=True, check=True)
    return ended.stdout


@pytest.mark.skipif(not shutil.which("curl"), reason="needs curl")
def test_the_readmes_requests_of_rest_and_grpc_are_answered_and_it_goes_back_a_version(in_a_run):
    ask, go_back = re.findall(r"```bash\n(.*?)```", README, re.DOTALL)
    with serving(read_config=config_file("runs/demo/export/models.config")) as server:
        ask = ask.replace("8501", str(server.rest_port))
        answers = bash(ask)
        assert '"state": "AVAILABLE"' in answers
        assert "anime_style_requests" in answers
        predicted = json.loads(answers[answers.rindex('{"predictions"') :])
        assert np.shape(predicted["predictions"]) == (1, STYLE)

        program = re.findall(r"```python\n(.*?)```", README, re.DOTALL)[1]
        names = {}
        exec(program.replace("8500", str(server.grpc_port)), names)
        assert names["png"].startswith(b"\x89PNG")
        assert names["answer"].model_spec.version.value == 2

        bash(go_back)
        client_of = client.Client(f"http://127.0.0.1:{server.rest_port}")
        end = time.monotonic() + 60
        while versions(client_of) != ["1"]:
            assert time.monotonic() < end
            time.sleep(0.1)


def versions(asking):
    statuses = asking._ask("")["model_version_status"]
    return [status["version"] for status in statuses if status["state"] == "AVAILABLE"]


def test_the_readmes_python_works(bundle, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("a.png", "b.png"):
        Image.new("RGB", (9, 9), "teal").save(name)
    program = re.search(r"```python\n(.*?)```", README, re.DOTALL)[1]
    names = {}
    exec(program.replace("runs/demo/export/portraits/1", bundle), names)
    assert names["png"].shape == (2,)
