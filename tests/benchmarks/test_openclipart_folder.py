"""The folder of named artists, from a made-up package of a few drawings."""

import numpy as np
import pytest
from PIL import Image

from tests.benchmarks.commands import run

pytest.importorskip("resvg_py")

SVG = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:cc="http://web.resource.org/cc/" width="210mm" height="297mm" viewBox="0 0 210 297">
<metadata><dc:creator><cc:Agent><dc:title>{author}</dc:title></cc:Agent></dc:creator></metadata>
{shape}</svg>"""
RED = '<rect x="10" y="10" width="40" height="20" fill="#f00"/>'


@pytest.fixture
def package(tmp_path):
    folder = tmp_path / "package" / "usr" / "share" / "openclipart" / "svg"
    (folder / "people" / "hats").mkdir(parents=True)
    (folder / "logos").mkdir()
    works = {
        "people/a": ("Ann (ann@example.org)", RED),
        "people/hats/a": ("Ann", RED),
        "people/empty": ("Ann", ""),
        "people/b": ("Bo", RED),
        "logos/c": ("Ann", RED),
    }
    for name, (author, shape) in works.items():
        (folder / f"{name}.svg").write_text(SVG.format(author=author, shape=shape))
    return tmp_path / "package"


def test_artists_with_enough_drawings_get_a_folder_of_squares(package, tmp_path):
    output = tmp_path / "clipart"
    words = (f"--package={package}", f"--output={output}", "--least=2", "--size=32")
    ended = run("openclipart_folder", *words)
    written = sorted(str(path.relative_to(output)) for path in output.rglob("*.png"))
    assert written == ["Ann/people-a.png", "Ann/people-hats-a.png"]
    assert "   2  Ann" in ended.stdout
    assert "1 drawings left out" in ended.stdout
    # 40 x 20 units become 32 x 16 pixels, cut out of the page and put in the middle; edges blend.
    pixels = np.asarray(Image.open(output / "Ann" / "people-a.png"), int)
    red = np.abs(pixels - (255, 0, 0)).max(axis=-1) < 40
    assert red[10:22, 2:-2].all()
    assert not red[:7].any()
    assert not red[25:].any()


def test_another_folder_is_refused_in_one_line(tmp_path):
    words = (f"--package={tmp_path}", f"--output={tmp_path / 'clipart'}")
    ended = run("openclipart_folder", *words, code=2)
    assert ended.stderr.startswith("error: --package: expected the unpacked openclipart-svg")
    assert ended.stderr.count("\n") == 1
