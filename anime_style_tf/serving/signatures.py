"""The signature table: every request that can be made, its inputs and its outputs.

In a plain signature an image is a tensor. In its `_bytes` twin every image, coming in or going
out, is an encoded file. An output's name ends in `_bytes` where it holds one, because
TensorFlow Serving's REST interface encodes exactly such outputs as `{"b64": ...}`; other string
outputs are texts.
"""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Field:
    """One named tensor of a signature.

    Attributes:
        name: its name in requests and answers.
        dtype: TensorFlow's name of the type.
        shape: axes; a string is an axis named in `AXES`, an integer is that size.
        holds: what it holds, with its range.
    """

    name: str
    dtype: str
    shape: tuple
    holds: str


@dataclasses.dataclass(frozen=True)
class Signature:
    """One request.

    Attributes:
        computes: what the answer is, in the paper's terms.
        inputs: `Field`s, in the order of the function's arguments.
        outputs: `Field`s.
    """

    computes: str
    inputs: tuple
    outputs: tuple


AXES = {
    "batch": "requests in one call, any number",
    "size": "image side in pixels",
    "k_S": "style dimensions kept",
    "k_C": "content dimensions kept",
    "free": "dimensions of the code that are neither",
    "artists": "artists known, enrolled ones included",
    "works": "works found, at most 20",
}

_IMAGE = ("batch", "size", "size", 3)
_IMAGES = Field("images", "uint8", _IMAGE, "sRGB in 0-255")
_FILES = Field("files", "string", ("batch",), "encoded image files, any size")
_STYLE = Field("style", "float32", ("batch", "k_S"), "standardized style code")
_CONTENT = Field("content", "float32", ("batch", "k_C"), "content code, as C gives it")
_SEED = Field("seed", "int64", ("batch",), "any integer; decides the free code")
_FREE = Field("free", "float32", ("batch", "free"), "free code, N(0, I); zeros: none")
_DRAWN = Field("images", "float32", _IMAGE, "sRGB in [0, 1]")
_PNG = Field("png_bytes", "string", ("batch",), "PNG files of `size` x `size` pixels")
_PAIR = (
    Field("content_images", "uint8", _IMAGE, "sRGB in 0-255; what to draw"),
    Field("style_images", "uint8", _IMAGE, "sRGB in 0-255; how to draw it"),
)
_FILE_PAIR = (
    Field("content_files", "string", ("batch",), "encoded image files; what to draw"),
    Field("style_files", "string", ("batch",), "encoded image files; how to draw it"),
)
_SHIFT = Field("shift", "float32", ("batch", "k_S"), "added to the style, standard deviations")
_WEIGHTS = (
    Field("style_weight", "float32", ("batch",), "s: 0 is the first image's style, 1 the other's"),
    Field("content_weight", "float32", ("batch",), "c: likewise for the content"),
)
_OTHERS = Field("other_images", "uint8", _IMAGE, "sRGB in 0-255")
_OTHER_FILES = Field("other_files", "string", ("batch",), "encoded image files, any size")
_RANKED = (
    Field("artists", "string", ("batch", "artists"), "names, the likeliest first"),
    Field("probabilities", "float32", ("batch", "artists"), "of these, if one of them drew it"),
    Field("p_value", "float32", ("batch",), "how well it fits those; at most .05: none of them"),
)
_NEAREST = (
    Field("works", "string", ("batch", "works"), "sources of works, the nearest first"),
    Field("artists", "string", ("batch", "works"), "who drew them"),
    Field("distances", "float32", ("batch", "works"), "between style codes as S gives them"),
)

_GENERATE = "G([style, content, free]), free ~ N(0, I) drawn from `seed` alone"
_DRAW = "G([style, content, free])"
_TRANSFER = "G([S(style image), C(content image), 0])"
_RECONSTRUCT = "G([S(image), C(image), 0])"
_EDIT = "G([S(image) + shift, C(image), 0])"
_INTERPOLATE = "G([(1 - s) S(image) + s S(other), (1 - c) C(image) + c C(other), 0])"

SIGNATURES = {
    "generate": Signature(_GENERATE, (_STYLE, _CONTENT, _SEED), (_DRAWN,)),
    "generate_bytes": Signature(_GENERATE, (_STYLE, _CONTENT, _SEED), (_PNG,)),
    "draw": Signature(_DRAW, (_STYLE, _CONTENT, _FREE), (_DRAWN,)),
    "draw_bytes": Signature(_DRAW, (_STYLE, _CONTENT, _FREE), (_PNG,)),
    "encode_style": Signature("S(image)", (_IMAGES,), (_STYLE,)),
    "encode_style_bytes": Signature("S(image)", (_FILES,), (_STYLE,)),
    "encode_content": Signature("C(image)", (_IMAGES,), (_CONTENT,)),
    "encode_content_bytes": Signature("C(image)", (_FILES,), (_CONTENT,)),
    "transfer": Signature(_TRANSFER, _PAIR, (_DRAWN,)),
    "transfer_bytes": Signature(_TRANSFER, _FILE_PAIR, (_PNG,)),
    "reconstruct": Signature(_RECONSTRUCT, (_IMAGES,), (_DRAWN,)),
    "reconstruct_bytes": Signature(_RECONSTRUCT, (_FILES,), (_PNG,)),
    "edit": Signature(_EDIT, (_IMAGES, _SHIFT), (_DRAWN,)),
    "edit_bytes": Signature(_EDIT, (_FILES, _SHIFT), (_PNG,)),
    "interpolate": Signature(_INTERPOLATE, (_IMAGES, _OTHERS, *_WEIGHTS), (_DRAWN,)),
    "interpolate_bytes": Signature(_INTERPOLATE, (_FILES, _OTHER_FILES, *_WEIGHTS), (_PNG,)),
    "attribute_bytes": Signature("who may have drawn it, by S(image)", (_FILES,), _RANKED),
    "nearest_bytes": Signature("works of the index nearest to S(image)", (_FILES,), _NEAREST),
}

# SavedModel -> its signatures; the first is also `serving_default`.
SAVED_MODELS = {
    "style_encoder": ("encode_style", "encode_style_bytes", "attribute_bytes", "nearest_bytes"),
    "content_encoder": ("encode_content", "encode_content_bytes"),
    "generator": ("generate", "generate_bytes", "draw", "draw_bytes"),
    "portraits": tuple(SIGNATURES),
}


def concrete_shape(field, sizes):
    """Returns a field's shape for one model.

    Args:
        field: a `Field`.
        sizes: `{axis: size}` for the axes of `AXES`; "batch" may be absent and is then None.

    Returns:
        A tuple of integers and None.
    """
    named = {"batch": None} | sizes
    return tuple(named[axis] if isinstance(axis, str) else axis for axis in field.shape)


def markdown_table():
    """Returns the table of `export/README.md`, one row a signature."""
    lines = ["| signature | inputs | outputs | computes |", "|---|---|---|---|"]
    for name, signature in SIGNATURES.items():
        inputs = "<br>".join(map(_describe, signature.inputs))
        outputs = "<br>".join(map(_describe, signature.outputs))
        lines.append(f"| `{name}` | {inputs} | {outputs} | {signature.computes} |")
    return "\n".join(lines)


def _describe(field):
    axes = ", ".join(map(str, field.shape))
    return f"`{field.name}` {field.dtype} [{axes}]: {field.holds}"
