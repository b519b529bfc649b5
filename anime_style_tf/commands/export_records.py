"""Turns records into pictures: `anime-style export-records --records=DIR --output=DIR`.

Started again after it was stopped, it resumes.
"""

from absl import flags

from anime_style_tf.data.inspection.export import export_set

_RECORDS = flags.DEFINE_string("records", None, "Folder with info.json.", required=True)
_OUTPUT = flags.DEFINE_string("output", None, "New or empty folder to write to.", required=True)
_LAYOUT = flags.DEFINE_enum("layout", "folder", ["folder", "imagefolder"], "Folders of artists "
                            "with works.csv, or what Hugging Face's datasets reads.")  # fmt: skip
_ALPHA = flags.DEFINE_bool("alpha", False, "Write RGBA, the coverage as opacity.")
_COVERAGE = flags.DEFINE_bool("coverage", False, "Write the coverage masks, too.")


def main():
    """Writes, and says how much."""
    count = export_set(
        _RECORDS.value,
        _OUTPUT.value,
        layout=_LAYOUT.value,
        alpha=_ALPHA.value,
        coverage=_COVERAGE.value,
    )
    print(f"{_OUTPUT.value}: {count} pictures")
    return 0
