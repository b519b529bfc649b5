"""Enrolls an artist: `anime-style enroll --workdir=DIR --artist=NAME --images=a.png,FOLDER`.

Nothing is trained. `--remove=NAME` forgets an enrolled artist, `--list` names them all. Exits with
1 if a picture could not be used; the artist is enrolled from the others.
"""

import os
import sys

from absl import flags

from anime_style_tf.errors import InputError
from anime_style_tf.terminal.startup import load_tensorflow
from anime_style_tf.terminal.tool import paths, there

_WORKDIR = flags.DEFINE_string("workdir", None, "Folder of the run.", required=True)
_ARTIST = flags.DEFINE_string("artist", None, "Name of the artist to enroll.")
_IMAGES = flags.DEFINE_multi_string("images", None, "Pictures, folders and archives, all by the "
                                    "artist, separated by commas; may be repeated.")  # fmt: skip
_OVERWRITE = flags.DEFINE_bool("overwrite", False, "Replace an enrolled artist of that name.")
_REMOVE = flags.DEFINE_string("remove", None, "Name of an enrolled artist to forget.")
_LIST = flags.DEFINE_bool("list", False, "Name the enrolled artists.")
_WORKERS = flags.DEFINE_integer("workers", os.cpu_count(), "Processes that read pictures.",
                                lower_bound=1)  # fmt: skip


def main():
    """Does the one thing that is asked for, and names what was set aside."""
    enrolls = _ARTIST.value is not None and bool(_IMAGES.value)
    asked = [enrolls, _REMOVE.value is not None, _LIST.value]
    if asked.count(True) != 1 or (not enrolls and (_ARTIST.value is not None or _IMAGES.value)):
        raise InputError("expected --artist with --images, or --remove, or --list, one of them")
    workdir, images = there(_WORKDIR), paths(_IMAGES)
    load_tensorflow()
    from anime_style_tf.library import enrollment

    aside = []
    if enrolls:
        options = {"overwrite": _OVERWRITE.value, "workers": _WORKERS.value}
        lines, aside = enrollment.enroll(workdir, _ARTIST.value, images, **options)
    elif _REMOVE.value is not None:
        lines = enrollment.remove(workdir, _REMOVE.value)
    else:
        lines = enrollment.list_enrolled(workdir)
    print(*lines, sep="\n")
    for source, reason in aside:
        print(f"set aside: {source}: {reason}", file=sys.stderr)
    return 1 if aside else 0
