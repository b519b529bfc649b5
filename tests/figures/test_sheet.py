import pytest

from anime_style_tf.figures.sheet import wrap_name


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Ann", "Ann"),
        ("emojione-v1", "emojione-v1"),
        ("MAMMOTH-WORKSHOP", "MAMMOTH-\nWORKSHOP"),
        ("avataaars >.99", "avataaars\n>.99"),
        ("drawing_1.jpeg", "drawing_\n1.jpeg"),
        ("in the style of a.png", "in the\n…e of a.png"),
        ("photograph.jpeg", "photograph\n.jpeg"),
        ("a name, the 1st.png", "a name, the\n1st.png"),
        ("a name, the middle of which is cut, 1st.png", "a name, the\n…t, 1st.png"),
        ("東京タワー", "東京タワー"),
        ("東京タワーの絵", "東京タワー\nの絵"),
    ],
)
def test_a_name_is_broken_where_it_may_be_and_cut_in_its_middle(name, written):
    assert wrap_name(name, 128, 7, lines=2) == written


def test_on_one_line_the_end_is_cut():
    assert wrap_name("a rather long name", 128, 7, lines=1) == "a rather…"
