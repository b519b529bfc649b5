"""Portraits by artists to a style space, a generator, the paper's figures, a served model."""

import sys

from absl import app, flags
from ml_collections import config_flags

from anime_style_tf.stages import STAGES
from anime_style_tf.stages.run import run_stages
from anime_style_tf.terminal.command_line import check_overrides, only_flags, words_to_repeat
from anime_style_tf.terminal.startup import log_own_lines, read_all_as_utf8
from anime_style_tf.terminal.tool import refusals_in_one_line

CONFIG = config_flags.DEFINE_config_file("config", None, "Settings, such as configs/demo.py.")
WORKDIR = flags.DEFINE_string("workdir", None, "Folder of the run.")
STAGE = flags.DEFINE_enum("stage", "all", [*STAGES, "all"], "What to run; all: what is due.")
OVERWRITE = flags.DEFINE_bool("overwrite", False, "Redo what is finished.")


def _parse(argv):
    read_all_as_utf8()
    with refusals_in_one_line():
        check_overrides(argv)
        return only_flags(flags.FLAGS(argv), config=CONFIG.value, workdir=WORKDIR.value)


def _run(argv):
    log_own_lines()
    how = {"overwrite": OVERWRITE.value, "command": words_to_repeat(sys.argv)}
    with refusals_in_one_line():
        run_stages(CONFIG.value, WORKDIR.value, STAGE.value, **how)


def main():
    """Runs the command line."""
    app.run(_run, flags_parser=_parse)


if __name__ == "__main__":
    main()
