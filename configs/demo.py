"""Preset `demo`: what `make demo` runs; portraits by 12 designers, rendered on this machine.

The styles are easy to tell apart (the nearest training work by hand-made features, HOG and LBP, is
by the same artist for every test work), so this shows that the method works, not that its style
space finds an artist better than features that nobody trained.

Command:   make demo
           On a small collection of your own, 10 works an artist or more, with the same steps:
           anime-style train --config=demo:folder --workdir=runs/mine \
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


DECODER = {
    "levels": (32, 64, 128, 256),
    "hidden_size": 256,
    "full_features": 16,  # lines one pixel wide
    "resized": True,  # no grid
    "modulated": True,  # every block hears the style
}
# Illustrations have even fills, where convolutions leave a mottle of a few levels.
GENERATOR = DECODER | {"even_fills": 8.0}
# The squared error draws the mean of all drawings that share a code, which is a blur.
VAE = {
    "divergence_weight": 6e-6, "error": "absolute", "perceptual_weight": 0.2,
    "dependence_weight": 0.1,  # the content code keeps from telling its artist
}  # fmt: skip
# What is left of the style in the content suits one artist alone.
PRUNE_CONTENT = {"standardize": True, "subtract_style": True}
GAN = {
    "free_size": 16,
    "style_weight": 1.0,
    "content_weight": 3.0,
    "loss": "hinge",
    # Styles that artists have, not the empty space between them.
    "mixture": {"same": 0.25, "random": 0.375, "jitter": 0.1},
    # So that a fine grid does not pass for style or content.
    "perturbation": {"shift": 2, "blur": 0.7, "noise": 0.02},
    # What a work's own codes should give back.
    "reconstruction_weight": 8.0,
    "perceptual_weight": 2.0,
    # What the free code should change; asked for twice as much, it paints specks in corners.
    "diversity_weight": 1.0,
    "least_diversity": 0.04,
    # A good drawing in another's style is not this artist's.
    "mismatch_weight": 0.25,
}
# Of opponents that move: no memory of directions.
BETAS = (0.0, 0.99)
ADAM = {"name": "adam", "warmup_steps": 50, "final_fraction": 0.05, "average": 0.98}
RMSPROP = {"name": "rmsprop", "warmup_steps": 50, "final_fraction": 0.05, "average": 0.98}
REPORT = {"steps_per_epoch": 25, "checkpoint_seconds": 60.0}
# One run on two cores, by which the time that is left is told.
MEASURED = {
    "preset": "demo",
    "seconds": {
        "records": 15, "style": 100, "content": 315, "gan": 466,
        "evaluate": 54, "explore": 11, "index": 3, "export": 46,
    },
    "steps": {"style": 800, "content": 1500, "gan": 2000},
}  # fmt: skip
LEVELS = (16, 32, 64, 128)
# As copies are that somebody made smaller, which then keep their artist.
CHANGED = {"shift": 2, "blur": 1.0}


def options_of(source, sources):
    """Returns the options of a source, one of some."""
    if source not in sources:
        raise ValueError(f"expected {' or '.join(sources)}, received {source!r}")
    return sources[source]


def get_config(source="dicebear"):
    """Returns the preset for a source, a key of `SOURCES`."""
    return ConfigDict(
        {
            "name": "demo",
            "image_size": 64,
            "precision": "float32",
            "seed": 0,
            "records": {
                "source": source,
                "source_options": options_of(source, SOURCES),
                "rendering": {"detector": "none", "min_likelihood": 0.9, "crop_scale": 1.75},
                "rules": RULES[source],
                "writer": {"opt_out": placeholder(str), "rejects": placeholder(str)},
            },
            "style": {
                "encoder": {"levels": LEVELS, "code_size": 32, "pretrained": placeholder(str)},
                "model": {"push": "sum", **CHANGED},
                "classifier": CHANGED,
                "batches": {"artists_per_batch": 14, "works_per_artist": 3},
                "optimizer": ADAM | {"learning_rate": 3e-3},
                "presumed_optimizer": ADAM | {"learning_rate": 2e-2},
                "fit": REPORT | {"steps": 800, "patience": placeholder(int)},
                # Two dimensions tell these artists apart; drawing in their styles takes more.
                "prune": {"at_least": 8},
            },
            "content": {
                "encoder": {"levels": LEVELS, "code_size": 48, "hidden_size": 256},
                "decoder": dict(DECODER),
                "model": dict(VAE),
                "batches": {"batch_size": 32},
                "optimizer": RMSPROP | {"learning_rate": 2e-3},
                "fit": REPORT | {"steps": 1500},
                "prune": dict(PRUNE_CONTENT),
            },
            "gan": {
                "warm_start": True,
                # Rows of the free code at that start: at 0 another seed gives the same picture.
                "free_scale": 0.2,
                "generator": dict(GENERATOR),
                # Heads on a pretrained network's maps judge well after a hundred steps.
                "judge": "projected",
                "discriminator": {"stages": (1, 2, 3, 5)},
                "model": dict(GAN),
                "batches": {"batch_size": 16},
                "optimizer": ADAM | {"learning_rate": 3e-4, "average": 0.99, "betas": BETAS},
                "discriminator_optimizer": ADAM | {"learning_rate": 5e-4, "betas": BETAS},
                "fit": REPORT | {"steps": 2000},
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
            "measured": MEASURED,
        }
    )
