import pytest

from anime_style_tf.data.sources.aliases import Aliases
from anime_style_tf.errors import InputError


def table(tmp_path, *rows):
    path = tmp_path / "aliases.csv"
    path.write_text("\n".join(["alias,canonical", *rows]), "utf-8")
    return path


def test_a_name_leads_to_the_end_of_its_chain_however_it_is_spelled(tmp_path):
    aliases = Aliases(table(tmp_path, "old,older", "older,ann_new", "\uff21nn,ann_new"))
    for name in ("old", "OLD", "older", "ann", "Ann ", "ann_new"):
        assert aliases.canonical(name) == "ann_new"
    assert aliases.canonical("bob") == "bob"


def test_all_names_of_an_artist_are_known_by_any_of_them(tmp_path):
    aliases = Aliases(table(tmp_path, "old,older", "older,ann", "bo,bob"))
    for name in ("old", "older", "ann"):
        assert aliases.names(name) == ["ann", "old", "older"]
    assert aliases.names("eve") == ["eve"]


def test_aliases_that_nothing_led_through_are_named(tmp_path):
    aliases = Aliases(table(tmp_path, "old,older", "older,ann", "bo,bob"))
    assert aliases.unused() == ["bo", "old", "older"]
    for name in ("ann", "bob", "OLD"):
        aliases.canonical(name)
    assert aliases.unused() == ["bo"]


def test_a_row_may_give_the_spelling_of_a_name_itself(tmp_path):
    assert Aliases(table(tmp_path, "Ann,ann")).canonical("ANN") == "ann"


def test_circles_and_names_that_lead_to_two_are_errors(tmp_path):
    with pytest.raises(InputError, match="received a circle around b"):
        Aliases(table(tmp_path, "a,b", "b,c", "c,B"))
    with pytest.raises(InputError, match=r"line 3: .* one canonical name for A, received b and c"):
        Aliases(table(tmp_path, "a,b", "A,c"))


def test_without_a_table_every_name_is_its_own():
    aliases = Aliases()
    assert aliases.canonical("ann") == "ann"
    assert aliases.names("ann") == ["ann"]
    assert aliases.unused() == []
