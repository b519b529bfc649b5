"""The paper's figures: arrays in, matplotlib figures out.

Images are sRGB, uint8 or float in [0, 1].

Every figure carries its title and a caption; save it with `figure.savefig(path)`, which gives
one or a whole number of pixels for each pixel of an image.
"""

from anime_style_tf.figures.curves import Curve, content_curve, figure_1
from anime_style_tf.figures.dimensions import figure_4_5
from anime_style_tf.figures.grids import figure_2, figure_7
from anime_style_tf.figures.random_styles import figure_3
from anime_style_tf.figures.reconstruction import figure_6

__all__ = [
    "Curve",
    "content_curve",
    "figure_1",
    "figure_2",
    "figure_3",
    "figure_4_5",
    "figure_6",
    "figure_7",
]
