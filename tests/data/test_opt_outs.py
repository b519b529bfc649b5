import hashlib
import json

import pytest

from anime_style_tf.data.opt_outs import OptOuts, read_opt_outs
from anime_style_tf.data.sources.aliases import Aliases
from anime_style_tf.errors import InputError

HASH = hashlib.sha256(b"a picture").hexdigest()


def test_a_list_names_artists_and_files(tmp_path):
    file = tmp_path / "opt-out.txt"
    file.write_text(f"# asked by mail\n\n  Zoë \n{HASH.upper()}\n金子\n", "utf-8")
    opt_outs = read_opt_outs(file)
    assert opt_outs == OptOuts(("Zoë", "金子"), (HASH,))
    assert opt_outs.names("zoe\u0308")
    assert opt_outs.names("金子")
    assert opt_outs.names("Ｚｏë ")
    assert not opt_outs.names("Zoe")


def test_an_artist_on_the_list_is_refused_under_every_name(tmp_path):
    (tmp_path / "aliases.csv").write_text("alias,canonical\nann,ann_new\nann_old,ann_new\n")
    aliases = Aliases(tmp_path / "aliases.csv")
    for entry in ("ann", "ann_new", "Ann Old"):
        refused = OptOuts((entry,)).with_names_from(aliases)
        assert [refused.names(name) for name in ("ann", "ann_new", "ann_old", "bob")] == [
            True, True, True, False,
        ]  # fmt: skip
        assert refused.artists == (entry,)
        assert OptOuts.of(json.loads(json.dumps(refused.description()))) == refused


def test_a_description_from_before_there_were_aliases_is_read():
    assert OptOuts.of({"artists": ["ann"], "hashes": []}) == OptOuts(("ann",))


def test_entries_that_refused_nothing_are_told():
    opt_outs = OptOuts(("Ann", "yamda", "bob"), ("0", "1"), (("robert", "bob"),))
    assert opt_outs.unmatched(["ann", "robert", "eve"], [None, "1"]) == ["0", "yamda"]


def test_lists_add_up():
    both = OptOuts(("ann",), ("1",)) | OptOuts(("ann", "bob"), ("0",))
    assert both == OptOuts(("ann", "bob"), ("0", "1"))


def test_a_list_that_cannot_be_read_is_an_error(tmp_path):
    with pytest.raises(InputError, match="nothing was converted"):
        read_opt_outs(tmp_path / "none")
    (tmp_path / "latin").write_bytes("Zoë".encode("latin-1"))
    with pytest.raises(InputError, match="UTF-8"):
        read_opt_outs(tmp_path / "latin")
