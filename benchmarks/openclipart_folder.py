"""A folder of real drawings by named artists, one folder each, from Debian's `openclipart-svg`.

Every drawing of that package names its author and is in the public domain. What comes out is what
a user of this project has: a few works by each of some dozen artists, of one kind of subject.

    apt-get download openclipart-svg && dpkg-deb -x openclipart-svg_*.deb build/openclipart
    python -m benchmarks.openclipart_folder --package=build/openclipart --output=build/clipart
"""

import collections
import io
import pathlib
import random
import re
import xml.etree.ElementTree as ET

import resvg_py
from absl import flags
from PIL import Image, ImageChops, ImageOps

from anime_style_tf.errors import InputError
from anime_style_tf.terminal.tool import run_tool

_PACKAGE = flags.DEFINE_string("package", None, "The unpacked Debian package.", required=True)
_OUTPUT = flags.DEFINE_string("output", None, "Folder that does not exist yet.", required=True)
_SIZE = flags.DEFINE_integer("size", 128, "Width and height of the drawings, pixels.", 16, 2048)
_LEAST = flags.DEFINE_integer("least", 10, "Artists with fewer drawings are left out.", 1)
_MOST = flags.DEFINE_integer("most", 30, "Drawings taken of one artist, at random.", 1)
_SUBJECTS = flags.DEFINE_list(
    "subjects", ["people", "animals", "food", "plants", "transportation"], "Top folders to read."
)

DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"


def author(root):
    """The name in `dc:creator`, without an address behind it; empty where there is none."""
    creator = next(root.iter(f"{DUBLIN_CORE}creator"), None)
    if creator is None:
        return ""
    title = next(creator.iter(f"{DUBLIN_CORE}title"), creator)
    name = re.sub(r"[(\[<][^)\]>]*@[^)\]>]*[)\]>]", "", title.text or "")
    return " ".join(name.replace("/", " ").split())


def drawn(path, size):
    """The drawing on a white square, or None where the renderer refuses it or leaves it empty."""
    try:
        # Pages are often measured in millimeters, which have no size at the default of 0 dpi.
        png = resvg_py.svg_to_bytes(svg_path=str(path), width=4 * size, dpi=96)
    except ValueError:
        return None
    image = Image.open(io.BytesIO(png)).convert("RGBA")
    page = Image.new("RGBA", image.size, "white")
    page.alpha_composite(image)
    page = page.convert("RGB")
    # Many drawings are a corner of a page of A4.
    box = ImageChops.difference(page, Image.new("RGB", page.size, "white")).getbbox()
    if box is None:
        return None
    cut = ImageOps.contain(page.crop(box), (size, size), Image.Resampling.LANCZOS)
    return ImageOps.pad(cut, (size, size), color="white")


def main():
    """Writes the folder and says what it holds."""
    svg = pathlib.Path(_PACKAGE.value) / "usr" / "share" / "openclipart" / "svg"
    if not svg.is_dir():
        raise InputError(
            f"--package: expected the unpacked openclipart-svg, with {svg}; received "
            f"{_PACKAGE.value}: see the top of benchmarks/openclipart_folder.py."
        )
    output = pathlib.Path(_OUTPUT.value)
    if output.exists():
        raise InputError(f"--output: {output} exists already: name another folder.")
    works = collections.defaultdict(list)
    for path in sorted(svg.rglob("*.svg")):
        if path.relative_to(svg).parts[0] in _SUBJECTS.value:
            works[author(ET.parse(path).getroot())].append(path)
    works.pop("", None)
    empty = 0
    for name, paths in sorted(works.items()):
        if len(paths) < _LEAST.value:
            continue
        kept = []
        # In a random order, so that one series of drawings does not fill an artist's folder.
        for path in random.Random(name).sample(paths, len(paths)):
            if len(kept) == _MOST.value:
                break
            image = drawn(path, _SIZE.value)
            if image is None:
                empty += 1
            else:
                kept.append((path, image))
        if len(kept) >= _LEAST.value:
            folder = output / name
            folder.mkdir(parents=True)
            for path, image in kept:
                parts = path.relative_to(svg).with_suffix("").parts
                image.save(folder / f"{'-'.join(parts)}.png")
            print(f"{len(kept):4}  {name}")
    print(f"{empty} drawings left out: the renderer refuses them or leaves them empty.")


if __name__ == "__main__":
    run_tool(main)
