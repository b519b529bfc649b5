"""Preset `paper`: the paper's scale, 256 pixels, on your own portraits.

The paper fixes the method and the order; of the numbers here only the GAN's learning rate and its
ramp come from its first author's code. All others are our settings (`docs/method.md`).

Command:   python -m anime_style_tf --config=configs/paper.py --workdir=runs/paper \
               --config.records.source_options.path=PORTRAITS
           PORTRAITS holds one folder per artist, with 50 works or more in each; the paper's own
           portraits cannot be passed on.
Hardware:  meant for one GPU with 40 GB or more
Time:      not run by us; days
Results:   not run by us
"""

from ml_collections import ConfigDict
from ml_collections.config_dict import placeholder

FIGURES = {
    "figure_2": {"rows": 6, "columns": 10},
    "figure_3": {"side": 5},
    "figure_4_5": {"samples": 3, "works": 6},
    "figure_6": {"works": 10},
    "figure_7": {"rows": 6, "columns": 8},
    "style_map": {"named": 40},
    "dimension_dictionary": {"works": 4, "measured": 4000, "resamples": 1000},
}


def get_config():
    """Returns the preset."""
    levels = (64, 128, 256, 384, 512, 512)
    decoder = {"levels": levels, "keep_width": True}
    adam = {"name": "adam", "warmup_steps": 500, "final_fraction": 0.05, "average": 0.9995}
    rmsprop = {"name": "rmsprop", "warmup_steps": 100, "average": 0.9995}
    batches = {"batch_size": 32}
    report = {"steps_per_epoch": 500, "checkpoint_seconds": 900.0}
    return ConfigDict(
        {
            "name": "paper",
            "image_size": 256,
            "precision": "mixed_bfloat16",
            "seed": 0,
            "records": {
                "source": "folder",
                "source_options": {"path": "portraits"},
                "rendering": {"detector": "none", "min_likelihood": 0.9, "crop_scale": 1.75},
                "rules": {"min_works": 50, "test_fraction": 0.1, "test_minimum": 10},
                "writer": {"opt_out": placeholder(str), "rejects": placeholder(str)},
            },
            "style": {
                "encoder": {"levels": levels, "blocks": 2, "code_size": 512},
                "model": {"push": "sum", "shift": 8},
                "classifier": {"shift": 8},
                "batches": {"artists_per_batch": 16, "works_per_artist": 4},
                "optimizer": adam | {"learning_rate": 5e-4},
                "presumed_optimizer": adam | {"learning_rate": 2e-2},
                "fit": report | {"steps": 300_000, "patience": 20},
            },
            "content": {
                "encoder": {"levels": levels, "code_size": 512, "hidden_size": 1024},
                "decoder": decoder | {"hidden_size": 1024},
                "model": {"divergence_weight": 1e-4},
                "batches": dict(batches),
                "optimizer": rmsprop | {"learning_rate": 1e-4, "final_fraction": 0.05},
                "fit": report | {"steps": 300_000},
                "prune": {"standardize": True},
            },
            "gan": {
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
            },
            "evaluate": {"recovery": {"images": 4096}, "reattribution": {"images_per_artist": 10}},
            "explore": FIGURES,
            "index": {"embedding": {}, "projector": {}, "search": {"backend": "exact"}},
            "export": {"saved_model": {"tolerance": 1e-4}},
        }
    )
