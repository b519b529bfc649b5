"""TensorFlow Datasets: `ImageFolder`, fitted to a square by tf.data, stored as a set of its own.

`ImageFolder` decodes on all cores; `resize_with_pad` with antialiased Lanczos is the same fit as
ours; TFDS then encodes PNGs and writes shuffled shards.

    python benchmarks/contenders/tfds_folder.py PICTURES SIZE OUTPUT
"""

import json
import pathlib
import sys

import tensorflow as tf
import tensorflow_datasets as tfds


def main(pictures, size, output):
    """Stores the pictures and prints how many there are."""
    size, pictures = int(size), pathlib.Path(pictures)
    folder = tfds.folder_dataset.ImageFolder(str(pictures.parent))

    def fit(example):
        image = tf.image.resize_with_pad(
            example["image"], size, size, method="lanczos3", antialias=True
        )
        return {
            "image": tf.saturate_cast(tf.round(image), tf.uint8),
            "label": example["label"],
        }

    dataset = folder.as_dataset(split=pictures.name).map(fit, num_parallel_calls=tf.data.AUTOTUNE)
    stored = tfds.dataset_builders.store_as_tfds_dataset(
        name="pictures",
        version="1.0.0",
        data_dir=output,
        split_datasets={"train": dataset.prefetch(tf.data.AUTOTUNE)},
        features=tfds.features.FeaturesDict(
            {
                "image": tfds.features.Image(shape=(size, size, 3), encoding_format="png"),
                "label": tfds.features.ClassLabel(names=folder.info.features["label"].names),
            }
        ),
    )
    print(json.dumps({"pictures": stored.info.splits["train"].num_examples}))


if __name__ == "__main__":
    main(*sys.argv[1:])
