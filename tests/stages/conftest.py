import gc
import sys
import types

import pytest

from anime_style_tf.stages import STAGES, checks


@pytest.fixture
def ran(monkeypatch):
    """Replaces each stage's module by one that leaves a file; returns the names as they run.

    They take any settings and read no records, so nothing is checked before.
    """
    monkeypatch.setattr(checks, "check_settings", lambda config, names: None)
    monkeypatch.setattr(checks, "check_set", lambda config, path, stage: None)
    # With each new session Keras collects garbage, a fifth of a second among all tests.
    monkeypatch.setattr(gc, "collect", lambda: 0)
    names = []

    def module(name):
        def run(config, workdir):
            names.append(name)
            (workdir / name / "made.txt").write_text(str(len(names)))
            return [f"{name} results"]

        return types.SimpleNamespace(run=run)

    for name in STAGES:
        monkeypatch.setitem(sys.modules, f"anime_style_tf.stages.{name}", module(name))
    return names
