"""Preset `demo`: what `make demo` runs; portraits by 12 designers, rendered on this machine.

The styles are easy to tell apart (the nearest training work by hand-made features, HOG and LBP, is
by the same hand for every test work), so this shows that the whole method works, not that its style
space finds a hand better than features that nobody trained.

Command:   make demo
           On a small collection of your own, 10 works an artist or more, with the same steps:
           python -m anime_style_tf --config=configs/demo.py:folder --workdir=runs/mine \
               --config.records.source_options.path=PORTRAITS
Hardware:  2 CPU cores
Time:      under 20 minutes, the environment included
Results:   README.md, "What the demo gives"
"""

from ml_collections import ConfigDict
from ml_collections.config_dict import placeholder

SOURCES = {
    "dicebear": {"works_per_artist": 150, "seed": 0},
    "folder": {"path": "portraits"},
}
RULES = {
    "dicebear": {"min_works": 50, "test_fraction": 0.2, "test_minimum": 10},
    "folder": {"min_works": 10, "test_fraction": 0.2, "test_minimum": 3},
}

FIGURES = {
    "figure_2": {"rows": 6, "columns": 10},
    "figure_3": {"side": 5},
    "figure_4_5": {"samples": 3, "works": 6},
    "figure_6": {"works": 10},
    "figure_7": {"rows": 6, "columns": 8},
    "style_map": {"named": 40},
    "dimension_dictionary": {"works": 4, "measured": 4000, "resamples": 1000},
}


def get_config(source="dicebear"):
    """Returns the preset for a source, a key of `SOURCES`."""
    image_size = 64
    levels = (32, 64, 128, 256)
    encoder_levels = (16, 32, 64, 128)
    adam = {"name": "adam", "warmup_steps": 50, "final_fraction": 0.05, "average": 0.98}
    rmsprop = {"name": "rmsprop", "warmup_steps": 50, "final_fraction": 0.05, "average": 0.98}
    report = {"steps_per_epoch": 25, "checkpoint_seconds": 60.0}
    return ConfigDict(
        {
            "name": "demo",
            "image_size": image_size,
            "precision": "float32",
            "seed": 0,
            "records": {
                "source": source,
                "source_options": SOURCES[source],
                "rendering": {"detector": "none", "min_likelihood": 0.9, "crop_scale": 1.75},
                "rules": RULES[source],
                "writer": {"opt_out": placeholder(str), "rejects": placeholder(str)},
            },
            "style": {
                "encoder": {"levels": encoder_levels, "code_size": 32},
                "model": {"push": "sum", "shift": 2},
                "classifier": {"shift": 2},
                "batches": {"artists_per_batch": 14, "works_per_artist": 3},
                "optimizer": adam | {"learning_rate": 3e-3},
                "presumed_optimizer": adam | {"learning_rate": 2e-2},
                "fit": report | {"steps": 800, "patience": placeholder(int)},
            },
            "content": {
                "encoder": {"levels": encoder_levels, "code_size": 48, "hidden_size": 256},
                "decoder": {"levels": levels, "hidden_size": 256},
                "model": {"divergence_weight": 5e-6},
                "batches": {"batch_size": 32},
                "optimizer": rmsprop | {"learning_rate": 2e-3},
                "fit": report | {"steps": 3500},
                "prune": {"standardize": True},
            },
            "gan": {
                "warm_start": True,
                "generator": {"levels": levels, "hidden_size": 256},
                "discriminator": {"levels": (48, 96), "half_patches": 2, "full_patches": 4},
                "model": {"free_size": 16, "style_weight": 1.0, "content_weight": 0.5},
                "batches": {"batch_size": 16},
                "optimizer": rmsprop | {"learning_rate": 5e-5},
                "discriminator_optimizer": rmsprop | {"learning_rate": 2e-4},
                "fit": report | {"steps": 600},
            },
            "evaluate": {
                "recovery": {"images": 1024},
                "reattribution": {"images_per_artist": 40},
                "fidelity": {"images": 500},
                "edits": {"second_run": placeholder(str), "images": 64},
            },
            "explore": FIGURES,
            "index": {"embedding": {}, "projector": {}, "search": {"backend": "exact"}},
            "export": {"saved_model": {"tolerance": 1e-3}},
        }
    )
