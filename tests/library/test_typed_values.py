import pytest

from anime_style_tf.errors import InputError
from anime_style_tf.library.typed_values import blend_of, shifts_of, values_of


def test_blends_values_and_shifts_are_read_as_people_type_them():
    assert blend_of("ann") == "ann"
    assert blend_of("Smith, Ann") == "Smith, Ann"
    assert blend_of("ann:0.7, bo:0.3") == {"ann": 0.7, "bo": 0.3}
    assert blend_of("Re:Zero") == "Re:Zero"
    assert blend_of("Re:Zero:0.5,Team:7:0.5") == {"Re:Zero": 0.5, "Team:7": 0.5}
    assert values_of(["-2", " 0", "1.5"]) == [-2, 0, 1.5]
    assert shifts_of(["0:1.5", "12:-1"]) == {0: 1.5, 12: -1}
    for read, text in ((blend_of, "ann:x,bo:1"), (values_of, ["nan"]), (values_of, []),
                       (shifts_of, ["1.5"]), (shifts_of, ["a:1"]), (shifts_of, [])):  # fmt: skip
        with pytest.raises(InputError, match="expected"):
            read(text)
