"""The smallest run that draws: networks that have learned nothing, artists with known styles."""

import keras
import numpy as np

from anime_style_tf.content_density import ContentDensity
from anime_style_tf.content_encoder import ContentEncoder
from anime_style_tf.decoder import Decoder
from anime_style_tf.workdir.networks import prune, save_network
from tests.stages.searchable import MANY, make_run

MEAN_STYLES = np.array([[1.0, 0.0], [0.0, 2.0], [-1.0, 0.5]], "float32")  # ann, bob, cat
FREE = 3
# Two groups of works.
CONTENTS = ContentDensity([0.25, 0.75], [[-2, 0], [2, 1]], [[[0.1, 0], [0.2, 0.1]]] * 2)


def make_drawable(workdir):
    """Leaves records, both encoders and a generator; returns the folder."""
    make_run(workdir, works=MANY)
    keras.utils.set_random_seed(1)
    content = ContentEncoder(image_size=16, levels=(4, 6), code_size=4, hidden_size=8)
    content.build()
    pruned = prune(content, 2, np.random.default_rng(1).normal(0, 0.1, (50, 4)))
    save_network(pruned, workdir / "content" / "pruned_content_encoder.keras")
    CONTENTS.save(workdir / "content" / "density.json")
    generator = Decoder(code_size=4 + FREE, image_size=16, levels=(4, 6), hidden_size=8)
    generator.build()
    save_network(generator, workdir / "gan" / "generator.keras")
    for stage in ("content", "gan"):
        (workdir / stage / "done.json").write_text("{}")
    np.savez(workdir / "style" / "artists.npz", mean_styles=MEAN_STYLES)
    return workdir
