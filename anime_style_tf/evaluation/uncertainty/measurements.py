"""One number as it is written to `metrics.json`, or why there is none."""

import numpy as np

from anime_style_tf.errors import TooFewError

NOT_MEASURED = "not_measured"


def measurement(value, *, definition: str, interval=None, count=None, split=None) -> dict:
    """A plain dictionary that `json.dumps` takes, with what is needed to read the number.

    Args:
        value: Scalar or array; NumPy types and arrays become Python numbers and lists, and a
            value that is not finite becomes None.
        definition: One sentence: what is measured, and how the interval is made.
        interval: `(low, high)`, each of the value's shape, or None.
        count: How many works or images the number rests on.
        split: Which ones, for instance "test".

    Returns:
        The keys `value`, `interval`, `count`, `split`, `definition`, without those not given.
    """
    entry = {"value": _plain(value)}
    if interval is not None:
        entry["interval"] = [_plain(bound) for bound in interval]
    if count is not None:
        entry["count"] = int(count)
    if split is not None:
        entry["split"] = str(split)
    return entry | {"definition": definition}


def measured(function, *arguments, **options):
    """Measures, or says why that cannot be done, so that the other numbers are measured still.

    Args:
        function: what measures.
        *arguments: of it.
        **options: of it.

    Returns:
        What it returns; `{"not_measured": reason}` where there are too few works, artists or
        subjects.
    """
    try:
        return function(*arguments, **options)
    except TooFewError as reason:
        return {NOT_MEASURED: str(reason)}


def rounded(entry) -> str:
    """Returns a measurement's number to three decimals; `not measured` if it has none."""
    value = entry.get("value")
    return "not measured" if value is None else f"{value:.3f}"


def reasons_not_measured(entries, name=""):
    """Returns what there is no number of, and why.

    Args:
        entries: content of `metrics.json`, or a part of it.
        name: of that part.

    Returns:
        Dict reason -> names, such as `validity.discrimination_gaps.Ann`.
    """
    if NOT_MEASURED in entries:
        return {entries[NOT_MEASURED]: [name]}
    names_by_reason = {}
    for key, entry in entries.items():
        if isinstance(entry, dict):
            parts = reasons_not_measured(entry, f"{name}.{key}".lstrip("."))
            for reason, names in parts.items():
                names_by_reason.setdefault(reason, []).extend(names)
    return names_by_reason


def _plain(value):
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value
