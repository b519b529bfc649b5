"""What the page says beside the slider of each style dimension."""

import numpy as np

from anime_style_tf import exploration

_ENDS = 4  # works at each end
_READ = 0.5  # of a step, read by another encoder, from which an edit counts as obeyed (our setting)


def dimension_cards(styles, entries, edits):
    """Describes every style dimension, from 1.

    Args:
        styles: `[works, k_S]`, standardized codes of the works that the page shows.
        entries: content of `explore/dimensions.json`; None where there is none.
        edits: `edits` of `evaluate/metrics.json`; None likewise.

    Returns:
        List of dicts for JSON: `lowest` and `highest` (indices of works from the extreme inward),
        `range` (of the works), `less` and `more` (what goes with either end), and `trust`: `mark`
        2 where an encoder of another run reads the step that a slider asks for, 1 where artists
        differ along the dimension beyond chance, 0 where neither is shown; `says` is the reason.
    """
    entries = entries if entries and "dimensions" in entries else {"dimensions": [None]}
    properties = {each["name"]: each for each in entries.get("properties", [])}
    described = entries["dimensions"] + [None] * styles.shape[1]
    cards = []
    for dimension in range(styles.shape[1]):
        ends = exploration.rank_works(styles, dimension, min(_ENDS, len(styles)))
        values, entry = styles[:, dimension], described[dimension]
        cards.append(
            {
                "dimension": dimension + 1,
                "lowest": ends[0].tolist(),
                "highest": ends[1].tolist(),
                "range": [round(float(end), 3) for end in (values.min(), values.max())],
                **_words(entry, properties),
                "trust": _trust(entry, edits, dimension),
            }
        )
    return cards


def _words(entry, properties):
    """Returns what works have less and more of towards the high end, strongest first."""
    less, more = [], []
    order = list(properties)
    for name in entry["goes_with"] if entry else ():
        rises = entry["correlation"]["value"][order.index(name)] > 0
        more.append(properties[name]["more" if rises else "less"])
        less.append(properties[name]["less" if rises else "more"])
    return {"less": less, "more": more}


def _trust(entry, edits, dimension):
    if edits and "gain" in edits:
        gain = edits["gain"]
        low, high = (bound[dimension] for bound in gain["interval"])
        value = gain["value"][dimension]
        if None not in (low, high, value) and low >= _READ:
            says = (
                f"an encoder of another run reads a step of 1 as {value:.2f} "
                f"({low:.2f} to {high:.2f})"
            )
            return {"mark": 2, "says": says}
    low = (entry or {}).get("f_ratio", {}).get("interval", [None])[0]
    if low is not None and np.isfinite(low) and low > 1:
        return {
            "mark": 1,
            "says": "artists differ along it beyond chance; whether edits are obeyed was not shown",
        }
    return {"mark": 0, "says": "not shown to differ between artists"}
