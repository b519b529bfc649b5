"""Numbers that a document prints, and whether committed JSON has them.

A section (below a heading) names where its numbers are from, in a comment that readers do not see:

    <!-- numbers: benchmarks/results/demo.json; settings: seeds, size; without: .93 (the goal) -->

`settings` are columns of its tables that name a row and measure nothing; `without` are numbers that
no file has, each with the reason. Numbers of a table are whatever is in its other columns but the
first; numbers of a text are its decimals. `.944 (.940-.952)` must be a mean with its least and
greatest, or a value with its interval: it is looked for as a whole, so that a wrong digit is not
found by chance among many other values.
"""

import json
import re

import numpy as np

NUMBER = re.compile(
    r"(?<![\w.,])-?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:e-?\d+)?(?![\w]|\.\d|,\d)"
)
SPREAD = re.compile(r"(\d*\.\d+) \((\d*\.\d+) ?- ?(\d*\.\d+)\)")
COMMENT = re.compile(r"<!-- numbers: (.*?) -->", re.DOTALL)
_HIDDEN = re.compile(
    r"<!--.*?-->|^```.*?^```|`[^`\n]*`|\]\([^)]*\)|!\[[^\]]*\]", re.DOTALL | re.MULTILINE
)


def sections(text):
    """Returns the parts of a document, each below its own heading."""
    return re.split(
        r"^(?=#{2,4} )", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.M), flags=re.M
    )


def declared(section):
    """Returns `(files, columns that are settings, numbers that no file has)`; None without any."""
    found = COMMENT.search(section)
    if not found:
        return None
    parts = [part.strip() for part in " ".join(found[1].split()).split(";")]
    options = dict(part.split(":", 1) for part in parts[1:])
    settings = {each.strip() for each in options.get("settings", "").split(",")} - {""}
    without = re.sub(r"\([^)]*\)", "", options.get("without", ""))
    return [each.strip() for each in parts[0].split(",")], settings, set(without.split())


def leaves(content, path=()):
    """Yields `(path, number)` of everything in a JSON file."""
    if isinstance(content, dict | list):
        pairs = content.items() if isinstance(content, dict) else enumerate(content)
        for key, each in pairs:
            yield from leaves(each, (*path, key))
    elif isinstance(content, int | float) and not isinstance(content, bool):
        yield path, content


def known(content):
    """What a file has: `(values, spreads)`, the latter as rows of value, least and greatest."""
    values, spreads = [number for _, number in leaves(content)], []
    for group in _alike(content):
        tables = [dict(leaves(each)) for each in group]
        for path in set.intersection(*(set(each) for each in tables)):
            own = [each[path] for each in tables]
            spreads.append((np.mean(own), min(own), max(own)))
    spreads += [
        (entry["value"], *entry["interval"])
        for entry in _entries(content)
        if isinstance(entry["value"], float)
    ]
    return values + [value for each in spreads for value in each], spreads


def _alike(content):
    """Lists of records that differ only in their seed or the like."""
    records = list(content.values()) if isinstance(content, dict) else content
    for each in records:
        if isinstance(each, dict | list) and each:
            yield from _alike(each)
    if len(records) > 1 and all(isinstance(each, dict) for each in records):
        groups = {}
        for each in records:
            settings = each.get("settings", {})
            # Where steps are a setting they come with rates; elsewhere a seed makes its own.
            case = (each["rates"], each["steps"]) if "rates" in each else each.get("minutes")
            key = each.get("method"), case, json.dumps(settings.get("encoder"))
            groups.setdefault(key, []).append(each)
        yield from groups.values()


def _entries(content):
    if isinstance(content, dict | list):
        if isinstance(content, dict) and {"value", "interval"} <= set(content):
            yield content
        for each in content.values() if isinstance(content, dict) else content:
            yield from _entries(each)


def is_printed_of(text, value):
    """Whether a number is `value`, or `value` in percent, rounded to the digits that it has."""
    number = float(text.replace(",", ""))
    decimals = len(text.partition(".")[2].partition("e")[0]) - int(text.partition("e")[2] or 0)
    half = 0.5 * 10.0**-decimals * (1 + 1e-9)
    return any(abs(number - scale * value) <= half for scale in (1, 100))


def numbers_not_found(section, contents):
    """Returns the numbers of a section that no file has.

    Args:
        section: text with the comment.
        contents: what its files hold.
    """
    _, settings, without = declared(section)
    values, spreads = [], []
    for content in contents:
        own = known(content)
        values += own[0]
        spreads += own[1]
    missing = []
    for text in _measured(_HIDDEN.sub(" ", section), settings):
        for found in SPREAD.finditer(text):
            if found[0] not in without and not any(
                all(map(is_printed_of, found.groups(), each)) for each in spreads
            ):
                missing.append(found[0])
        for number in NUMBER.findall(SPREAD.sub(" ", text)):
            excused = not number.strip("-") or number in without
            if not excused and not any(is_printed_of(number, value) for value in values):
                missing.append(number)
    return missing


def _measured(text, settings):
    """Cells of tables, and of other lines their decimals."""
    header = None
    for line in text.splitlines():
        if not line.startswith("|"):
            header = None
            yield from (
                each[0]
                for each in re.finditer(SPREAD.pattern + r"|(?<![\w.,])\d*\.\d+(?![\w]|\.\d)", line)
            )
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if header is None:
            header = cells
        elif not set(line) <= set("|-: "):
            for title, cell in list(zip(header, cells, strict=True))[1:]:
                if title not in settings:
                    yield cell
