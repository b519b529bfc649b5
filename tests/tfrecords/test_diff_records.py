from tests.calls import call, call_anew
from tests.data.written_sets import write


def test_equal_sets_are_equal_and_others_are_described(tmp_path):
    before, after = tmp_path / "1", tmp_path / "2"
    write(before, {"ann": 30, "bob": 8})
    write(after, {"ann": 30, "eve": 8}, {("ann", 3): "damaged"}, test_fraction=0.5)
    equal = call("tfrecords/diff_records.py", f"--before={before}", f"--after={before}")
    assert equal.returncode == 0, equal.stderr
    assert equal.stdout == "equal\n"

    words = ["-m", "tfrecords.diff_records", f"--before={before}", f"--after={after}"]
    short, long = call(*words).stdout.splitlines(), call(*words, "--list")
    assert long.returncode == 1
    assert long.stdout.splitlines()[-1] == short[-1] == "different"
    assert "artist: bob: removed, was label 1" in short
    assert "setting: rules.test_fraction: 0.2 -> 0.5" in short
    moved = [line for line in short if line.startswith("MOVED ACROSS THE SPLIT: ann no. ")]
    assert f"{len(moved):>9}  MOVED ACROSS THE SPLIT: train -> test" in short
    assert "        8  file added: kept" in short
    assert "        1  verdict: kept -> unreadable" in short
    assert not [line for line in short if line.startswith("verdict: ")]
    assert "verdict: ann no. 3 by ann: kept -> unreadable" in long.stdout.splitlines()


def test_what_the_user_can_fix_is_one_line_and_exit_code_2(tmp_path):
    write(tmp_path / "1", {"ann": 9})
    for flags in (["--before=nowhere"], [f"--before={tmp_path / '1'}", "--after=nowhere"]):
        done = call("tfrecords/diff_records.py", *flags)
        assert (done.returncode, done.stdout) == (2, "")
        (line,) = done.stderr.splitlines()
        assert line.startswith("error: ")


def test_help_starts_without_tensorflow():
    done = call_anew("-X", "importtime", "-m", "tfrecords.diff_records", "--help")
    assert "--[no]list" in done.stdout
    assert "tensorflow" not in done.stderr
