import sqlite3

import pytest

from anime_style_tf.data.conversion.refusals import chief_reason, warning_of_few
from anime_style_tf.data.verdicts import VERDICTS


def works(*rows):
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE work (id INTEGER PRIMARY KEY, verdict, reason, reference)")
    numbered = ((*row, str(number)) for number, row in enumerate(rows))
    database.executemany("INSERT INTO work (verdict, reason, reference) VALUES (?, ?, ?)", numbered)
    return database


def test_reasons_that_differ_in_numbers_and_quotations_are_one():
    wide = [("too small", f"{side} x 9 pixels, expected a side of 16") for side in range(4)]
    odd = [("rejected", f"expected a number, received 'a{letter}'") for letter in "abcde"]
    others = [("rejected", "banned"), ("rejected", "deleted"), ("kept", "")] * 3
    count, what, advice = chief_reason(works(*others, *wide, *odd))
    assert (count, what) == (
        5, "5 of 18 files are rejected, expected a number, received 'aa', such as 13",
    )  # fmt: skip
    assert "options" in advice
    assert chief_reason(works(*others, *wide, *odd), without=["rejected"])[0] == 4


@pytest.mark.parametrize("verdict", sorted(VERDICTS.keys() - {"kept"}))
def test_each_verdict_comes_with_advice_and_an_example(verdict):
    count, what, advice = chief_reason(works((verdict, ""), (verdict, "")))
    assert (count, what) == (2, f"2 of 2 files are {verdict}, such as 0")
    assert advice


def test_where_all_is_kept_there_is_no_reason_and_no_warning():
    assert chief_reason(works(("kept", ""))) == (0, "", "")
    assert warning_of_few(works(("kept", ""))) is None
