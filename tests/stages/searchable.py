"""The smallest run that can be embedded, indexed and asked."""

import json

import keras
import numpy as np
from ml_collections import ConfigDict

from anime_style_tf.stages import index
from anime_style_tf.style_encoder import StyleEncoder
from anime_style_tf.workdir.networks import prune, save_network
from tests.data.written_sets import write

WORKS = {"ann": 9, "bob": 8, "cat": 8}
MANY = {"ann": 40, "bob": 40, "cat": 40}  # enough to fit an attribution


def make_run(workdir, *, seed=0, works=None):
    """Leaves records and an encoder that has learned nothing; returns the folder."""
    write(workdir / "records", works or WORKS)
    keras.utils.set_random_seed(seed)
    encoder = StyleEncoder(image_size=16, levels=(4, 6), code_size=3)
    encoder.build()
    save_network(encoder, workdir / "style" / "style_encoder.keras")
    pruned = prune(encoder, 2, np.random.default_rng(seed).normal(0.3, 0.1, (50, 3)))
    save_network(pruned, workdir / "style" / "pruned_style_encoder.keras")
    (workdir / "style" / "pruning.json").write_text(json.dumps({"code_size": 2}))
    return workdir


def make_index(workdir, *, backend="exact", works=10):
    """Runs the stage; returns its lines."""
    (workdir / "index").mkdir(exist_ok=True)
    section = {
        "embedding": {"batch_size": 4, "progress": False},
        "projector": {"works": works, "thumbnail_side": 8},
        "search": {"backend": backend},
    }
    return index.run(ConfigDict({"index": section}).lock(), workdir)
