"""What each signature computes, from live Keras networks."""

import copy
import functools

import keras
import numpy as np
import tensorflow as tf

from anime_style_tf.errors import InputError
from anime_style_tf.image.color import lab_to_srgb, srgb_to_lab
from anime_style_tf.serving.free_code import free_code
from anime_style_tf.serving.image_files import decode_images, encode_png
from anime_style_tf.serving.known_artists import KnownArtists
from anime_style_tf.serving.nearest_works import NearestWorks
from anime_style_tf.serving.precision import round_to_half
from anime_style_tf.serving.signatures import SAVED_MODELS, SIGNATURES, concrete_shape
from anime_style_tf.tensors import Tensor


class Portraits:
    """The functions behind the signatures; a method of the signature's name for each.

    Every method takes and returns tensors as `signatures.SIGNATURES` says (inputs in that
    order, outputs as a dictionary) and runs eagerly as well as in a graph.

    Args:
        style_encoder: Keras model, normalized Lab `[batch, size, size, 3]` to standardized
            style codes `[batch, k_S]` (a `PrunedEncoder`).
        content_encoder: the same for content, to `[batch, k_C]`; None if there is none.
        generator: Keras model, codes `[batch, code_size]` (style, content, free) to normalized
            Lab, with the attribute `code_size`; what k_S and k_C leave of it is free. None if there
            is none, and without a content encoder.
        image_size: side of an image, pixels.
        works: `NearestWorks` for the signature `nearest_bytes`; None: without it.
        artists: `KnownArtists` for the signature `attribute_bytes`; None: without it.

    Attributes:
        sizes: `{"size", "k_S", "k_C", "free"}`, of the networks that are there, and "works" and
            "artists" where there are some.

    Raises:
        InputError: if a network does not give the shape above.
    """

    def __init__(
        self,
        *,
        style_encoder: keras.Model,
        content_encoder: keras.Model | None = None,
        generator: keras.Model | None = None,
        image_size: int,
        works: NearestWorks | None = None,
        artists: KnownArtists | None = None,
    ):
        self._style_encoder = style_encoder
        self._content_encoder = content_encoder
        self._takes_style_off = getattr(content_encoder, "style_encoder", None) is not None
        self._generator = generator
        # A graph for all signatures: with its checks of each format it takes a second to trace.
        self._decode = tf.function(
            functools.partial(decode_images, image_size=image_size),
            input_signature=[tf.TensorSpec([None], tf.string)],
            autograph=False,
        )
        self._answers = {"nearest_bytes": works, "attribute_bytes": artists}
        if works or artists:
            self._center, self._unit = (
                np.asarray(weights, "float64")
                for weights in (style_encoder.mean, style_encoder.deviation)
            )
        black = np.zeros((1, image_size, image_size, 3), "float32")
        self.sizes = {
            "size": image_size,
            "k_S": _code_size("style", style_encoder(black, training=False)),
        }
        self.sizes |= {"works": works.count} if works else {}
        self.sizes |= {"artists": artists.count} if artists else {}
        if content_encoder is not None:
            self.sizes["k_C"] = _code_size("content", content_encoder(black, training=False))
        if generator is not None:
            self._check_generator(black)

    def _check_generator(self, black):
        """Counts what of its code is free; refuses one that does not belong to the encoders."""
        generator = self._generator
        self.sizes["free"] = generator.code_size - self.sizes["k_S"] - self.sizes["k_C"]
        if self.sizes["free"] < 0:
            raise InputError(
                f"The generator's code has {generator.code_size} dimensions, expected at least "
                f"k_S + k_C = {self.sizes['k_S'] + self.sizes['k_C']}; give "
                f"the networks of one run."
            )
        drawn = generator(np.zeros((1, generator.code_size), "float32"), training=False)
        if tuple(drawn.shape) != black.shape:
            raise InputError(
                f"The generator draws images of shape {tuple(drawn.shape)} where {black.shape} "
                f"is expected; give the networks of one run and their image_size."
            )

    def saved_models(self) -> dict[str, tuple[str, ...]]:
        """Returns those of `signatures.SAVED_MODELS` whose networks are there.

        The bundle, which draws, needs all of them. Signatures that ask works or artists are in it
        where there are some.
        """
        networks = {"style_encoder": self._style_encoder, "content_encoder": self._content_encoder}
        last = self._generator
        return {
            name: [key for key in signatures if self._answers.get(key, True) is not None]
            for name, signatures in SAVED_MODELS.items()
            if networks.get(name, last) is not None
        }

    def traced(self) -> "Portraits":
        """Returns the same with each network traced once, for all signatures to share.

        Without it every signature would hold a copy of the graphs that it uses.
        """
        images = tf.TensorSpec([None, self.sizes["size"], self.sizes["size"], 3], tf.float32)
        shared = copy.copy(self)
        shared._style_encoder = _traced(self._style_encoder, images)
        if self._content_encoder is not None:
            style = tf.TensorSpec([None, self.sizes["k_S"]], tf.float32)
            known = (style,) if self._takes_style_off else ()
            shared._content_encoder = _traced(self._content_encoder, images, *known)
        if self._generator is not None:
            codes = tf.TensorSpec([None, self._generator.code_size], tf.float32)
            shared._generator = _traced(self._generator, codes)
        return shared

    def round_to_half(self) -> None:
        """Rounds the weights of all three networks in place; see `round_to_half`."""
        for network in (self._style_encoder, self._content_encoder, self._generator):
            round_to_half(network)

    def input_specs(self, name: str) -> "list[tf.TensorSpec]":
        """Returns the `tf.TensorSpec`s of a signature's inputs, in order."""
        return [
            tf.TensorSpec(concrete_shape(field, self.sizes), field.dtype, name=field.name)
            for field in SIGNATURES[name].inputs
        ]

    def encode_style(self, images: Tensor) -> dict[str, Tensor]:
        """Returns `{"style"}`: S of uint8 images."""
        return {"style": _encode(self._style_encoder, images)}

    def encode_style_bytes(self, files: Tensor) -> dict[str, Tensor]:
        """Returns `{"style"}`: S of image files."""
        return self.encode_style(self._decode(files))

    def encode_content(self, images: Tensor) -> dict[str, Tensor]:
        """Returns `{"content"}`: C of uint8 images."""
        return {"content": self._content(images)}

    def encode_content_bytes(self, files: Tensor) -> dict[str, Tensor]:
        """Returns `{"content"}`: C of image files."""
        return self.encode_content(self._decode(files))

    def generate(self, style: Tensor, content: Tensor, seed: Tensor) -> dict[str, Tensor]:
        """Returns `{"images"}`: G of the codes, with the free code that each seed gives."""
        return {"images": self._draw(style, content, free_code(seed, self.sizes["free"]))}

    def generate_bytes(self, style: Tensor, content: Tensor, seed: Tensor) -> dict[str, Tensor]:
        """Returns `{"png_bytes"}`: `generate` as PNG files."""
        return {"png_bytes": encode_png(self.generate(style, content, seed)["images"])}

    def draw(self, style: Tensor, content: Tensor, free: Tensor) -> dict[str, Tensor]:
        """Returns `{"images"}`: G of the codes, the free one among them."""
        return {"images": self._draw(style, content, free)}

    def draw_bytes(self, style: Tensor, content: Tensor, free: Tensor) -> dict[str, Tensor]:
        """Returns `{"png_bytes"}`: `draw` as PNG files."""
        return {"png_bytes": encode_png(self.draw(style, content, free)["images"])}

    def transfer(self, content_images: Tensor, style_images: Tensor) -> dict[str, Tensor]:
        """Returns `{"images"}`: each content image in its style image's style, free code zero.

        Source: Xiang & Li (2018), figure 7; with the same image twice, figure 6.
        """
        content = self.encode_content(content_images)["content"]
        style = self.encode_style(style_images)["style"]
        return {"images": self._draw(style, content)}

    def transfer_bytes(self, content_files: Tensor, style_files: Tensor) -> dict[str, Tensor]:
        """Returns `{"png_bytes"}`: `transfer` from files to PNG files."""
        images = self.transfer(self._decode(content_files), self._decode(style_files))["images"]
        return {"png_bytes": encode_png(images)}

    def reconstruct(self, images: Tensor) -> dict[str, Tensor]:
        """Returns `{"images"}`: each image drawn anew from its own codes."""
        return {"images": self._draw(*self._codes(images))}

    def reconstruct_bytes(self, files: Tensor) -> dict[str, Tensor]:
        """Returns `{"png_bytes"}`: `reconstruct` from files to PNG files."""
        return {"png_bytes": encode_png(self.reconstruct(self._decode(files))["images"])}

    def edit(self, images: Tensor, shift: Tensor) -> dict[str, Tensor]:
        """Returns `{"images"}`: each image with its style moved."""
        style, content = self._codes(images)
        return {"images": self._draw(style + shift, content)}

    def edit_bytes(self, files: Tensor, shift: Tensor) -> dict[str, Tensor]:
        """Returns `{"png_bytes"}`: `edit` from files to PNG files."""
        return {"png_bytes": encode_png(self.edit(self._decode(files), shift)["images"])}

    def interpolate(
        self, images: Tensor, other_images: Tensor, style_weight: Tensor, content_weight: Tensor
    ) -> dict[str, Tensor]:
        """Returns `{"images"}`: drawn from between the codes of two images."""
        style, content = self._codes(images)
        other_style, other_content = self._codes(other_images)
        style += style_weight[:, None] * (other_style - style)
        content += content_weight[:, None] * (other_content - content)
        return {"images": self._draw(style, content)}

    def interpolate_bytes(
        self, files: Tensor, other_files: Tensor, style_weight: Tensor, content_weight: Tensor
    ) -> dict[str, Tensor]:
        """Returns `{"png_bytes"}`: `interpolate` from files to PNG files."""
        pairs = self._decode(files), self._decode(other_files)
        images = self.interpolate(*pairs, style_weight, content_weight)["images"]
        return {"png_bytes": encode_png(images)}

    def attribute_bytes(self, files: Tensor) -> dict[str, Tensor]:
        """Returns `{"artists", "probabilities", "p_value"}` of image files."""
        return self._answers["attribute_bytes"](self._raw_style(files))

    def nearest_bytes(self, files: Tensor) -> dict[str, Tensor]:
        """Returns `{"works", "artists", "distances"}` of image files."""
        return self._answers["nearest_bytes"](self._raw_style(files))

    def _codes(self, images):
        style = self.encode_style(images)["style"]
        return style, self._content(images, style)

    def _content(self, images, style=None):
        """The content code, of images whose style is known or not.

        Never by the style encoder inside the content encoder, so that a bundle carries one alone.
        """
        known = ()
        if self._takes_style_off:
            known = (self.encode_style(images)["style"] if style is None else style,)
        return _encode(self._content_encoder, images, *known)

    def _raw_style(self, files):
        """The style code as the encoder gives it, before it is standardized."""
        style = self.encode_style_bytes(files)["style"]
        return tf.cast(style, tf.float64) * self._unit + self._center

    def _draw(self, style, content, free=None):
        if free is None:
            free = tf.zeros([tf.shape(content)[0], self.sizes["free"]])
        parts = (style, content, free)
        rows = tf.stack([tf.shape(part)[0] for part in parts])
        # A code that is not finite would be drawn as something that looks like an answer.
        checks = [
            (tf.reduce_all(rows == rows[0]), "expected as many rows in each input"),
            (tf.reduce_all(tf.math.is_finite(style)), "expected a style of finite numbers"),
            (tf.reduce_all(tf.math.is_finite(content)), "expected a content of finite numbers"),
        ]
        asserts = [tf.debugging.Assert(holds, [message]) for holds, message in checks]
        with tf.control_dependencies([each for each in asserts if each is not None]):
            code = tf.concat([tf.identity(part) for part in parts], axis=-1)
        return lab_to_srgb(self._generator(code, training=False))


def _traced(network, *specs):
    def call(*inputs):
        return network(*inputs, training=False)

    function = tf.function(call, input_signature=specs, autograph=False)
    return lambda *inputs, training: function(*inputs)


def _encode(encoder, images, *known):
    return tf.cast(encoder(srgb_to_lab(images), *known, training=False), tf.float32)


def _code_size(name, codes):
    shape = getattr(codes, "shape", None)
    if shape is None or len(shape) != 2:
        raise InputError(
            f"The {name} encoder must return one tensor [batch, code], received "
            f"{type(codes).__name__} of shape {shape}; wrap it in a PrunedEncoder."
        )
    return int(shape[1])
