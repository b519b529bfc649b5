"""One measured number as it is written to `metrics.json`."""

import numpy as np


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
        The keys `value`, `interval`, `count`, `split`, `definition`, less those not given.
    """
    entry = {"value": _plain(value)}
    if interval is not None:
        entry["interval"] = [_plain(bound) for bound in interval]
    if count is not None:
        entry["count"] = int(count)
    if split is not None:
        entry["split"] = str(split)
    return entry | {"definition": definition}


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
