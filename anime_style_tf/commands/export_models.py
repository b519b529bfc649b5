"""Exports a trained run again: `anime-style export --workdir=runs/demo`.

Writes the next version to `WORKDIR/export/<name>/<version>/` and prints what it wrote; earlier
versions stay, or the newest of them with `--keep`. Settings are those of the run, unless `--config`
gives others.
"""

import pathlib

from absl import flags
from ml_collections import ConfigDict, config_flags

from anime_style_tf.errors import InputError
from anime_style_tf.stages import STAGES
from anime_style_tf.stages.run import run_stages
from anime_style_tf.terminal.startup import load_tensorflow
from anime_style_tf.terminal.typed import typed
from anime_style_tf.workdir import provenance
from anime_style_tf.workdir.lock import locked

_CONFIG = config_flags.DEFINE_config_file("config", None, "Settings; those of the run if absent.")
_WORKDIR = flags.DEFINE_string("workdir", None, "Folder of the run.", required=True)
_VERSION = flags.DEFINE_integer("version", None, "Version; the next free one if absent.")
_KEEP = flags.DEFINE_integer("keep", None, "Versions of each model that stay, the newest; all if "
                             "absent.", lower_bound=1)  # fmt: skip


def settings_of(workdir):
    """Returns the settings of the run's export stage, or those of its style stage."""
    exported = provenance.read_json(workdir / "export" / "config.json")
    trained = provenance.read_json(workdir / "style" / "config.json")
    if exported is None and trained is None:
        raise InputError(
            f"{workdir} holds no trained run: {workdir / 'style' / 'config.json'} is missing; "
            f"run {typed('train', config='...', workdir=workdir)} first"
        )
    return {"name": workdir.name, "export": {"saved_model": {}}} | (exported or trained)


def export_again(config, workdir):
    """Runs the export stage where it has not ended; else adds a version beside the others."""
    if not (workdir / "export" / "done.json").is_file():
        run_stages(config, workdir, "export", report=print)
        return
    load_tensorflow()
    from anime_style_tf.stages import export

    with locked(workdir):
        for line in export.run(config, workdir):
            print(line)


def main():
    """Exports and says what was written."""
    workdir = pathlib.Path(_WORKDIR.value)
    given = _CONFIG.value.to_dict() if _CONFIG.value else settings_of(workdir)
    config = ConfigDict({key: given[key] for key in STAGES["export"].reads})
    if _VERSION.value is not None:
        config.export.saved_model.version = _VERSION.value
    if _KEEP.value is not None:
        config.export.saved_model.keep = _KEEP.value
    export_again(config.lock(), workdir)
