"""A run whose stages do nothing, for tests of what runs them."""

import sys
import types

from ml_collections import ConfigDict

from anime_style_tf.stages import STAGES
from anime_style_tf.stages.run import run_stages


def replace_stage(monkeypatch, name, run):
    module = types.SimpleNamespace(run=run)
    monkeypatch.setitem(sys.modules, f"anime_style_tf.stages.{name}", module)


def config(**overrides):
    values = {name: {"fit": {"steps": 3}} for name in STAGES}
    values |= {"name": "tiny", "image_size": 16, "precision": "float32", "seed": 7}
    settings = ConfigDict(values)
    settings.update_from_flattened_dict(overrides)
    return settings


def run(workdir, stage="all", settings=None, **options):
    lines = []
    command = ["anime-style", "--config=tiny.py", f"--workdir={workdir}"]
    run_stages(
        config() if settings is None else settings,
        workdir,
        stage,
        report=lines.append,
        command=command,
        **options,
    )
    return lines
