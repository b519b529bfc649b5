"""Exports a trained run again: `python export/export_models.py --workdir=runs/demo`.

Writes the next version to `WORKDIR/export/<name>/<version>/` and prints what it wrote; earlier
versions stay. Settings are those of the run, unless `--config` gives others.
"""

import pathlib
import sys

from absl import app, flags, logging
from ml_collections import ConfigDict, config_flags

from anime_style_tf.errors import InputError
from anime_style_tf.stages import STAGES, provenance
from anime_style_tf.stages.lock import locked

_CONFIG = config_flags.DEFINE_config_file(
    "config", None, "Settings; those of the run if absent."
)
_WORKDIR = flags.DEFINE_string("workdir", None, "Folder of the run.", required=True)
_VERSION = flags.DEFINE_integer("version", None, "Version; the next free one if absent.")


def settings_of(workdir):
    """Returns the settings of the run's export stage, or those of its gan stage."""
    exported = provenance.read_json(workdir / "export" / "config.json")
    trained = provenance.read_json(workdir / "gan" / "config.json")
    if exported is None and trained is None:
        raise InputError(
            f"{workdir} holds no trained run: {workdir / 'gan' / 'config.json'} is missing; "
            f"run python -m anime_style_tf --config=... --workdir={workdir} first"
        )
    return {"name": workdir.name, "export": {}} | (exported or trained)


def main(argv):
    """Exports and says what was written; exits with 2 if the user can fix it."""
    if len(argv) > 1:
        raise app.UsageError(f"unexpected argument: {argv[1]}")
    logging.set_verbosity(logging.INFO)
    workdir = pathlib.Path(_WORKDIR.value)
    try:
        given = _CONFIG.value.to_dict() if _CONFIG.value else settings_of(workdir)
        config = ConfigDict({key: given[key] for key in STAGES["export"].reads})
        if _VERSION.value is not None:
            config.export.version = _VERSION.value
        from anime_style_tf.stages import export

        with locked(workdir):
            for line in export.run(config.lock(), workdir) or ():
                print(line)
    except InputError as error:
        print(f"export_models.py: {error}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    app.run(main)
