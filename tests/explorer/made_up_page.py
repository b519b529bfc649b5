"""A model whose pictures are flat colors, so that what the page shows can be reckoned by hand.

Ten levels are a unit about a middle of 128: red and green are style, blue is content, and each
variant is a level brighter in blue. The works of ann, bo and cy lie in three corners.
"""

import base64
import io
import json

import numpy as np
from PIL import Image

from anime_style_tf.explorer.dimension_cards import dimension_cards
from anime_style_tf.explorer.thumbnails import Sheets

MEANS = {"ann": (-2.0, -2.0), "bo": (2.0, -2.0), "cy": (-2.0, 2.0)}
CONTENT = [0.0]  # of the first work, with which the page opens
WORKS = 60  # of each artist, so that not all are drawn as pictures from the start


def color(style, content, seed=0):
    """Levels of the picture of codes."""
    red, green, blue = np.clip(np.round(128 + 10 * np.array([*style, *content])), 0, 255)
    return red, green, blue + seed


def png(levels, side=8):
    encoded = io.BytesIO()
    Image.new("RGB", (side, side), tuple(int(level) for level in levels)).save(encoded, "PNG")
    return encoded.getvalue()


def read(file):
    """Style and content of a picture; a file that is none is refused as a model does."""
    try:
        with Image.open(io.BytesIO(file)) as picture:
            levels = np.asarray(picture.convert("RGB"), float).mean(axis=(0, 1))
    except OSError as error:
        raise ValueError("files: expected encoded pictures, received another file") from error
    codes = (levels - 128) / 10
    return codes[:2].tolist(), codes[2:].tolist()


def levels_of(address):
    """Mean color of a `data:` address, as a list of integers."""
    data = base64.b64decode(address.split(",", 1)[1])
    with Image.open(io.BytesIO(data)) as picture:
        return np.asarray(picture.convert("RGB")).mean(axis=(0, 1)).round().astype(int).tolist()


def _transfer(content_files, style_files):
    pairs = zip(content_files, style_files, strict=True)
    return {"png_bytes": [png(color(read(style)[0], read(what)[1])) for what, style in pairs]}


def _attribute(files):
    """Who is nearer is likelier; a picture that is far from all fits nobody."""
    answer = {"artists": [], "probabilities": [], "p_value": []}
    for file in files:
        apart = {name: np.hypot(*np.subtract(read(file)[0], mean)) for name, mean in MEANS.items()}
        names = sorted(apart, key=apart.get)
        chances = np.exp([-apart[name] for name in names])
        answer["artists"].append(names)
        answer["probabilities"].append((chances / chances.sum()).tolist())
        answer["p_value"].append(0.5 if apart[names[0]] < 1 else 0.01)
    return answer


def _nearest(files):
    return {
        "works": [["bo/3", "bo/4", "of another index"]] * len(files),
        "artists": [["bo", "bo", "cy"]] * len(files),
        "distances": [[0.25, 0.5, 3.0]] * len(files),
    }


ANSWERS = {
    "generate_bytes": lambda style, content, seed: {
        "png_bytes": [png(color(*codes)) for codes in zip(style, content, seed, strict=True)]
    },
    "encode_style_bytes": lambda files: {"style": [read(file)[0] for file in files]},
    "encode_content_bytes": lambda files: {"content": [read(file)[1] for file in files]},
    "transfer_bytes": _transfer,
    "attribute_bytes": _attribute,
    "nearest_bytes": _nearest,
}
_FIELDS = {
    "generate_bytes": ({"style": [-1, 2], "content": [-1, 1], "seed": [-1]}, {"png_bytes": [-1]}),
    "encode_style_bytes": ({"files": [-1]}, {"style": [-1, 2]}),
    "encode_content_bytes": ({"files": [-1]}, {"content": [-1, 1]}),
    "transfer_bytes": ({"content_files": [-1], "style_files": [-1]}, {"png_bytes": [-1]}),
    "attribute_bytes": (
        {"files": [-1]},
        {"artists": [-1, 3], "probabilities": [-1, 3], "p_value": [-1]},
    ),
    "nearest_bytes": (
        {"files": [-1]},
        {"works": [-1, 3], "artists": [-1, 3], "distances": [-1, 3]},
    ),
}


def metadata(names):
    """Signatures as the metadata of TensorFlow Serving have them."""

    def tensors(fields):
        return {
            name: {"tensor_shape": {"dim": [{"size": str(size)} for size in shape]}}
            for name, shape in fields.items()
        }

    fields = {name: _FIELDS[name] for name in names}
    return {
        name: {"inputs": tensors(given), "outputs": tensors(made)}
        for name, (given, made) in fields.items()
    }


def styles_of(artist):
    """Styles of the artist's works, `[WORKS, 2]`: on a small circle about the mean."""
    angles = np.linspace(0, 2 * np.pi, WORKS, endpoint=False)
    return np.array(MEANS[artist]) + 0.4 * np.stack([np.cos(angles), np.sin(angles)], axis=1)


def write_data(folder):
    """Writes what the page reads beside the model; the map is the style itself."""
    folder.mkdir(parents=True)
    sheets, works = Sheets(folder, side=16), []
    for artist in MEANS:
        for number, style in enumerate(styles_of(artist)):
            content = [number / WORKS]
            sheets.add([np.full((16, 16, 3), color(style, content), np.uint8)])
            codes = {"style": style.tolist(), "content": content, "place": style.tolist()}
            works.append(
                {"id": f"{artist}/{number}", "artist": artist, "split": "train", **codes}
                | {"uniqueness": 3.2}
            )
    written = {
        "artists.json": {"artists": MEANS, "enrolled": {"di": [1.0, 1.0]}},
        "works.json": {
            "works": works,
            "map": {"by_style": [[1, 0], [0, 1]], "origin": [0, 0]},
            "deviation": [1.0, 1.0],
            "thumbnails": sheets.finish(),
        },
        "dimensions.json": {
            "dimensions": dimension_cards(np.array([w["style"] for w in works]), None)
        },
    }
    for name, values in written.items():
        (folder / name).write_text(json.dumps(values))
