"""Figures as files."""

import io

from anime_style_tf.figures import theme
from anime_style_tf.figures.legible import number_unwritable
from anime_style_tf.replacing import replacing

LEGEND = ".names.txt"


def save_figure(figure, path):
    """Writes a figure as PNG; the file appears whole or not at all.

    Letters that no font has are numbers in brackets there, and a text file beside it, with the
    name of the figure and `LEGEND`, says what they stand for.

    Args:
        figure: matplotlib figure.
        path: `pathlib.Path` of the file; replaced.

    Returns:
        List of the files: the figure, and its legend where it has one.
    """
    numbered = number_unwritable(figure)
    content = io.BytesIO()
    figure.savefig(content, format="png")
    with replacing(path) as unfinished:
        unfinished.write_bytes(content.getvalue())
    legend = path.with_name(f"{path.stem}{LEGEND}")
    if not numbered:
        legend.unlink(missing_ok=True)
        return [path]
    with replacing(legend) as unfinished:
        lines = (f"[{number}] {name}\n" for number, name in enumerate(numbered, 1))
        unfinished.write_text("".join(lines), "utf-8")
    return [path, legend]


def unwritable(names, then):
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
        f"no installed font has {missing[:20]}: numbers stand for them in the figures, and the "
        f"{LEGEND} beside each says which. To have the names, install a font (on Debian: apt-get "
        f"install fonts-noto-cjk), delete matplotlib's list of fonts (~/.cache/matplotlib), and "
        f"{then}"
    ]
