"""Whom and what a conversion leaves out, and what of the user's lists meant nothing."""

import hashlib

from anime_style_tf.data.conversion.outcome import summary
from anime_style_tf.data.conversion.plan import Plan
from anime_style_tf.data.conversion.rendering import Settings
from anime_style_tf.data.conversion.selection import Rules
from anime_style_tf.data.conversion.writer import write_records
from anime_style_tf.data.ledger import read_ledger
from tests.data.drawings import Drawing, Drawings, drawing

RULES = Rules(min_works=6, test_fraction=0.2, test_minimum=2)


def write(output, works, *, source=(), **options):
    return write_records(
        Plan(
            source=Drawings(works, **dict(source)),
            output=output,
            rendering=Settings(image_size=16),
            rules=RULES,
            workers=1,
            progress=False,
            **options,
        )
    )


def test_whom_the_opt_out_list_names_is_never_read_and_stays_out(tmp_path, monkeypatch):
    drawn = drawing("bob", 3).read()[0]
    names = tmp_path / "opt-out.txt"
    names.write_text(f"Ann\n{hashlib.sha256(drawn).hexdigest()}\n")
    read = []
    original = Drawing.read
    monkeypatch.setattr(
        Drawing, "read", lambda drawing: read.append(drawing.artist) or original(drawing)
    )
    works = {"ann": 8, "bob": 8}
    info = write(tmp_path / "records", works, opt_out=names)
    assert set(read) == {"bob"}
    assert info["opt_outs"] == {"artists": ["Ann"], "hashes": [hashlib.sha256(drawn).hexdigest()]}
    refused = {f"ann no. {number}" for number in range(8)} | {"bob no. 3"}
    for options in ({}, {"overwrite": True}, {"append": True, "source": {"name": "second"}}):
        if options:
            write(tmp_path / "records", works, **options)
        found = {
            row["reference"]
            for row in read_ledger(tmp_path / "records")
            if row["verdict"] == "rejected"
        }
        assert found == refused


def test_entries_that_match_nothing_are_named_at_the_end_also_where_a_set_is_added_to(tmp_path):
    gone, hash_ = "0" * 64, hashlib.sha256(drawing("bob", 3).read()[0]).hexdigest()
    names, rejects = tmp_path / "opt-out.txt", tmp_path / "rejects.csv"
    names.write_text(f"\uff21NN\nyamda\n{hash_}\n{gone}\n", "utf-8")
    rejects.write_text("source,face\nbob no. 1,0\nbob no. 2,1\nnobody,\n")
    lists = {"opt_out": names, "rejects": rejects}
    expected = {"opt_out": [gone, "yamda"], "rejects": ["bob no. 2, face 1", "nobody"]}
    info = write(tmp_path / "records", {"ann": 8, "bob": 9}, **lists)
    assert info["unmatched"] == expected
    assert f"--opt_out: 2 entries matched nothing: '{gone}', 'yamda'" in summary(info)
    info = write(
        tmp_path / "records", {"eve": 8, "yamda": 1}, append=True, source={"name": "second"},
        rejects=rejects,
    )  # fmt: skip
    assert info["unmatched"] == {**expected, "opt_out": [gone]}
    info = write(tmp_path / "records", {"bob": 9}, overwrite=True)
    assert info["unmatched"] == {"opt_out": [gone, "yamda", "\uff21NN"]}


def test_the_list_of_a_set_is_kept_where_the_split_is_taken_from_another(tmp_path):
    write(tmp_path / "split", {"ann": 8, "bob": 8})
    names = tmp_path / "opt-out.txt"
    names.write_text("ann\n")
    write(tmp_path / "records", {"ann": 8, "bob": 8}, opt_out=names)
    info = write(
        tmp_path / "records", {"ann": 8, "bob": 8}, overwrite=True, previous=tmp_path / "split"
    )
    assert [artist["name"] for artist in info["artists"]] == ["bob"]


def test_artists_of_nearly_one_name_are_named_and_blanks_around_it_do_not_matter(tmp_path):
    info = write(tmp_path / "records", {"ann": 8, "Ann": 8, "bob": 8})
    assert info["alike_artists"] == [["Ann", "ann"]]
    assert any("nearly the same name: 'Ann', 'ann'" in line for line in summary(info))


def test_a_set_from_before_keeps_its_split_where_its_names_had_blanks_around_them(tmp_path):
    info = write(tmp_path / "records", {"ann ": 60})
    (before,) = info["artists"]
    assert before["name"] == "ann "
    more = {"append": True, "source": {"name": "second"}}
    (after,) = write(tmp_path / "records", {"ann": 9}, **more)["artists"]
    assert after["name"] == "ann"
    assert after["threshold"] == before["threshold"]


def test_artists_who_opt_out_later_leave_the_set_that_is_added_to(tmp_path):
    write(tmp_path / "records", {"ann": 8, "bob": 8})
    names = tmp_path / "opt-out.txt"
    names.write_text("ann\n")
    info = write(
        tmp_path / "records", {"eve": 8}, append=True, opt_out=names, source={"name": "second"}
    )
    assert [artist["name"] for artist in info["artists"]] == ["bob", "eve"]
    assert "ann" not in {
        row["artist"] for row in read_ledger(tmp_path / "records") if row["verdict"] == "kept"
    }
