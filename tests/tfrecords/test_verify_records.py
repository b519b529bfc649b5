import pytest

from tests.calls import call, call_anew
from tests.data.finished_sets import flip
from tests.data.written_sets import write


def test_a_sound_set_is_called_sound_and_a_damaged_one_is_not(tmp_path):
    write(tmp_path, {"ann": 9, "bob": 8})
    sound = call("tfrecords/verify_records.py", f"--records={tmp_path}")
    assert sound.returncode == 0, sound.stderr
    assert sound.stdout == "sound: 8 files, 17 records, 17 files in the ledger\n"
    assert "records: 100%" in sound.stderr

    flip(next(tmp_path.glob("train-*")), 40)
    damaged = call("-m", "tfrecords.verify_records", f"--records={tmp_path}", "--noduplicates")
    assert damaged.returncode == 1
    lines = damaged.stdout.splitlines()
    assert lines[1].startswith("train-00000-of-00001.tfrecord, record 0: damaged: ")
    assert lines[2] == "2 problems"


@pytest.mark.parametrize("flags", [[], ["--records=nowhere"]])
def test_what_the_user_can_fix_is_one_line_and_exit_code_2(flags):
    done = call("tfrecords/verify_records.py", *flags)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: ")


def test_help_starts_without_tensorflow():
    done = call_anew("-X", "importtime", "-m", "tfrecords.verify_records", "--help")
    assert "--[no]duplicates" in done.stdout
    assert "tensorflow" not in done.stderr
