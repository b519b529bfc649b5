"""Reads the JSON objects of a file one by one, whatever stands around them.

One a line; or over several lines, one after another; in an array, or in the array `posts` of an
object, as answers of servers are. Packed or not. Little of the file is in memory at once.
"""

import json
import re

from anime_style_tf.data.sources.files import reason_of
from anime_style_tf.data.sources.streams import READ_ERRORS, open_bytes

_MAX_BYTES = 16 * 2**20  # of an object; a post has a few thousand
_BLOCK = 2**20
_HEAD = 2**16
_BLANK = b"\xef\xbb\xbf \t\r\n"  # a byte order mark, too
_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|["{}]', re.DOTALL)  # a string, or a part of one
# An object that holds the array, after numbers or short texts.
_WRAPPER = re.compile(
    rb'\{\s*(?:"[^"]{1,40}"\s*:\s*(?:"[^"]{0,200}"|[^\s"{}\[\],]{1,40})\s*,\s*){0,20}"posts"\s*:\s*\['
)
EXPECTED = "metadata in JSON, one object a line or in an array"


class DamagedLineError(Exception):
    """A place in the file holds no object; the message says what is wrong with it."""


def read_objects(path):
    """Yields the objects of a file.

    Args:
        path: of the file, see `open_bytes`.

    Yields:
        `(place, fields)`: where it is, for a person, each another, and a dict, or a
        `DamagedLineError` that says what is wrong.

    Raises:
        InputError: the file is of another kind.
    """
    number = 0
    with open_bytes(path, expected=EXPECTED) as file:
        try:
            head = file.read(_HEAD)
            file.seek(0)
            if _has_one_a_line(head.lstrip(_BLANK)):
                for number, fields in _by_line(file):
                    yield f"line {number}", fields
                return
            for number, (line, fields) in enumerate(_by_braces(file), 1):
                yield f"line {line}, object {number}", fields
        except READ_ERRORS as error:
            yield f"after object {number}", DamagedLineError(f"cannot be read: {reason_of(error)}")


def _has_one_a_line(head):
    """Tells whether a file holds one object a line: then damage to one is none to the next."""
    if not head.startswith((b"[", b"{")):
        return True
    first, _, following = head.partition(b"\n")
    if head.startswith(b"[") or _WRAPPER.match(head):
        return False
    parsed = _parsed(first)
    if isinstance(parsed, dict):
        return _inside(parsed) == [parsed]
    return following.lstrip(b"\r\n").startswith(b"{")


def _by_line(lines):
    number = 0
    while line := lines.readline(_MAX_BYTES):
        number += 1
        if len(line) == _MAX_BYTES and not line.endswith(b"\n"):
            while line and not line.endswith(b"\n"):
                line = lines.readline(_MAX_BYTES)
            yield number, DamagedLineError(f"longer than {_MAX_BYTES} bytes")
        elif line.strip(_BLANK):
            yield number, _parsed(line)


def _by_braces(file):
    """Yields `(line, fields)` for each outermost object."""
    text, line, ends = b"", 1, False
    while not ends:
        block = file.read(_BLOCK)
        text, ends, place = text + block, not block, 0
        while span := _next_object(text, place):
            start, end = span
            if end is None and not ends and len(text) - start < _MAX_BYTES:
                break  # its end is in the next block
            line += text.count(b"\n", place, start)
            fields = _parsed(text[start:end]) if end else DamagedLineError("it does not end")
            if isinstance(fields, DamagedLineError):
                end = _next_sibling(text, start, end)
            for post in _inside(fields):
                yield line, post
            if end is None and not ends:
                return  # nothing after it tells where another begins
            place = len(text) if end is None else end
            line += text.count(b"\n", start, place)
        text = text[place:]
        if len(text) >= 2 * _MAX_BYTES:
            yield line, DamagedLineError(f"no object in {_MAX_BYTES} bytes")
            return


def _next_object(text, place):
    """Returns where the next outermost object begins and ends, the latter None if it does not."""
    depth = start = 0
    while token := _TOKEN.search(text, place):
        place, kind = token.end(), token[0]
        if kind == b"{":
            wrapper = None if depth else _WRAPPER.match(text, token.start())
            if wrapper:
                place = wrapper.end()
                continue
            if not depth:
                start = token.start()
            depth += 1
        elif kind == b"}" and depth:
            depth -= 1
            if not depth:
                return start, place
        elif kind == b'"':  # of a string that ends in the next block
            break
    return (start, None) if depth else None


def _next_sibling(text, start, end):
    """Returns where, after a damaged object, another begins: a `{` as far from the margin."""
    margin = text[text.rfind(b"\n", 0, start) + 1 : start]
    if margin.strip():
        return end
    sibling = text.find(b"\n" + margin + b"{", start, end)
    return end if sibling < 0 else sibling


def _inside(fields):
    """Returns the posts of an object that holds some, else the object alone."""
    posts = fields.get("posts") if isinstance(fields, dict) else None
    return posts if isinstance(posts, list) and "id" not in fields else [fields]


def _parsed(text):
    """Returns the object that a text is, or a `DamagedLineError`."""
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError) as error:
        return DamagedLineError(f"no post: {error}")
    return fields if isinstance(fields, dict) else DamagedLineError("no post: expected an object")
