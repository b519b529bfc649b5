"""The files by which TensorFlow Datasets opens a set: `tfds.builder_from_directory(folder)`.

They are written without TensorFlow Datasets: its format is JSON, and names of labels one a line.
"""

import json

from anime_style_tf.data import schema
from anime_style_tf.data.shards import SPLITS, shards_of

INFO = "dataset_info.json"
FEATURES = "features.json"
LABELS = "artist.labels.txt"
_NAME = "anime_style"
_CHANNELS = {"image_png": 3, "coverage_png": 1}
_DESCRIPTION = (
    "Portraits by artist, written by anime_style_tf; info.json and ledger.parquet beside this "
    "file say where each comes from."
)
_MODULES = {
    "FeaturesDict": "features_dict",
    "Image": "image_feature",
    "ClassLabel": "class_label_feature",
    "Text": "text_feature",
}


def write_tfds_metadata(folder, *, shards, artists, image_size, version):
    """Writes the files.

    Args:
        folder: `pathlib.Path` of the shards.
        shards: what `info.json` says of them: dicts with `name`, `records` and `bytes`, those
            of a split in their order.
        artists: names in the order of the labels.
        image_size: height and width in pixels.
        version: of the format, an integer.

    Returns:
        Names of the files.

    Source: TensorFlow Datasets 4.9, `core/dataset_info.proto` and `core/features/feature.proto`.
    """
    info = {
        "name": _NAME,
        "version": f"{version}.0.0",
        "description": _DESCRIPTION,
        "fileFormat": "tfrecord",
        "disableShuffling": True,
        "supervisedKeys": {
            "tuple": {"items": [{"featureKey": "image_png"}, {"featureKey": "artist"}]}
        },
        "splits": [_split(name, shards) for name in SPLITS if shards_of(shards, name)],
    }
    features = {field.name: _feature(field, len(artists), image_size) for field in schema.FIELDS}
    everything = _connector("FeaturesDict", "featuresDict", {"features": features})
    for name, content in ((INFO, info), (FEATURES, everything)):
        (folder / name).write_text(json.dumps(content, indent=1) + "\n", "utf-8")
    labels = "".join(f"{_label(artist)}\n" for artist in artists)
    (folder / LABELS).write_text(labels, "utf-8")
    return [INFO, FEATURES, LABELS]


def _split(split, shards):
    """Describes a split; 64-bit numbers are strings in the JSON of protocol buffers."""
    own = shards_of(shards, split)
    return {
        "name": split,
        "filepathTemplate": "{SPLIT}-{SHARD_X_OF_Y}.{FILEFORMAT}",
        "shardLengths": [str(shard["records"]) for shard in own],
        "numBytes": str(sum(shard["bytes"] for shard in own)),
    }


def _feature(field, artists, image_size):
    if field.name in _CHANNELS:
        shape = [str(size) for size in (image_size, image_size, _CHANNELS[field.name])]
        image = {"dtype": "uint8", "encodingFormat": "png", "shape": {"dimensions": shape}}
        return _connector("Image", "image", image)
    if field.type == schema.INT64:
        return _connector("ClassLabel", "classLabel", {"numClasses": str(artists)})
    return _connector("Text", "text", {})


def _connector(class_name, key, content):
    path = f"tensorflow_datasets.core.features.{_MODULES[class_name]}.{class_name}"
    return {"pythonClassName": path, key: content}


def _label(artist):
    """Returns a name as one line; one that would not come back is quoted as a JSON string.

    The file is split at line ends, and its lines are stripped, by those who read it.
    """
    safe = artist.strip() == artist and artist and not set(artist) & set("\n\r")
    return artist if safe and artist[0] != '"' else json.dumps(artist, ensure_ascii=False)
