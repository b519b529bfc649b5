"""The folder of painters, from a made-up package with one file for every name."""

import numpy as np
from PIL import Image

from benchmarks import wesnoth_painters
from tests.benchmarks.commands import run


def test_each_painter_gets_the_portraits_of_the_list_on_white(tmp_path):
    root = tmp_path / "package" / wesnoth_painters.PORTRAITS
    for patterns in wesnoth_painters.PAINTED.values():
        for pattern in patterns.split():
            file = root / f"{pattern.replace('*', '+female')}.png"
            file.parent.mkdir(parents=True, exist_ok=True)
            Image.new("RGBA", (20, 30), (255, 0, 0, 128)).save(file)
    Image.new("RGBA", (4, 4)).save(root / "elves" / "scout.png")
    output = tmp_path / "portraits"
    words = (f"--package={tmp_path / 'package'}", f"--output={output}", "--size=30")
    assert "Philip Barber: 10" in run("wesnoth_folder", *words).stdout
    names = {path.name for path in (output / "Kathrin Polikeit").iterdir()}
    assert "humans-mage--mage+female.png" in names
    assert not any("scout" in name for name in names)
    portrait = np.asarray(Image.open(output / "Philip Barber" / "drakes-burner--burner.png"))
    assert portrait.shape == (30, 30, 3)
    np.testing.assert_array_equal(portrait[15, 1], [255, 255, 255])
    np.testing.assert_allclose(portrait[15, 15], [255, 127, 127], atol=1)
    again = run("wesnoth_folder", *words, code=2).stderr
    assert again.startswith(f"error: --output: {output} is there already")


def test_portraits_of_one_figure_are_one_family():
    families = {wesnoth_painters.family(name) for name in ("humans/mage-red+female", "humans/mage")}
    assert families == {"humans-mage"}
