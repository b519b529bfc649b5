"""What the first four stages of a run have left, ready to be measured, shown or served."""

import dataclasses
import functools
import json
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from anime_style_tf.content_density import ContentDensity
from anime_style_tf.data.reader import Records
from anime_style_tf.exploration import assemble_codes
from anime_style_tf.image.color import lab_to_srgb
from anime_style_tf.serving.precision import compute_in_float32
from anime_style_tf.workdir import networks

# Part that a run may lack -> the file that is there with it, and what to say without it.
PARTS = {
    "classifier": ("style/classifier_encoder.keras", "the run has no reference classifier"),
    "content": (
        "content/done.json",
        "the run has no finished content encoder: run --stage=content with the same --workdir",
    ),
    "gan": (
        "gan/done.json",
        "the run has no finished generator: run --stage=gan with the same --workdir",
    ),
}


@dataclasses.dataclass(frozen=True)
class Trained:
    """A run's records and networks, each read when it is first asked for.

    Args:
        workdir: folder of the run.
    """

    workdir: Path

    @functools.cached_property
    def records(self) -> Records:
        """The records."""
        return Records(self.workdir / "records")

    @functools.cached_property
    def style_encoder(self) -> keras.Model:
        """S^, pruned and standardized."""
        return self.network("style", "pruned_style_encoder")

    @functools.cached_property
    def content_encoder(self) -> keras.Model:
        """C^, pruned."""
        return self.network("content", "pruned_content_encoder")

    @functools.cached_property
    def content_density(self) -> ContentDensity:
        """How contents of works lie; N(0, I) in a run of before, which has not fitted them."""
        path = self.workdir / "content" / "density.json"
        if not path.is_file():
            return ContentDensity.standard(self.content_encoder.code_size)
        return ContentDensity.load(path)

    @functools.cached_property
    def generator(self) -> keras.Model:
        """G, from `[style | content | free]` to normalized Lab."""
        return self.network("gan", "generator")

    def network(self, stage, name):
        """Returns a network that a stage left, computing in float32 whatever it was trained in.

        So what is measured is what is served.
        """
        return compute_in_float32(networks.load_network(self.workdir / stage / f"{name}.keras"))

    def lacks(self, *parts):
        """Returns why what needs these parts, keys of `PARTS`, cannot be had; None if it can."""
        for file, reason in map(PARTS.get, parts):
            if not (self.workdir / file).is_file():
                return reason
        return None

    @property
    def free_size(self) -> int:
        """Dimensions of the code that are neither style nor content."""
        return (
            self.generator.code_size - self.style_encoder.code_size - self.content_encoder.code_size
        )

    @functools.cached_property
    def artists(self) -> dict:
        """Arrays of `style/artists.npz`.

        `presumed_styles` and `classifier_kernel` `[artists, D]` and `[D, artists]`, `scales`
        `[D]`, `classifier_bias` `[artists]`, `mean_styles` `[artists, k_S]` in the units of S^.
        """
        with np.load(self.workdir / "style" / "artists.npz", allow_pickle=False) as file:
            return dict(file)

    def pruning(self, stage):
        """Returns how a stage's number of dimensions was chosen, as a dictionary."""
        return json.loads((self.workdir / stage / "pruning.json").read_text("utf-8"))

    @functools.cached_property
    def generate(self):
        """Function from codes to generated images.

        `(style [..., k_S], content [..., k_C], free=None [..., f])`, leading axes broadcast, to
        `[..., height, width, 3]` float32 sRGB in [0, 1]; `free` None is zeros.
        """
        generator = self.generator
        draw = tf.function(
            lambda codes: lab_to_srgb(generator(codes)),
            autograph=False,
            reduce_retracing=True,
        )

        def generate(style, content, free=None):
            free = np.zeros(self.free_size) if free is None else free
            codes = assemble_codes(style, content, free)
            flat = codes.reshape(-1, codes.shape[-1])
            parts = [draw(flat[i : i + 64]).numpy() for i in range(0, len(flat), 64)]
            images = np.concatenate(parts)
            return images.reshape(*codes.shape[:-1], *images.shape[1:])

        return generate

    @functools.cached_property
    def encode_style(self):
        """Function from images to style codes alone, as `encode` gives them."""
        return networks.image_function(self.style_encoder)

    @functools.cached_property
    def encode(self):
        """Function from images to both codes.

        `[images, height, width, 3]`, sRGB uint8 or in [0, 1], to `(style [images, k_S], content
        [images, k_C])`, NumPy.
        """
        # Read here: inside the traced function their weights would not be loaded.
        style_encoder, content_encoder = self.style_encoder, self.content_encoder

        def both(lab):
            style = style_encoder(lab)
            return style, content_encoder(lab, style)

        return networks.image_function(both)
