"""Drawings of faces with large eyes, by rule: where the face is and how it leans is known.

These drawings are this project's own work, under its license; `DEFAULT` is the face that the
package ships to test its detector with.
"""

import dataclasses
import io
import math

import numpy as np
import resvg_py
from PIL import Image

SIDE = 256  # of a drawing, in the units of the numbers below
EYE_LINE = 8  # below the drawing's center


@dataclasses.dataclass(frozen=True)
class Look:
    """How a face looks; lengths in units of 1/256 of the drawing's side.

    Args:
        hair: color.
        iris: color.
        skin: color.
        clothes: color.
        eye_width: half of it.
        eye_height: half of it.
        eye_distance: half of the distance between the eyes' centers.
        jaw: half the width of the face at the cheeks.
        chin: how far the chin lies below the drawing's center.
        mouth: how far its middle lies below its corners; below 0 it is sad.
        fringe: how far the hair hangs into the forehead.
        length: how far the hair behind the head reaches down.
        parting: shift of the fringe's gap to the right.
    """

    hair: str = "#4a63b8"
    iris: str = "#2f6fd0"
    skin: str = "#ffe3d0"
    clothes: str = "#6078a0"
    eye_width: float = 15
    eye_height: float = 19
    eye_distance: float = 30
    jaw: float = 62
    chin: float = 74
    mouth: float = 6
    fringe: float = -16
    length: float = 90
    parting: float = 0


DEFAULT = Look()


def random_look(random):
    """Draws a look by lot, from a NumPy generator."""

    def color(hue, saturation, value):
        hue = random.uniform(*hue) % 1.0
        rgb = Image.new("HSV", (1, 1), (int(hue * 255), saturation, value)).convert("RGB")
        return "#{:02x}{:02x}{:02x}".format(*rgb.getpixel((0, 0)))

    return Look(
        hair=color((0, 1), int(random.integers(30, 200)), int(random.integers(50, 250))),
        iris=color((0, 1), int(random.integers(120, 230)), int(random.integers(110, 220))),
        skin=color((0.03, 0.09), int(random.integers(25, 90)), int(random.integers(215, 255))),
        clothes=color((0, 1), int(random.integers(20, 150)), int(random.integers(60, 240))),
        eye_width=random.uniform(11, 18),
        eye_height=random.uniform(13, 23),
        eye_distance=random.uniform(26, 34),
        jaw=random.uniform(54, 70),
        chin=random.uniform(62, 80),
        mouth=random.uniform(-6, 10),
        fringe=random.uniform(-32, -8),
        length=random.uniform(20, 125),
        parting=random.uniform(-22, 22),
    )


def svg(look):
    """The drawing's shapes, the center of its square at (0, 0)."""
    ink = "#1c1a2a"
    line = f'stroke="{ink}" stroke-width="2.5"'
    jaw, chin, fringe, part = look.jaw, look.chin, look.fringe, look.parting
    side = jaw + 22
    return f"""
<path d="M{-side},{look.length} C{-side - 28},20 -100,-100 0,-104
  C100,-100 {side + 28},20 {side},{look.length} Z" fill="{look.hair}" {line}/>
<path d="M-14,{chin - 16} L14,{chin - 16} L16,100 L-16,100 Z" fill="{look.skin}" {line}/>
<path d="M-90,128 C-80,100 -40,98 -16,92 L16,92 C40,98 80,100 90,128 Z"
  fill="{look.clothes}" {line}/>
<path d="M{-jaw},-30 C{-jaw - 4},20 {12 - jaw},{chin - 30} 0,{chin}
  C{jaw - 12},{chin - 30} {jaw + 4},20 {jaw},-30 C40,-70 -40,-70 {-jaw},-30 Z"
  fill="{look.skin}" {line}/>
{_eye(look, -look.eye_distance, ink)}{_eye(look, look.eye_distance, ink)}
<path d="M-1,{chin - 40} l-3,4 l4,1" fill="none" stroke="#9a5a4a" stroke-width="1.6"/>
<path d="M-9,{chin - 22} q9,{look.mouth} 18,0" fill="none" stroke="#8a3a3a" stroke-width="2.4"
  stroke-linecap="round"/>
<path d="M{-jaw - 8},20 C{-side},-60 -50,-92 0,-94 C50,-92 {side},-60 {jaw + 8},20
  C66,-10 60,-28 48,-44 C44,-30 38,{fringe - 6} 30,{fringe - 2}
  C32,-30 30,-40 {26 + part * 0.3},-48 C18,-30 {4 + part},{fringe - 2} {part - 12},{fringe + 2}
  C-6,-26 -4,-36 -6,-48 C-16,-30 -34,{fringe - 2} -48,{fringe + 2}
  C-60,-6 -66,8 {-jaw - 8},20 Z" fill="{look.hair}" {line}/>"""


def _eye(look, x, ink):
    wide, high, y = look.eye_width, look.eye_height, EYE_LINE
    return f"""
<ellipse cx="{x}" cy="{y}" rx="{wide}" ry="{high}" fill="#fff"/>
<ellipse cx="{x}" cy="{y + 2}" rx="{wide - 3}" ry="{high - 2}" fill="{look.iris}"
  stroke="{ink}" stroke-width="1.5"/>
<ellipse cx="{x}" cy="{y}" rx="{(wide - 3) * 0.55}" ry="{(high - 2) * 0.6}" fill="#15152a"/>
<ellipse cx="{x - 3}" cy="{y - 7}" rx="4" ry="5.5" fill="#fff"/>
<circle cx="{x + 4}" cy="{y + high / 2}" r="2" fill="#fff"/>
<path d="M{x - wide - 2},{y - high + 7} Q{x},{y - high - 8} {x + wide + 2},{y - high + 7}"
  fill="none" stroke="{ink}" stroke-width="5" stroke-linecap="round"/>
<path d="M{x - wide},{y - high - 8} q{wide},-7 {2 * wide},0" fill="none" stroke="{look.hair}"
  stroke-width="2.5"/>"""


def render(shapes, *, size, side, center, roll):
    """Draws shapes, turned, on nothing.

    Args:
        shapes: SVG elements around (0, 0), `SIDE` wide.
        size: `(width, height)` of the picture in pixels.
        side: of the drawing in the picture, in pixels.
        center: `(x, y)` of the drawing in the picture.
        roll: degrees, clockwise.

    Returns:
        `PIL.Image.Image`, RGBA.
    """
    width, height = size
    drawing = f"""<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">
<g transform="translate({center[0]} {center[1]}) rotate({roll}) scale({side / SIDE})">{shapes}</g>
</svg>"""
    png = resvg_py.svg_to_bytes(
        svg_string=drawing, skip_system_fonts=True, width=width, height=height
    )
    with Image.open(io.BytesIO(png)) as picture:
        return picture.convert("RGBA")


def eyes(look, *, side, center, roll):
    """Centers of the eyes in the picture: `[2, 2]`, left then right, each `(x, y)`."""
    sine, cosine = math.sin(math.radians(roll)), math.cos(math.radians(roll))
    points = np.array([[-look.eye_distance, EYE_LINE], [look.eye_distance, EYE_LINE]])
    turned = points @ np.array([[cosine, sine], [-sine, cosine]])
    return turned * (side / SIDE) + np.asarray(center)


def self_test_drawing():
    """The face that the package ships to test its detector with, RGB."""
    side = 192  # pixels
    size, center = (side, side), (side / 2, side / 2)
    face = render(svg(DEFAULT), size=size, side=side, center=center, roll=0)
    return Image.alpha_composite(Image.new("RGBA", size, "#f4f1ec"), face).convert("RGB")
