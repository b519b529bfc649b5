"""Asks a run's index: `anime-style query --workdir=DIR --images=a.png,FOLDER --output=DIR`.

With `--gallery=FOLDER` in place of `--workdir` it searches the pictures of a folder, without a run.
Leaves the nearest works of each picture, and who may have drawn it, as a sheet, CSV and JSON. Exits
with 1 if a picture could not be used; the others are answered.
"""

import os
import sys

from absl import flags

from anime_style_tf.errors import InputError
from anime_style_tf.terminal.startup import load_tensorflow
from anime_style_tf.terminal.tool import paths, there

_WORKDIR = flags.DEFINE_string("workdir", None, "Folder of the run that is asked.")
_GALLERY = flags.DEFINE_string("gallery", None, "Folder or archive of pictures to search by "
                               "published maps, in place of a run.")  # fmt: skip
_IMAGES = flags.DEFINE_multi_string("images", None, "Pictures, folders and archives, separated by "
                                    "commas; may be repeated.", required=True)  # fmt: skip
_OUTPUT = flags.DEFINE_string("output", None, "Folder to write to.", required=True)
_COUNT = flags.DEFINE_integer("count", 8, "Works, and artists, to find for each picture.")
_ARTISTS = flags.DEFINE_multi_string("artists", None, "Search among these artists only, separated "
                                     "by commas; may be repeated.")  # fmt: skip
_ERROR_RATE = flags.DEFINE_float("error_rate", 0.05, "Share of works by the run's artists that "
                                 "may be called unknown.")  # fmt: skip
_BACKEND = flags.DEFINE_string("backend", None, "exact or cascaded: the same neighbors; "
                               "that of the stage index if not given.")  # fmt: skip
_WORKERS = flags.DEFINE_integer("workers", os.cpu_count(), "Processes that read pictures.",
                                lower_bound=1)  # fmt: skip


def main():
    """Asks, names what was left and what was set aside."""
    if (_WORKDIR.value is None) == (_GALLERY.value is None):
        raise InputError(
            "expected either --workdir=RUN or --gallery=FOLDER, received "
            f"{'both' if _WORKDIR.value else 'neither'}: give one of them"
        )
    workdir, gallery, images = there(_WORKDIR), there(_GALLERY), paths(_IMAGES)
    load_tensorflow()
    from anime_style_tf.library.answer_sheet import query

    of_run = {} if workdir is None else {"error_rate": _ERROR_RATE.value}
    lines, aside = query(
        workdir,
        images,
        _OUTPUT.value,
        gallery=gallery,
        count=_COUNT.value,
        artists=_ARTISTS.value,
        backend=_BACKEND.value,
        workers=_WORKERS.value,
        **of_run,
    )
    print(*lines, sep="\n")
    for source, reason in aside:
        print(f"set aside: {source}: {reason}", file=sys.stderr)
    return 1 if aside else 0
