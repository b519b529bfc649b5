"""Preset `pretrained`: the model that comes with the package; portraits by 13 designers at 64 px.

What is not said here is as in `demo`. All styles but avataaars, whose license is not open.

Command:   anime-style train --config=pretrained --workdir=runs/pretrained
Hardware:  one CPU core
Time:      three hours
Results:   anime_style_tf/pretrained_portraits/README.md
"""

import pathlib
import runpy

# By its place beside this file, so that the preset can be named from any folder.
DEMO = runpy.run_path(str(pathlib.Path(__file__).with_name("demo.py")))

STYLES = (
    "adventurer", "lorelei", "open-peeps", "big-ears", "big-smile", "croodles", "dylan", "micah",
    "miniavs", "notionists", "personas", "pixel-art", "toon-head",
)  # fmt: skip


def get_config():
    """Returns the preset."""
    config = DEMO["get_config"]()
    config.name = "pretrained"
    config.records.source_options = {"works_per_artist": 1000, "seed": 1, "styles": STYLES}
    config.content.prune.at_least = 24
    config.records.rules.test_fraction = 0.1
    config.style.batches = {"artists_per_batch": 13, "works_per_artist": 4}
    config.style.fit.steps = 2000
    # Trained before there were these.
    config.style.model.blur = config.style.classifier.blur = 0.0
    config.content.model.dependence_weight = 0.0
    # Eyes and mouths need room, and longer training than the demo has.
    config.content.model.divergence_weight = 3e-6
    config.content.fit.steps = 3500
    config.gan.fit.steps = 13_000
    config.gan.optimizer.average = 0.999
    # Sent around with the package.
    config.export.saved_model.half = True
    config.export.works_shown = 650
    return config
