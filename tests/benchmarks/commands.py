"""Benchmarks run as a user runs them."""

from tests.calls import Running

# Archives of a test have fewer drawings of each artist than a benchmark asks for.
_OF_FEW_DRAWINGS = """
import runpy
from benchmarks import emoji_drawings
emoji_drawings.LEAST_DRAWINGS = 4
runpy.run_module("benchmarks.{name}", run_name="__main__")
"""


def start(name, *words, few_drawings=False):
    """A benchmark that runs."""
    if few_drawings:
        return Running("-c", _OF_FEW_DRAWINGS.format(name=name), *words)
    return Running("-m", f"benchmarks.{name}", *words)


def run(name, *words, few_drawings=False, code=0):
    """Runs a benchmark to its end, which must have the exit code."""
    ended = start(name, *words, few_drawings=few_drawings).end()
    assert ended.returncode == code, ended.stderr
    return ended
