"""Preset `portraits`: your own portraits at 64 pixels, one folder per artist.

What is not said here is as in `demo`.

Command:   anime-style train --config=portraits --workdir=runs/portraits \
               --config.records.source_options.path=PORTRAITS
           PORTRAITS holds one folder per artist, with 50 works or more in each. To try it without
           a collection: --config=portraits:dicebear renders 14 x 1,000 portraits.
Hardware:  meant for one GPU, or for a patient CPU with 4 cores or more
Time:      not run by us; hours on a GPU, days on a CPU
Results:   not run by us
"""

import pathlib
import runpy

from ml_collections.config_dict import placeholder

# By its place beside this file, so that the preset can be named from any folder.
DEMO = runpy.run_path(str(pathlib.Path(__file__).with_name("demo.py")))

SOURCES = {
    "folder": {"path": "portraits"},
    "dicebear": {"works_per_artist": 1000, "seed": 0},
}


def get_config(source="folder"):
    """Returns the preset for a source, a key of `SOURCES`."""
    levels = (32, 64, 128, 256)
    adam = {"name": "adam", "warmup_steps": 200, "final_fraction": 0.05, "average": 0.999}
    rmsprop = {"name": "rmsprop", "warmup_steps": 100, "average": 0.999}
    batches = {"batch_size": 64}
    opponents = adam | {"learning_rate": 2e-4, "betas": DEMO["BETAS"]}
    decoder = DEMO["DECODER"] | {"keep_width": True}
    report = {"steps_per_epoch": 200, "checkpoint_seconds": 300.0}
    config = DEMO["get_config"]()
    config.name = "portraits"
    config.records.source = source
    config.records.source_options = DEMO["options_of"](source, SOURCES)
    config.records.rules.test_fraction = 0.1
    config.style = {
        "encoder": {
            "levels": levels,
            "code_size": 64,
            "color_levels": 0,
            "pretrained": placeholder(str),
        },
        "model": {"push": "sum", "shift": 4},
        "classifier": {"shift": 4},
        "batches": {"artists_per_batch": 16, "works_per_artist": 4},
        "optimizer": adam | {"learning_rate": 1e-3},
        "presumed_optimizer": adam | {"learning_rate": 2e-2},
        "fit": report | {"steps": 40_000, "patience": placeholder(int)},
        "prune": {"at_least": 8},
    }
    config.content = {
        "encoder": {"levels": levels, "code_size": 64, "hidden_size": 256},
        "decoder": dict(decoder),
        "model": dict(DEMO["VAE"]),
        "batches": dict(batches),
        "optimizer": rmsprop | {"learning_rate": 5e-4, "final_fraction": 0.05},
        "fit": report | {"steps": 60_000},
        "prune": {"standardize": True},
    }
    config.gan = {
        "warm_start": True,
        "free_scale": 0.2,
        "generator": dict(decoder),
        "judge": "projected",
        "discriminator": {"stages": (1, 2, 3, 5)},
        "model": dict(DEMO["GAN"]),
        "batches": dict(batches),
        "optimizer": dict(opponents),
        "discriminator_optimizer": dict(opponents),
        "fit": report | {"steps": 200_000},
    }
    config.evaluate.recovery.images = 4096
    config.export.saved_model.tolerance = 1e-4
    return config
