"""What could not be read, by kind and with what helps; what never was a picture apart from it."""

import collections
import csv
import pathlib
import re

from anime_style_tf.data.verdicts import UNREADABLE

_HEIC = {".heic", ".heif", ".hif"}
_PROJECTS = {
    ".psd",
    ".psb",
    ".clip",
    ".csp",
    ".kra",
    ".xcf",
    ".sai",
    ".sai2",
    ".mdp",
    ".ai",
    ".svg",
}
_MOVING = {".mp4", ".webm", ".mov", ".mkv", ".avi", ".swf", ".apng"}
_PAPERS = {
    ".txt", ".md", ".json", ".csv", ".tsv", ".xml", ".html", ".htm", ".url", ".nfo", ".log", ".ini",
    ".pdf", ".doc", ".docx", ".zip", ".rar", ".7z", ".py", ".torrent",
}  # fmt: skip
_JUNK = "no pictures, nothing is lost"

# The first that fits: what it is, suffixes, pattern of the reason, what helps.
_KINDS = (
    ("HEIC", _HEIC, "", "pip install pillow-heif, or save them as JPEG; then run it again"),
    ("drawing programs' own files", _PROJECTS, "", "export them as PNG"),
    (_JUNK, _MOVING | _PAPERS, "", ""),
    ("too many pixels", None, "the limit is", "raise max_pixels, or make them smaller"),
    ("cut off", None, "(?i)truncated|end of file|eof", "fetch them again: their end is missing"),
    (
        "not there, or not to be opened",
        None,
        "(?i)no such file|permission|missing",
        "see the table",
    ),
    ("empty or damaged at the start", None, "no picture, or damaged", "fetch them again"),
    ("damaged", None, "", "fetch them again, or open and save them in a viewer"),
)


def refused_lines(path):
    """Groups the files of a set that could not be read.

    Args:
        path: of `quarantine.csv`.

    Returns:
        List of a line for each kind, the most frequent first, what is no picture last.
    """
    counts, examples = collections.Counter(), {}
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["verdict"] == UNREADABLE:
                kind = _kind(row["reference"], row["reason"])
                counts[kind] += 1
                examples.setdefault(kind, row["reference"])
    ordered = sorted(counts.items(), key=lambda each: (each[0][0] == _JUNK, -each[1]))
    return [
        f"unreadable: {count} {name}, such as {examples[name, remedy]}"
        + (f": {remedy}" if remedy else "")
        for (name, remedy), count in ordered
    ]


def _kind(reference, reason):
    suffix = pathlib.PurePosixPath(reference.lower()).suffix
    return next(
        (name, remedy)
        for name, suffixes, pattern, remedy in _KINDS
        if (suffixes is None or suffix in suffixes) and re.search(pattern, reason)
    )
