import re

import pytest
import tensorflow as tf
from PIL import Image

from anime_style_tf.serving.signatures import SIGNATURES, markdown_table
from export import client
from tests.export.readme import PATH

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


def test_the_readmes_python_works(bundle, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("a.png", "b.png"):
        Image.new("RGB", (9, 9), "teal").save(name)
    program = re.search(r"```python\n(.*?)```", README, re.DOTALL)[1]
    names = {}
    exec(program.replace("runs/demo/export/portraits/1", bundle), names)
    assert names["png"].shape == (2,)
