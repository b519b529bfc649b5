"""What all benchmarks have in common: `--help`, and one line on a place that cannot be used."""

import re

import pytest

from tests.calls import call
from tests.conventions.sources import ROOT

NAMES = sorted(
    path.stem
    for path in (ROOT / "benchmarks").glob("*.py")
    if "run_tool(main)" in path.read_text("utf-8")
)
REFUSED = {
    ("--output=nowhere/floors.json", "--input=Makefile"): "a file in a folder that exists",
    ("--output=tests", "--input=Makefile"): "a file in a folder that exists",
    ("--output=a.json", "--input=nowhere.zip"): "--input=nowhere.zip: expected a file",
    ("--output=a.json", "--input=Makefile"): "expected the zip archive of drawings",
    ("--output=a.json",): "--input is required",
    ("--input=Makefile", "--seeds=1,two"): "--seeds=1,two",
    ("--input=Makefile", "more"): "only flags are expected",
}


@pytest.fixture(scope="module")
def ended():
    helps = [[f"benchmarks.{name}", "--help"] for name in NAMES]
    commands = helps + [["benchmarks.floors", *words] for words in REFUSED]
    return [call("-m", *command) for command in commands]


@pytest.mark.slow
def test_help_of_each_says_the_question_the_command_and_where_results_go(ended):
    assert len(NAMES) > 15
    for name, (code, text, _) in zip(NAMES, ended, strict=False):
        assert code == 0
        assert re.search(rf"^ *python -m benchmarks\.{name}\b", text, re.MULTILINE), name
        assert re.search(r"^  --output: ", text, re.MULTILINE), name


@pytest.mark.slow
def test_what_cannot_be_used_is_one_line_before_anything_is_measured(ended):
    for (code, _, text), line in zip(ended[len(NAMES) :], REFUSED.values(), strict=True):
        assert code == 2
        assert text.startswith("error: ")
        assert line in text
        assert text.count("\n") == 1


def test_every_benchmark_that_the_document_names_is_there():
    text = (ROOT / "benchmarks" / "README.md").read_text("utf-8")
    named = set(re.findall(r"python -m benchmarks\.([a-z]\w*)", text))
    assert named
    assert named <= set(NAMES)
