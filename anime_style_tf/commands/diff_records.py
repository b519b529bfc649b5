"""Compares two sets of records: `anime-style diff --before=DIR --after=DIR`.

Exits with 0 if they are equal and with 1 if they differ.
"""

import collections

from absl import flags
from tqdm import tqdm

from anime_style_tf.data.inspection.comparison import ALWAYS_NAMED, SIDE, compare_sets

_BEFORE = flags.DEFINE_string("before", None, "Folder with info.json.", required=True)
_AFTER = flags.DEFINE_string("after", None, "Folder of the other set.", required=True)
_LIST = flags.DEFINE_bool("list", False, "Name every file that differs, not only those on "
                          "another side of the split.")  # fmt: skip
_PIXELS = flags.DEFINE_bool("pixels", True, "Also compare the pictures of what is in both.")


def main():
    """Prints what differs, then how much of each kind."""
    counts, equal = collections.Counter(), True
    for change in compare_sets(_BEFORE.value, _AFTER.value, pixels=_PIXELS.value):
        equal = False
        kind = change.kind.upper() if change.kind == SIDE else change.kind
        if change.kind == SIDE or change.kind not in ALWAYS_NAMED:
            counts[f"{kind}: {change.detail}"] += 1
        if _LIST.value or change.kind in ALWAYS_NAMED:
            tqdm.write(f"{kind}: {change.name}: {change.detail}")  # above the bar
    for what, count in sorted(counts.items()):
        print(f"{count:>9,}  {what}")
    print("equal" if equal else "different")
    return 0 if equal else 1
