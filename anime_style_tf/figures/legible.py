"""Numbers in place of what no installed font can write, so that every name can be looked up."""

import re

from matplotlib import text as matplotlib_text

from anime_style_tf.figures import theme


def number_unwritable(figure) -> list[str]:
    """Puts a number in place of each run of letters that would be drawn as boxes.

    Args:
        figure: matplotlib figure; its texts are changed in place.

    Returns:
        What stands behind the numbers 1, 2, ..., in their order; empty where all can be written.
    """
    texts = figure.findobj(matplotlib_text.Text)
    missing = theme.without_glyph("".join(each.get_text() for each in texts))
    if not missing:
        return []
    letters = "".join(map(re.escape, missing))
    # Blanks between such letters belong to the name.
    runs, numbers = re.compile(f"[{letters}]+(?: +[{letters}]+)*"), {}

    def number(found):
        return f"[{numbers.setdefault(found[0], len(numbers) + 1)}]"

    for each in texts:
        each.set_text(runs.sub(number, each.get_text()))
    return list(numbers)
