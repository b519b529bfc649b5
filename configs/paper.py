"""Preset `paper`: the paper's scale, 256 pixels, on your own portraits.

The paper fixes the method and the order; of the numbers here only the GAN's learning rate and its
ramp come from its first author's code. All others are our settings (`docs/method.md`);
what is not said here is as in `demo`.

Command:   anime-style train --config=paper --workdir=runs/paper \
               --config.records.source_options.path=PORTRAITS
           PORTRAITS holds one folder per artist, with 50 works or more in each; the paper's own
           portraits cannot be passed on.
Hardware:  meant for one GPU with 40 GB or more
Time:      not run by us; days
Results:   not run by us
"""

import pathlib
import runpy

# By its place beside this file, so that the preset can be named from any folder.
DEMO = runpy.run_path(str(pathlib.Path(__file__).with_name("demo.py")))


def get_config():
    """Returns the preset."""
    levels = (64, 128, 256, 384, 512, 512)
    decoder = {"levels": levels, "keep_width": True}
    adam = {"name": "adam", "warmup_steps": 500, "final_fraction": 0.05, "average": 0.9995}
    rmsprop = {"name": "rmsprop", "warmup_steps": 100, "average": 0.9995}
    batches = {"batch_size": 32}
    report = {"steps_per_epoch": 500, "checkpoint_seconds": 900.0}
    config = DEMO["get_config"]("folder")
    config.update({"name": "paper", "image_size": 256, "precision": "mixed_bfloat16"})
    config.records.rules = {"min_works": 50, "test_fraction": 0.1, "test_minimum": 10}
    config.style = {
        "encoder": {"levels": levels, "blocks": 2, "code_size": 512},
        "model": {"push": "sum", "shift": 8},
        "classifier": {"shift": 8},
        "batches": {"artists_per_batch": 16, "works_per_artist": 4},
        "optimizer": adam | {"learning_rate": 5e-4},
        "presumed_optimizer": adam | {"learning_rate": 2e-2},
        "fit": report | {"steps": 300_000, "patience": 20},
    }
    config.content = {
        "encoder": {"levels": levels, "code_size": 512, "hidden_size": 1024},
        "decoder": decoder | {"hidden_size": 1024},
        "model": {"divergence_weight": 1e-4},
        "batches": dict(batches),
        "optimizer": rmsprop | {"learning_rate": 1e-4, "final_fraction": 0.05},
        "fit": report | {"steps": 300_000},
        "prune": {"standardize": True},
    }
    config.gan = {
        "warm_start": False,
        "generator": decoder | {"hidden_size": 0, "stem_scale": 0.01},
        "discriminator": {
            "levels": (64, 128, 256, 512),
            "half_patches": 4,
            "full_patches": 16,
        },
        "model": {"code_size": 512, "style_weight": 1.0, "content_weight": 1.0},
        "batches": dict(batches),
        "optimizer": rmsprop | {"learning_rate": 2e-5},
        "discriminator_optimizer": rmsprop | {"learning_rate": 2e-5},
        "fit": report | {"steps": 1_000_000},
    }
    config.evaluate.recovery.images = 4096
    config.evaluate.reattribution.images_per_artist = 10
    config.export.saved_model.tolerance = 1e-4
    return config
