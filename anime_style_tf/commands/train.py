"""Trains: `anime-style train --config=demo --workdir=runs/demo`.

Runs all stages that are due, or one that is named, as `python -m anime_style_tf` does. The settings
are a preset by its name or a file; `--config.style.fit.steps=200` changes one of them.
"""

import sys

from absl import flags
from ml_collections import config_flags

from anime_style_tf.stages import STAGES
from anime_style_tf.stages.run import run_stages
from anime_style_tf.terminal.command_line import check_given, words_to_repeat
from anime_style_tf.terminal.startup import log_own_lines

CONFIG = config_flags.DEFINE_config_file("config", None, "Settings: a preset's name, or a file.")
WORKDIR = flags.DEFINE_string("workdir", None, "Folder of the run.")
STAGE = flags.DEFINE_enum("stage", "all", [*STAGES, "all"], "What to run; all: what is due.")
OVERWRITE = flags.DEFINE_bool("overwrite", False, "Redo what is finished.")


def main():
    """Runs the stages."""
    check_given(config=CONFIG.value, workdir=WORKDIR.value)
    log_own_lines()
    how = {"overwrite": OVERWRITE.value, "command": words_to_repeat(sys.argv)}
    run_stages(CONFIG.value, WORKDIR.value, STAGE.value, **how)
