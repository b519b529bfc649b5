"""Draws again the face that the package ships to test its detector with.

python -m benchmarks.self_test_drawing
"""

from PIL import Image, PngImagePlugin

from anime_style_tf.data.faces.animeface import SELF_TEST
from anime_style_tf.terminal.tool import run_tool
from benchmarks.command import define_output
from benchmarks.face_drawings import DEFAULT, render, svg

_OUTPUT = define_output(str(SELF_TEST), "The drawing, PNG; replaced.")

SIZE = 192  # pixels


def self_test_drawing():
    """The face, RGB."""
    size, center = (SIZE, SIZE), (SIZE / 2, SIZE / 2)
    face = render(svg(DEFAULT), size=size, side=SIZE, center=center, roll=0)
    return Image.alpha_composite(Image.new("RGBA", size, "#f4f1ec"), face).convert("RGB")


def main():
    """Draws and writes it."""
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Source", "drawn by benchmarks/face_drawings.py of anime_style_tf")
    notes.add_text("Copyright", "the anime_style_tf authors; Apache-2.0")
    self_test_drawing().save(_OUTPUT.value, pnginfo=notes, optimize=True)


if __name__ == "__main__":
    run_tool(main)
