from tests.calls import call, call_anew
from tests.data.written_sets import write


def test_a_set_is_exported_and_once_more_where_it_is_already(tmp_path):
    write(tmp_path / "1", {"ann": 9, "bob": 8})
    words = [f"--records={tmp_path / '1'}", f"--output={tmp_path / 'out'}", "--coverage"]
    for way in (["tfrecords/export_records.py"], ["-m", "tfrecords.export_records"]):
        done = call(*way, *words)
        assert done.returncode == 0, done.stderr
        assert done.stdout == f"{tmp_path / 'out'}: 17 pictures\n"
    assert len(list((tmp_path / "out" / "bob").glob("*.png"))) == 8

    other = call("tfrecords/export_records.py", *words, "--layout=imagefolder", "--alpha")
    assert (other.returncode, other.stdout) == (2, "")
    (line,) = other.stderr.splitlines()
    assert line.startswith(f"error: {tmp_path / 'out'} holds an export of other records")


def test_help_starts_without_tensorflow():
    done = call_anew("-X", "importtime", "-m", "tfrecords.export_records", "--help")
    assert "--layout" in done.stdout
    assert "tensorflow" not in done.stderr
