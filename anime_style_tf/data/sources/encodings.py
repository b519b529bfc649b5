"""In which encoding the names in an archive are, where the archive does not say."""

import functools
import re

from absl import logging

from anime_style_tf.data.sources.names import readable, readable_path
from anime_style_tf.errors import InputError

JAPANESE = "cp932"  # of Japanese Windows; names in it are mojibake to all that follow the standard
_LETTER = (
    r"[\u3005-\u3007\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uff60]"  # kana, kanji, wide
)
# One letter between Latin ones is rather an accent of another encoding: `Jörg` reads `J排g`.
_WORD = re.compile(rf"{_LETTER}{{2,}}|(?<![A-Za-z]){_LETTER}(?![A-Za-z])")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_NO_CHARACTER = re.compile(r"[\x00-\x1f\x7f-\xa0\ue000-\uf8ff]")


def check_encoding(encoding):
    """Raises an `InputError` unless names can be in this encoding.

    Args:
        encoding: name of it, or None.
    """
    if encoding is None:
        return
    try:
        known = b"ann/1.png".decode(encoding) == "ann/1.png"
    except (LookupError, ValueError):
        known = False
    if not known:
        raise InputError(
            "--archive_encoding: expected an encoding of names of files, such as cp932, gbk, "
            f"cp949, big5, cp1251, cp850 or utf-8, received {encoding!r}"
        )


def encoding_given(encoding):
    """Returns what `info.json` says of an encoding: nothing where none was given."""
    return {} if encoding is None else {"archive_encoding": encoding}


def decoder(path, names, *, encoding, otherwise):
    """Returns the function that reads the names of an archive that does not say their encoding.

    Without an encoding that was given they are UTF-8 if all can be, or `JAPANESE` if they read as
    Japanese; else each is UTF-8 if it can be, and else what the kind of archive makes of it. All
    but UTF-8 is a guess, and logged with an example.

    Args:
        path: of the archive, for the message.
        names: list of `bytes`.
        encoding: that the user gave, or None.
        otherwise: function `bytes -> str`, if nothing was recognized.

    Returns:
        A function: `bytes` -> `(text, rejection)`, of which the latter is None for a name that is
        in the encoding.
    """
    if encoding is not None:
        return functools.partial(_in_given, encoding=encoding, otherwise=otherwise)
    foreign = [name for name in names if not _is_in(name, "utf-8")]
    guess = JAPANESE if foreign and _is_japanese(names) else None
    read = functools.partial(_recognized, guess=guess, otherwise=otherwise)
    if foreign:
        logging.warning(
            "%s: the archive does not say the encoding of %d names that are not UTF-8: taken for "
            "%s, such as %s; if that is wrong, name the encoding with --archive_encoding, or an "
            "artist on the opt-out list may not be recognized",
            readable_path(path),
            len(foreign),
            guess or "what cannot be recognized",
            readable(read(foreign[0])[0]),
        )
    return read


def _in_given(name, *, encoding, otherwise):
    try:
        return name.decode(encoding), None
    except UnicodeDecodeError:
        return otherwise(name), f"its name is not in {encoding}, the encoding that was given"


def _recognized(name, *, guess, otherwise):
    if guess is not None:
        return name.decode(guess), None
    return name.decode() if _is_in(name, "utf-8") else otherwise(name), None


def _is_in(name, encoding):
    try:
        name.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _is_japanese(names):
    """Tells whether names read as Japanese: four fifths of what is not ASCII are words of it."""
    try:
        text = "\n".join(name.decode(JAPANESE) for name in names)
    except UnicodeDecodeError:
        return False
    words = sum(map(len, _WORD.findall(text)))
    return not _NO_CHARACTER.search(text.replace("\n", "")) and (
        5 * words >= 4 * len(_NOT_ASCII.findall(text))
    )
