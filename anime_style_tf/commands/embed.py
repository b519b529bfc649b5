"""Embeds pictures: `anime-style embed --workdir=DIR --input=FOLDER --output=X.parquet`.

With `--encoder=pretrained` in place of `--workdir` no run is needed. The columns are described in
`export/README.md`. A run that is stopped resumes where it was. Exits
with 1 if a picture could not be used; the others are embedded.
"""

import os
import pathlib
import sys

from absl import flags

from anime_style_tf.errors import InputError
from anime_style_tf.terminal.startup import load_tensorflow
from anime_style_tf.terminal.tool import there

_WORKDIR = flags.DEFINE_string("workdir", None, "Folder of the run whose style encoder embeds.")
_ENCODER = flags.DEFINE_enum("encoder", "run", ["run", "pretrained"], "That of --workdir, or "
                             "published maps: no run, nothing learned of artists.")  # fmt: skip
_INPUT = flags.DEFINE_string("input", None, "Folder or archive of pictures, a picture, a set of "
                             "records, or the table of a --source.", required=True)  # fmt: skip
_SOURCE = flags.DEFINE_enum("source", None, ["manifest", "danbooru"], "What the table is.")
_ROOT = flags.DEFINE_string("root", None, "Folder or archive of the pictures of a table; that of "
                            "--input if not given.")  # fmt: skip
_ENCODING = flags.DEFINE_string("archive_encoding", None, "Encoding of the names in an archive "
                                "that does not say it, such as cp932; UTF-8 or recognized if not "
                                "given.")  # fmt: skip
_OUTPUT = flags.DEFINE_string("output", None, "Parquet file to write.", required=True)
_OVERWRITE = flags.DEFINE_bool("overwrite", False, "Replace it.")
_BATCH = flags.DEFINE_integer("batch_size", 64, "Works at a time.", lower_bound=1)
_WORKERS = flags.DEFINE_integer("workers", os.cpu_count(), "Processes that read pictures.",
                                lower_bound=1)  # fmt: skip


def portraits_from_flags():
    """Opens the input; pictures become portraits as those of the run's records did."""
    from anime_style_tf.data.sources import SOURCES
    from anime_style_tf.data.sources.pictures import Pictures
    from anime_style_tf.library.enrolled_artists import opt_outs_of
    from anime_style_tf.library.portrait_sources import (
        PicturedPortraits,
        RecordedPortraits,
        pictured_portraits,
    )
    from anime_style_tf.library.pretrained_coder import IMAGE_SIZE

    path = pathlib.Path(_INPUT.value)
    if _SOURCE.value is None and _WORKDIR.value and (path / "info.json").is_file():
        return RecordedPortraits(path, opt_outs=opt_outs_of(_WORKDIR.value))
    encoding = {"archive_encoding": _ENCODING.value}
    root = {"root": _ROOT.value} if _ROOT.value else {}
    if _SOURCE.value:
        source = SOURCES[_SOURCE.value](path=path, **root, **encoding)
    else:
        source = Pictures([path], **encoding)
    if _WORKDIR.value is None:
        return PicturedPortraits(source, {"image_size": IMAGE_SIZE}, workers=_WORKERS.value)
    return pictured_portraits(source, _WORKDIR.value, workers=_WORKERS.value)


def main():
    """Embeds, says how many, and names what was set aside."""
    output = pathlib.Path(_OUTPUT.value)
    if output.exists() and not _OVERWRITE.value:
        raise InputError(f"--output: {output} is there already: add --overwrite, or name another")
    if output.suffix != ".parquet":
        raise InputError(f"--output: expected a name that ends in .parquet, received {output}")
    if (_ENCODER.value == "run") != (_WORKDIR.value is not None):
        raise InputError(
            "expected either --workdir=RUN or --encoder=pretrained, received "
            f"{'both' if _WORKDIR.value else 'neither'}: give one of them"
        )
    for flag in (_WORKDIR, _INPUT, _ROOT):
        there(flag)
    load_tensorflow()
    from anime_style_tf.library.embedding import StyleCoder, embed
    from anime_style_tf.library.pretrained_coder import PretrainedCoder

    portraits = portraits_from_flags()
    try:
        coder = StyleCoder(_WORKDIR.value) if _WORKDIR.value else PretrainedCoder()
        count, aside = embed(portraits, coder, output, batch_size=_BATCH.value)
    except KeyboardInterrupt:
        print("interrupted; what is done is kept: run it again to go on", file=sys.stderr)
        return 130
    print(f"{output}: {count} portraits")
    for source, reason in aside:
        print(f"set aside: {source}: {reason}", file=sys.stderr)
    return 1 if aside else 0
