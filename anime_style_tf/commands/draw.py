"""Draws with a run's generator: `anime-style draw --what=transfer --images=a.png,b.png ...`.

Leaves a PNG file for each drawing and one labelled sheet in `--output`. Exits with 1 if a picture
could not be used; the others are drawn.
"""

import sys

from absl import flags

from anime_style_tf.errors import InputError
from anime_style_tf.terminal.startup import load_tensorflow
from anime_style_tf.terminal.tool import paths, there

_WHAT = flags.DEFINE_enum(
    "what", None, ["generate", "transfer", "reconstruct", "grid", "slide", "edit"],
    "generate: new portraits by --artist, with --seed and --count; transfer: each of --images in "
    "the style of each other, or of --artist; reconstruct: from its own codes; grid: between 2 or "
    "4 pictures; slide: one style dimension through --values; edit: style dimensions moved by "
    "--shift.", required=True)  # fmt: skip
_WORKDIR = flags.DEFINE_string("workdir", None, "Folder of the run, or of its exported bundle.")
_PRETRAINED = flags.DEFINE_bool("pretrained", False, "Draw with the model that comes with the "
                                "package, in place of a run.")  # fmt: skip
_OUTPUT = flags.DEFINE_string("output", None, "Folder to write to.", required=True)
_IMAGES = flags.DEFINE_multi_string("images", [], "Pictures, folders and archives, separated by "
                                    "commas; may be repeated.")  # fmt: skip
_ARTIST = flags.DEFINE_multi_string("artist", [], "Name, or a blend such as ann:0.7,bo:0.3; may be "
                                    "repeated. Enrolled artists too.")  # fmt: skip
_SEED = flags.DEFINE_integer("seed", 0, "Of the first picture; the next ones count on.",
                             lower_bound=0)  # fmt: skip
_COUNT = flags.DEFINE_integer("count", 4, "Pictures of each artist.", lower_bound=1)
_ROWS = flags.DEFINE_integer("rows", 5, "Of a grid.", lower_bound=2)
_COLUMNS = flags.DEFINE_integer("columns", 5, "Of a grid.", lower_bound=2)
_DIMENSION = flags.DEFINE_integer("dimension", 0, "Style dimension to slide, from 0.",
                                  lower_bound=0)  # fmt: skip
_VALUES = flags.DEFINE_list("values", ["-2", "-1", "0", "1", "2"], "Of the dimension, in standard "
                            "deviations.")  # fmt: skip
_REFINE = flags.DEFINE_integer("refine", 0, "Steps by which reconstruct brings codes nearer to the "
                               "pictures; 100 take about a second a picture.",
                               lower_bound=0)  # fmt: skip
_SHIFT = flags.DEFINE_list("shift", [], "dimension:standard_deviations, such as 0:1.5,2:-1.")


def main():
    """Draws, names what was left and what was skipped."""
    if (_WORKDIR.value is None) != _PRETRAINED.value:
        raise InputError(
            "expected either --workdir=RUN or --pretrained, received "
            f"{'both' if _WORKDIR.value else 'neither'}: give one of them"
        )
    drawn_with, images = there(_WORKDIR) or "pretrained", paths(_IMAGES)
    load_tensorflow()
    from anime_style_tf.library.drawing import draw
    from anime_style_tf.library.typed_values import blend_of, shifts_of, values_of

    artists = [blend_of(text) for text in _ARTIST.value]
    options = {
        "generate": lambda: {"artists": artists, "seed": _SEED.value, "count": _COUNT.value},
        "transfer": lambda: {"artists": artists},
        "reconstruct": lambda: {"refine": _REFINE.value},
        "grid": lambda: {"rows": _ROWS.value, "columns": _COLUMNS.value},
        "slide": lambda: {"dimension": _DIMENSION.value, "values": values_of(_VALUES.value)},
        "edit": lambda: {"shifts": shifts_of(_SHIFT.value)},
    }[_WHAT.value]()
    lines, skipped = draw(_WHAT.value, drawn_with, _OUTPUT.value, images=images, **options)
    print(*lines, sep="\n")
    for source, reason in skipped:
        print(f"set aside: {source}: {reason}", file=sys.stderr)
    return 1 if skipped else 0
