"""Draws again the face that the package ships to test its detector with.

python -m benchmarks.self_test_drawing
"""

from PIL import PngImagePlugin

from anime_style_tf.data.faces.animeface import SELF_TEST
from anime_style_tf.terminal.tool import run_tool
from benchmarks.command import define_output
from benchmarks.face_drawings import self_test_drawing

_OUTPUT = define_output(str(SELF_TEST), "The drawing, PNG; replaced.")


def main():
    """Draws and writes it."""
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Source", "drawn by benchmarks/face_drawings.py of anime_style_tf")
    notes.add_text("Copyright", "the anime_style_tf authors; Apache-2.0")
    self_test_drawing().save(_OUTPUT.value, pnginfo=notes, optimize=True)


if __name__ == "__main__":
    run_tool(main)
