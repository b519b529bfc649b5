from anime_style_tf.data.sources.seen import Seen


def test_a_text_is_new_once():
    with Seen() as seen:
        assert "ア" not in seen
        assert [seen.add("ア"), seen.add("ア"), seen.add("a\udcff")] == [True, False, True]
        assert "ア" in seen
        assert "a" not in seen


def test_two_sets_know_nothing_of_each_other():
    with Seen() as one, Seen() as other:
        one.add("a")
        assert "a" not in other
