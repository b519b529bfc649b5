import pytest
from PIL import Image

from tests.calls import call
from tests.data.finished_sets import flip
from tests.data.written_sets import write


@pytest.mark.slow
def test_a_set_is_shown_with_what_is_not_in_it(tmp_path):
    faults = {("ann", number): "damaged" for number in range(20, 38)}
    faults |= {("bob", 1): "twin", ("bob", 2): "twin"}
    write(tmp_path, {"ann": 60, "bob": 9, "e\nve": 3}, faults)
    shown = call("tfrecords/inspect_records.py", f"--records={tmp_path}")
    assert shown.returncode == 0, shown.stderr
    lines = shown.stdout.splitlines()
    rows = [line.split() for line in lines]
    assert ["0", "ann", "33", "9"] in rows
    assert ["1", "bob", "5", "2"] in rows
    assert ["all", "38", "11"] in rows
    assert "input: name drawings" in lines
    assert "dropped: e\\nve, 3 works, expected at least 6" in lines
    assert ["49", "kept"] in rows
    assert ["18", "unreadable"] in rows
    assert ["2", "duplicate"] in rows
    assert sum(line.startswith("unreadable: ann no. ") for line in lines) == 18
    assert "duplicate of bob no. 0: bob no. 1: the same file" in lines
    assert f"and 3 more in {tmp_path / 'quarantine.csv'}" in lines
    with Image.open(tmp_path / "contact_sheet-000.png") as sheet:
        assert sheet.height > 2 * 64

    shard = next(tmp_path.glob("train-*"))
    flip(shard, -1)
    damaged = call("-m", "tfrecords.inspect_records", f"--records={tmp_path}")
    assert damaged.returncode == 1
    assert f"damaged: {shard.name}: its SHA-256" in damaged.stdout
