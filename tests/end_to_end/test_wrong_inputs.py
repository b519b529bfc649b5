"""Whatever is wrong with what a command is given is said in one line."""

import json
import re
import subprocess
import sys

import pytest

from tests.conventions.sources import ROOT
from tests.end_to_end.wrong_inputs import ROWS

pytestmark = pytest.mark.slow  # 10 seconds of processor time for the whole table


@pytest.fixture(scope="module")
def called(tmp_path_factory):
    """Paths that the rows name, and what became of each row."""
    ended = subprocess.run(
        [sys.executable, "-m", "tests.end_to_end.wrong_inputs", tmp_path_factory.mktemp("places")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def test_the_table_has_rows_for_every_command():
    commands = {
        str(path.relative_to(ROOT))
        for folder in ("tfrecords", "export")
        for path in (ROOT / folder).glob("[a-z]*.py")
    }
    assert {command for command, *_ in ROWS} == {"anime_style_tf", *commands}


@pytest.mark.parametrize("number", range(len(ROWS)), ids=lambda number: " ".join(ROWS[number][:2]))
def test_a_wrong_input_is_one_line_that_names_it_and_exit_code_1_or_2(called, number):
    fragment = ROWS[number][2].format(**called["places"])
    code, output, errors = called["outcomes"][number]
    assert "Traceback" not in output + errors
    if code == 1:  # what a tool has found, or could not use
        assert fragment in output + errors
        return
    assert code == 2, output + errors
    *progress, line = re.split(r"[\r\n]+", errors.strip())
    assert [bar for bar in progress if "%|" not in bar] == []
    assert line.startswith("error: ")
    assert "a fault of this program" not in line
    assert fragment in line
