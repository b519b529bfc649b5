"""What the page says beside the slider of each style dimension."""

from anime_style_tf import exploration

_ENDS = 4  # works at each end


def dimension_cards(styles, entries):
    """Describes every style dimension, from 1.

    Args:
        styles: `[works, k_S]`, standardized codes of the works that the page shows.
        entries: content of `explore/dimensions.json`; None where there is none.

    Returns:
        List of dicts for JSON: `lowest` and `highest` (indices of works from the extreme inward),
        `range` (of the works), `less` and `more` (what goes with either end), and `trust`: `mark`
        2 where an encoder of another run reads what a slider asks for, 1 where artists differ along
        the dimension beyond chance, 0 where neither is shown; `says` is the reason.
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
                "trust": _trust(entry or {}),
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


def _trust(entry):
    edits = entry.get("edits_trusted", {}).get("value")
    if edits:
        return {"mark": 2, "says": "an encoder of another run reads what the slider asks for"}
    low = entry.get("f_ratio", {}).get("interval", [None])[0]
    if low is None or low <= 1:
        return {"mark": 0, "says": "not shown to differ between artists"}
    doubt = "not measured" if edits is None else "measured by an encoder of another run, and not so"
    return {
        "mark": 1,
        "says": f"artists differ along it beyond chance; whether a slider moves it alone: {doubt}",
    }
