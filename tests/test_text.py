from anime_style_tf.text import one_line


def test_texts_are_shown_in_one_line_that_any_terminal_can_print():
    assert one_line("猫 1") == "猫 1"
    assert one_line("a\nb\x1b[0m\udcff") == r"a\nb\x1b[0m\udcff"
    one_line("\udcff").encode()
