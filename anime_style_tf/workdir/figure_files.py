"""Figures as files."""

import io
import warnings

from anime_style_tf.figures import theme
from anime_style_tf.replacing import replacing


def save_figure(figure, path):
    """Writes a figure as PNG; the file appears whole or not at all.

    Letters that no font has are drawn as boxes, without a warning for each.

    Args:
        figure: matplotlib figure.
        path: `pathlib.Path` of the file; replaced.
    """
    content = io.BytesIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph ")
        figure.savefig(content, format="png")
    with replacing(path) as unfinished:
        unfinished.write_bytes(content.getvalue())


def boxes(names, then):
    """Says what to do where names cannot be written in figures.

    Args:
        names: iterable of texts.
        then: what makes the figures anew, for the message.

    Returns:
        List of one line, or of none.
    """
    missing = theme.without_glyph("".join(names))
    if not missing:
        return []
    return [
        f"no installed font has {missing[:20]}: boxes stand for them in the figures. Install one "
        "(on Debian: apt-get install fonts-noto-cjk), delete matplotlib's list of fonts "
        f"(~/.cache/matplotlib), and {then}"
    ]
