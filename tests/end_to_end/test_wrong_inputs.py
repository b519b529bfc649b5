"""Whatever is wrong with what a command is given is said in one line."""

import pathlib
import re
import shutil

import pytest

from tests.calls import call
from tests.conventions.sources import ROOT
from tests.end_to_end.wrong_inputs import MAIN, ROWS, make_places

pytestmark = pytest.mark.slow  # the whole table is


@pytest.fixture(scope="module")
def made_places(tmp_path_factory):
    return make_places(tmp_path_factory.mktemp("places"))


@pytest.fixture
def places(made_places):
    """Paths that the rows name; nothing is at `new`."""
    yield made_places
    shutil.rmtree(made_places["new"], ignore_errors=True)
    pathlib.Path(f"{made_places['new']}.parquet").unlink(missing_ok=True)


def test_the_table_has_rows_for_every_command():
    commands = {
        str(path.relative_to(ROOT))
        for folder in ("tfrecords", "export")
        for path in (ROOT / folder).glob("[a-z]*.py")
    }
    assert {command for command, *_ in ROWS} == {MAIN, *commands}


@pytest.mark.parametrize("number", range(len(ROWS)), ids=lambda number: " ".join(ROWS[number][:2]))
def test_a_wrong_input_is_one_line_that_names_it_and_exit_code_1_or_2(places, number):
    command, words, fragment = (text.format(**places) for text in ROWS[number])
    start = ["-m", MAIN] if command == MAIN else [command]
    code, output, errors = call(*start, *words.split())
    assert "Traceback" not in output + errors
    if code == 1:  # what a tool has found, or could not use
        assert fragment in output + errors
        return
    assert code == 2, output + errors
    *progress, line = re.split(r"[\r\n]+", errors.strip())
    assert [said for said in progress if not re.search(r"%\||^\[\d/8\] ", said)] == []
    assert line.startswith("error: ")
    assert "a fault of this program" not in line
    assert fragment in line
