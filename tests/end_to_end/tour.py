"""The tour: its code, what the code prints and draws, and the notebook of it.

`python -m tests.end_to_end.tour` makes pictures, printed lines and notebook anew, after a change of
the code shown or of the model that comes with the package.
"""

import contextlib
import io
import json
import re
import shutil
import tempfile

import matplotlib

from tests.conventions.sources import ROOT

DOCUMENT = ROOT / "docs" / "tour.md"
NOTEBOOK = ROOT / "docs" / "tour.ipynb"
FIGURES = ROOT / "docs" / "figures"
A_RUN = "runs/demo"
# Code, and what it prints.
_BLOCK = re.compile(r"^```python\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", re.DOTALL | re.MULTILINE)
_PICTURE = re.compile(r"^!\[.*\]\(figures/(\w+\.png)\)\n\n?", re.MULTILINE)


def blocks(text):
    """Returns `(code, printed)` of each block, in order."""
    return [(block[1], block[2] or "") for block in _BLOCK.finditer(text)]


def pictures(text):
    """Returns the names of the pictures shown, in order."""
    return _PICTURE.findall(text)


def run(codes, folder):
    """Runs pieces of code one after the other in a folder; returns what each prints."""
    matplotlib.use("Agg")
    names, printed = {}, []
    with contextlib.chdir(folder):
        for code in codes:
            with contextlib.redirect_stdout(io.StringIO()) as said:
                exec(code, names)
            printed.append(said.getvalue())
    names["plt"].close("all")
    return printed


def notebook(text):
    """Returns the JSON text of a notebook that makes what the document shows when it is run."""
    cells = []
    for part in re.split(r"(?=^```python\n)|(?<=^```\n)", text, flags=re.MULTILINE):
        code = re.fullmatch(r"```python\n(.*)```\n", part, re.DOTALL)
        words = re.sub(r"^```text\n.*", "", _PICTURE.sub("", part), flags=re.DOTALL | re.M)
        lines = (code[1] if code else words).strip().splitlines(keepends=True)
        cell = {"cell_type": "code" if code else "markdown", "id": f"cell-{len(cells)}"}
        own = {"execution_count": None, "outputs": []} if code else {}
        if lines:
            cells.append(cell | {"metadata": {}, "source": lines} | own)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    content = {"cells": cells, "metadata": {"kernelspec": kernel}}
    return json.dumps(content | {"nbformat": 4, "nbformat_minor": 5}, indent=1) + "\n"


def make_anew():
    """Writes the pictures, the printed lines and the notebook."""
    text = DOCUMENT.read_text("utf-8")
    with tempfile.TemporaryDirectory() as folder:
        # The last block is for a run of the reader's own.
        said = run([code for code, _ in blocks(text)[:-1]], folder)
        for name in pictures(text):
            shutil.copy(f"{folder}/{name}", FIGURES / name)
    ends = iter([*said, ""])

    def printed_again(block):
        lines = next(ends)
        return f"```python\n{block[1]}```\n" + (f"\n```text\n{lines}```\n" if lines else "")

    text = _BLOCK.sub(printed_again, text)
    DOCUMENT.write_text(text, "utf-8")
    NOTEBOOK.write_text(notebook(text), "utf-8")


if __name__ == "__main__":
    make_anew()
