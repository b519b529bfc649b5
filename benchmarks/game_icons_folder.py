"""A folder of white shapes on black by named artists: github.com/game-icons/icons.

Every icon is under CC BY 3.0 or CC0, and the folder that it lies in is its artist. There is no
color in it: what tells artists apart are lines and shapes alone.

    git clone https://github.com/game-icons/icons build/game-icons
    python -m benchmarks.game_icons_folder --checkout=build/game-icons --output=build/icons
"""

import io
import pathlib
import random

import resvg_py
from absl import flags
from PIL import Image

from anime_style_tf.errors import InputError
from anime_style_tf.terminal.tool import run_tool

_CHECKOUT = flags.DEFINE_string("checkout", None, "Of the icons.", required=True)
_OUTPUT = flags.DEFINE_string("output", None, "Folder that does not exist yet.", required=True)
_SIZE = flags.DEFINE_integer("size", 64, "Width and height of the icons, pixels.", 16, 2048)
_LEAST = flags.DEFINE_integer("least", 50, "Of artists with fewer icons only a few are taken.", 1)
_MOST = flags.DEFINE_integer("most", 150, "Icons taken of one artist, at random.", 1)

# Of artists with fewer than `--least`: enough to be asked about, too few to be known.
FEWEST, FEW = 7, 19


def drawn(path, size):
    """The icon as an RGB square of `size` pixels, whatever is transparent in black."""
    png = resvg_py.svg_to_bytes(svg_path=str(path), width=4 * size)
    image = Image.open(io.BytesIO(png)).convert("RGBA")
    page = Image.new("RGBA", image.size, "black")
    page.alpha_composite(image)
    return page.convert("RGB").resize((size, size), Image.Resampling.LANCZOS)


def subject(name):
    """What an icon shows, the last word of its name: an axe is drawn in a dozen ways."""
    return name.rpartition("-")[2]


def main():
    """Writes the folder, and says how many icons each artist has in it."""
    checkout, output = pathlib.Path(_CHECKOUT.value), pathlib.Path(_OUTPUT.value)
    if output.exists():
        raise InputError(f"--output: {output} is there already: name another folder")
    icons = {each.name: sorted(each.glob("*.svg")) for each in sorted(checkout.glob("*"))}
    if max(map(len, icons.values()), default=0) < _LEAST.value:
        raise InputError(
            f"--checkout: expected folders with {_LEAST.value} icons or more in {checkout}, "
            "received none: see the top of benchmarks/game_icons_folder.py"
        )
    for artist, paths in icons.items():
        if len(paths) < FEWEST:
            continue
        folder = output / artist
        folder.mkdir(parents=True)
        most = _MOST.value if len(paths) >= _LEAST.value else FEW
        paths = random.Random(artist).sample(paths, min(most, len(paths)))
        for path in paths:
            # The family is what stands before two hyphens: `benchmarks.collections` reads it so.
            name = f"{subject(path.stem)}--{path.stem}.png"
            drawn(path, _SIZE.value).save(folder / name)
        print(f"{len(paths):4}  {artist}")


if __name__ == "__main__":
    run_tool(main)
