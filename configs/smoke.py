"""Preset `smoke`: every stage of a run in seconds, to see that all of it works.

The networks are far too small, and trained far too briefly, to learn anything: the figures show
noise. What is not said here is as in `demo`.

Command:   anime-style train --config=smoke --workdir=runs/smoke
           With --config=smoke:folder --config.records.source_options.path=PORTRAITS
           the same on your own portraits, one folder per artist.
Hardware:  2 CPU cores
Time:      under 2 minutes, about 75 s of processor time
Results:   none worth quoting; it leaves every file that a run leaves
"""

import pathlib
import runpy

from ml_collections.config_dict import placeholder

# By its place beside this file, so that the preset can be named from any folder.
DEMO = runpy.run_path(str(pathlib.Path(__file__).with_name("demo.py")))

SOURCES = {
    "dicebear": {
        "works_per_artist": 60,
        "seed": 0,
        "styles": ("big-ears", "lorelei", "pixel-art", "toon-head"),
    },
    "folder": {"path": "portraits"},
}


def get_config(source="dicebear"):
    """Returns the preset for a source, a key of `SOURCES`."""
    levels = (8, 12, 16)
    fit = {"steps": 20, "steps_per_epoch": 5, "checkpoint_seconds": 0.0}
    adam = {"name": "adam", "warmup_steps": 5, "final_fraction": 0.05, "average": 0.9}
    rmsprop = {"name": "rmsprop", "warmup_steps": 5, "final_fraction": 0.05, "average": 0.9}
    config = DEMO["get_config"](source)
    config.update({"name": "smoke", "image_size": 32})
    config.warning = "trained far too briefly to learn anything: its figures and drawings are noise"
    config.records.source_options = SOURCES[source]
    config.style = {
        "encoder": {"levels": levels, "code_size": 8},
        "model": {"push": "sum", "shift": 2},
        "classifier": {"shift": 2},
        "batches": {"artists_per_batch": 4, "works_per_artist": 2},
        "optimizer": adam | {"learning_rate": 2e-3},
        "presumed_optimizer": adam | {"learning_rate": 2e-2},
        "fit": fit | {"patience": placeholder(int)},
    }
    config.content = {
        "encoder": {"levels": levels, "code_size": 8, "hidden_size": 16},
        "decoder": {"levels": levels, "hidden_size": 16},
        "model": {"divergence_weight": 1e-4},
        "batches": {"batch_size": 8},
        "optimizer": rmsprop | {"learning_rate": 1e-3},
        "fit": dict(fit),
        "prune": {"standardize": True},
    }
    config.gan = {
        "warm_start": True,
        "generator": {"levels": levels, "hidden_size": 16},
        "discriminator": {"levels": (8, 12), "half_patches": 2, "full_patches": 2},
        "model": {"free_size": 4},
        "batches": {"batch_size": 8},
        "optimizer": rmsprop | {"learning_rate": 2e-4},
        "discriminator_optimizer": rmsprop | {"learning_rate": 2e-4},
        "fit": dict(fit),
    }
    config.evaluate.recovery.images = 64
    config.evaluate.reattribution.images_per_artist = 8
    config.explore.update(
        {
            "figure_2": {"rows": 2, "columns": 4},
            "figure_3": {"side": 3},
            "figure_4_5": {"samples": 2, "works": 2},
            "figure_6": {"works": 4},
            "figure_7": {"rows": 2, "columns": 4},
            "dimension_dictionary": {"works": 2, "resamples": 50},
        }
    )
    config.index.projector = {"works": 200}
    config.export.saved_model.tolerance = 1e-4
    return config
