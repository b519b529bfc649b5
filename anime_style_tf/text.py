"""Texts as any terminal, table or page can show them."""


def one_line(text):
    """Returns a text in which what does not print (line ends, controls) is escaped."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text
    )
