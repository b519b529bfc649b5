"""A folder of painted portraits by named artists, from Debian's `wesnoth-1.16-data`.

License: GPL-2+; for measuring only.

    apt-get download wesnoth-1.16-data && dpkg-deb -x wesnoth-1.16-data_*.deb build/wesnoth
    python -m benchmarks.wesnoth_folder --package=build/wesnoth --output=build/portraits
"""

import pathlib

from absl import flags
from PIL import Image

from anime_style_tf.errors import InputError
from anime_style_tf.terminal.tool import run_tool
from benchmarks.wesnoth_painters import EXCEPT, PAINTED, PORTRAITS, family

_PACKAGE = flags.DEFINE_string("package", None, "The unpacked Debian package.", required=True)
_OUTPUT = flags.DEFINE_string("output", None, "Folder that does not exist yet.", required=True)
_SIZE = flags.DEFINE_integer("size", 128, "Width and height of the portraits, pixels.", 16, 2048)


def painted_by(root):
    """Files of each painter.

    Args:
        root: folder of the portraits.

    Returns:
        Dictionary from names to sorted paths.

    Raises:
        InputError: a pattern that no file answers to, as in another version of the game.
    """
    files = {}
    for artist, patterns in PAINTED.items():
        taken = set()
        for pattern in patterns.split():
            matching = set(root.glob(f"{pattern}.png"))
            if not matching:
                raise InputError(
                    f"--package: expected the portraits of wesnoth-1.16-data, found no "
                    f"{root / pattern}.png: unpack that package"
                )
            taken |= matching
        files[artist] = sorted(file for file in taken if _name(file, root) not in EXCEPT)
    return files


def _name(file, root):
    return str(file.relative_to(root).with_suffix(""))


def on_white(image, size):
    """The portrait on a white square of `size` pixels."""
    image = image.convert("RGBA")
    side = max(image.size)
    page = Image.new("RGBA", (side, side), "white")
    page.alpha_composite(image, ((side - image.width) // 2, (side - image.height) // 2))
    return page.convert("RGB").resize((size, size), Image.Resampling.LANCZOS)


def main():
    """Writes the folder, and says how many portraits each painter has in it."""
    root, output = pathlib.Path(_PACKAGE.value) / PORTRAITS, pathlib.Path(_OUTPUT.value)
    if output.exists():
        raise InputError(f"--output: {output} is there already: name another folder")
    for artist, files in painted_by(root).items():
        folder = output / artist
        folder.mkdir(parents=True)
        for file in files:
            name = _name(file, root)
            # The family is what stands before two hyphens: `benchmarks.collections` reads it so.
            portrait = f"{family(name)}--{name.partition('/')[2]}.png"
            on_white(Image.open(file), _SIZE.value).save(folder / portrait)
        print(f"{artist}: {len(files)}")


if __name__ == "__main__":
    run_tool(main)
