"""Preset `pretrained`: the model that comes with the package; portraits by 13 designers at 64 px.

What is not said here is as in `demo`. All styles but avataaars, whose license is not open.

Command:   anime-style train --config=pretrained --workdir=runs/pretrained
Hardware:  one CPU core
Time:      five and a half hours
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
    config.content.prune.at_least = 16
    config.records.rules.test_fraction = 0.1
    config.style.batches = {"artists_per_batch": 13, "works_per_artist": 4}
    config.style.fit.steps = 2000
    # Trained before there was this.
    config.style.model.blur = config.style.classifier.blur = 0.0
    # Colors, eyes and mouths need a code with little noise, and longer training than the demo has.
    config.content.model.divergence_weight = 1e-6
    config.content.model.dependence_weight = 0.05
    # Under the usual law the sixteenth dimension is there in every second step only.
    config.content.model.keep = 0.985
    config.content.fit.steps = 11_000
    # Half of a batch are contents of works in other artists' styles, which is what is asked for.
    config.gan.model.mixture.random = 0.25
    config.gan.model.content_weight = 4.0
    config.gan.fit.steps = 32_500
    config.gan.optimizer.average = 0.999
    # Sent around with the package.
    config.export.saved_model.half = True
    config.export.works_shown = 650
    return config
