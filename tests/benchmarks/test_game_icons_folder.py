"""The folder of icons, from a made-up checkout of a few."""

import collections

import numpy as np
import pytest
from PIL import Image

from tests.benchmarks.commands import run

pytest.importorskip("resvg_py")

ICON = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512"><path d="M0 0h512v512H0z"/>
<path fill="#fff" d="M0 0h256v512H0z"/></svg>"""


@pytest.fixture
def checkout(tmp_path):
    for artist, count in (("ann", 24), ("bo", 21), ("cy", 6)):
        (tmp_path / "icons" / artist).mkdir(parents=True)
        for number in range(count):
            (tmp_path / "icons" / artist / f"{number}-fire-axe.svg").write_text(ICON)
    (tmp_path / "icons" / "README.md").write_text("icons")
    return tmp_path / "icons"


def test_artists_get_a_folder_of_squares_named_by_what_they_show(checkout, tmp_path):
    output = tmp_path / "folder"
    words = (f"--checkout={checkout}", f"--output={output}", "--least=24", "--most=23", "--size=32")
    ended = run("game_icons_folder", *words)
    written = [path.relative_to(output) for path in output.rglob("*.png")]
    # Of bo, who has too few, only some, that nothing is trained on; of cy none.
    assert collections.Counter(path.parts[0] for path in written) == {"ann": 23, "bo": 19}
    assert ended.stdout == "  23  ann\n  19  bo\n"
    assert {path.name.partition("--")[0] for path in written} == {"axe"}
    pixels = np.asarray(Image.open(output / written[0]), int)
    assert pixels.shape == (32, 32, 3)
    assert (pixels[:, :14] > 250).all()  # the left half is white; the edge blends
    assert (pixels[:, 18:] < 5).all()


def test_a_folder_without_icons_is_refused_in_one_line(tmp_path):
    words = (f"--checkout={tmp_path}", f"--output={tmp_path / 'folder'}")
    ended = run("game_icons_folder", *words, code=2)
    assert ended.stderr.startswith("error: --checkout: expected folders with 50 icons or more in ")
    assert ended.stderr.count("\n") == 1
