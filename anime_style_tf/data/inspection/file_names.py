"""Names of files and folders for names of any kind, safe on every system."""

import collections
import hashlib
import re
import unicodedata

from anime_style_tf.data.litter import kind_of_litter

_LONGEST = 200  # bytes; file systems take 255, some of those that encrypt 143 letters
_RESERVED = '%/\\:*?"<>|~'
# Hidden, or one of the folders that tools skip; Windows drops what ends in a dot or a space.
_AT_ENDS = re.compile(r"^[ .]|[ .]$|^_(?=_)")
_DEVICES = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)", re.IGNORECASE)
# Words by which the loader of Hugging Face's `imagefolder` tells splits, wherever they stand.
_SPLITS = re.compile(
    r"(?:^|(?<=[-._ 0-9]))"
    r"(train|training|validation|valid|dev|val|test|testing|eval|evaluation)(?=[-._ 0-9]|$)"
)


def folder_names(names, *, taken=(), no_splits=False):
    """Names a folder for each name.

    What a file system could stumble over becomes `%XX` for each of its bytes in UTF-8, so that
    `urllib.parse.unquote` gives the name back. Too long ones are cut, and end in `~` and a hash
    of the name; so do those that differ from another only in letter case or in how their
    accents are composed.

    Args:
        names: different texts.
        taken: file names that are in use beside them.
        no_splits: also escape words such as `test`, by which some tools tell the splits.

    Returns:
        List of different file names, in the order of `names`.
    """
    escaped = [escaped_name(name, no_splits=no_splits) for name in names]
    alike = collections.Counter(map(_folded, [*escaped, *taken]))
    return [
        short
        if 0 < len(short.encode()) <= _LONGEST and alike[_folded(short)] == 1
        else f"{_cut(short)}~{hash_of(name)}"
        for name, short in zip(names, escaped, strict=True)
    ]


def picture_name(reference, *more):
    """Names a picture after where it came from.

    Args:
        reference: path or recipe; what is after its last `/` is in the name, without an ending.
        *more: what else tells it from others with the same reference.

    Returns:
        File name that ends in `.png`; others get others, in any letter case.
    """
    stem = escaped_name(re.sub(r"\.\w{1,5}$", "", reference.rpartition("/")[2]))
    return f"{_cut(stem)}-{hash_of(repr((reference, *more)))}.png"


def escaped_name(name, *, no_splits=False):
    """Returns a name with `%XX` for what does not belong into the name of a file."""
    escaped = "".join(
        _percent(character) if character in _RESERVED or not character.isprintable() else character
        for character in name
    )
    for pattern in (_AT_ENDS, _DEVICES):
        escaped = pattern.sub(lambda match: _percent(match[0][0]) + match[0][1:], escaped)
    if kind_of_litter(escaped):  # or it would be left out when it is read again
        escaped = _percent(escaped[0]) + escaped[1:]
    if no_splits:  # all of a word: the digits of `%65` are a boundary to that loader, too
        escaped = _SPLITS.sub(lambda match: "".join(map(_percent, match[0])), escaped)
    return escaped


def hash_of(text):
    """Returns 12 hexadecimal digits that stand for a text."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def _percent(character):
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogatepass"))


def _cut(name):
    """Returns what fits beside a hash, without a part of a letter or of an escape at its end."""
    cut = name.encode("utf-8", "surrogatepass")[: _LONGEST // 2].decode("utf-8", "ignore")
    return cut if cut == name else re.sub(r"%.?$", "", cut)


def _folded(name):
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
