"""Figures as files."""

import io
import os
import warnings


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
    temporary = path.with_name(f".writing-{path.name}")
    temporary.write_bytes(content.getvalue())
    os.replace(temporary, path)
