import re
import shlex
import shutil

import numpy as np
import pytest
from PIL import Image

from tests.calls import call
from tests.conventions.sources import ROOT

README = (ROOT / "tfrecords" / "README.md").read_text("utf-8")
BLOCK = re.compile(r"(<!-- not run by a test: .*? -->\n)?^```\n(.*?)^```", re.MULTILINE | re.DOTALL)


def typed_commands():
    """Words of every command of the document, the script first, and whether it is marked."""
    for mark, block in BLOCK.findall(README):
        for line in block.splitlines():
            if line.startswith(".venv/bin/python "):
                yield bool(mark), shlex.split(line)[1:]


def save_pictures(folder, count):
    random = np.random.default_rng(0)
    for artist in ("ann", "bob"):
        (folder / artist).mkdir(parents=True)
        for number in range(count):
            pixels = random.integers(0, 256, (16, 16, 3), np.uint8)
            Image.fromarray(pixels).save(folder / artist / f"{number}.png")


@pytest.mark.slow
def test_every_command_that_is_not_marked_works(tmp_path):
    save_pictures(tmp_path / "portraits", 50)
    commands = [words for marked, words in typed_commands() if not marked]
    assert len(commands) == 6
    save_pictures(tmp_path / "other", 51)
    commands.insert(0, ["tfrecords/convert.py", "--input=other", "--output=records/monday"])
    for script, *words in commands:
        code, output, errors = call(ROOT / script, *words, folder=tmp_path)
        assert code == ("diff" in script), output + errors
    assert len(list((tmp_path / "portraits-again").glob("*/*.png"))) == 100
    shutil.rmtree(tmp_path / "records")


def test_a_contents_list_names_every_section():
    sections = re.findall(r"^##+ (.*)$", README, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in sections}
    contents = README.split("\n## ")[0]
    assert {link for link in re.findall(r"\]\(#([^)]*)\)", contents)} == anchors


def test_every_flag_that_is_named_exists_in_some_tool():
    commands = (ROOT / "anime_style_tf" / "commands").glob("*.py")
    sources = "".join(path.read_text("utf-8") for path in commands)
    defined = set(re.findall(r'flags\.DEFINE_\w+\(\s*"(\w+)"', sources))
    named = set(re.findall(r"--(?:no(?=duplicates|pixels))?(\w+)", README))
    assert named <= defined | {"help"}
