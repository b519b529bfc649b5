"""Checks a set of records: `anime-style verify --records=DIR`.

Prints one line for each thing that is wrong. Exits with 1 if anything is.
"""

from absl import flags
from tqdm import tqdm

from anime_style_tf.data.inspection.verification import verify_set
from anime_style_tf.data.stored import StoredSet

_RECORDS = flags.DEFINE_string("records", None, "Folder with info.json.", required=True)
_DUPLICATES = flags.DEFINE_bool("duplicates", True, "Also look for near-duplicates among what "
                                "was kept.")  # fmt: skip


def main():
    """Prints what is wrong, or that nothing is."""
    problems = 0
    for problem in verify_set(_RECORDS.value, duplicates=_DUPLICATES.value):
        tqdm.write(problem)  # above the bar
        problems += 1
    if problems:
        print(f"{problems} problems")
        return 1
    info = StoredSet(_RECORDS.value).info
    print(
        f"sound: {len(info['files'])} files, {sum(info['counts'].values())} records, "
        f"{sum(info['verdicts'].values())} files in the ledger"
    )
    return 0
