"""Style retrieval on ten drawing hands x the same subjects: metric learning beside the classifier.

Eight hands with 900 drawings or more; a third of the subject groups is held out; queries are the
drawings of held-out groups, the gallery those of the training groups; a query is right if its
nearest neighbor on the first d dimensions is by the same hand. Time is processor time of the
training process divided by the number of cores, so that other load does not change a result.

    python benchmarks/style_emoji.py --input=emoji64.zip --output=runs/emoji --minutes=5,15,60
"""

import io
import json
import os
import time
import zipfile
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from absl import app, flags, logging
from PIL import Image

from anime_style_tf.style_classifier import StyleClassifier
from anime_style_tf.style_encoder import StyleEncoder, StyleMetricLearning
from anime_style_tf.training.fit import fit
from anime_style_tf.training.schedules import make_optimizer

FLAGS = flags.FLAGS
flags.DEFINE_string("input", None, "The emoji64.zip of hands x subjects.", required=True)
flags.DEFINE_string("output", "runs/emoji", "Folder of checkpoints and results.")
flags.DEFINE_list("minutes", ["5", "15", "60"], "Core-minutes after which to measure.")
flags.DEFINE_list("seeds", ["0", "1", "2"], "Seeds of split and start.")
flags.DEFINE_list("methods", ["metric_learning", "classifier"], "What to train.")
flags.DEFINE_bool("validation", False, "Split the training groups again; for choosing settings.")
flags.DEFINE_string("settings", "{}", "JSON that overrides SETTINGS; for choosing settings.")

PREFIXES = (2, 4, 8, 64)
SETTINGS = {
    "encoder": {},
    "model": {},
    "optimizer": {"name": "adam", "learning_rate": 1e-3, "average": 0.999, "warmup_steps": 0},
    "presumed_optimizer": {"name": "adam", "learning_rate": 2e-2, "average": 0.999},
    "artists": 8,
    "works": 8,
}


def load(path):
    with zipfile.ZipFile(path) as archive:
        name = next(n for n in archive.namelist() if n.endswith("MANIFEST.tsv"))
        root = name[: -len("MANIFEST.tsv")]
        lines = archive.read(name).decode().splitlines()
        header = lines[0].split("\t")
        rows = [dict(zip(header, line.split("\t"), strict=False)) for line in lines[1:]]
        hands, counts = np.unique([r["artist"] for r in rows], return_counts=True)
        kept = list(hands[counts >= 900])
        rows = [r for r in rows if r["artist"] in kept]
        images = np.stack(
            [np.asarray(Image.open(io.BytesIO(archive.read(root + r["file"]))).convert("RGB")) for r in rows]
        )
    labels = np.array([kept.index(r["artist"]) for r in rows], np.int32)
    return images, labels, np.array([r["group"] for r in rows]), kept


def held_out(groups, seed):
    names = np.unique(groups)
    rng = np.random.default_rng(seed)
    return np.isin(groups, rng.permutation(names)[: len(names) // 3])


def batches(images, labels, artists, works, seed):
    pools = [np.flatnonzero(labels == a) for a in range(labels.max() + 1)]

    def make(step):
        def generate():
            s = step
            while True:
                rng = np.random.default_rng((seed, s))
                chosen = rng.permutation(len(pools))[:artists]
                index = np.concatenate([rng.choice(pools[a], works, replace=False) for a in chosen])
                yield {"image": images[index], "artist": labels[index]}
                s += 1

        return tf.data.Dataset.from_generator(
            generate,
            output_signature={
                "image": tf.TensorSpec((artists * works, *images.shape[1:]), tf.uint8),
                "artist": tf.TensorSpec((artists * works,), tf.int32),
            },
        ).prefetch(2)

    return make


def codes_of(model, images):
    encode = tf.function(lambda x: model.encoder(srgb(x)))
    return np.concatenate([encode(images[i : i + 256]).numpy() for i in range(0, len(images), 256)])


def srgb(x):
    from anime_style_tf.image.color import srgb_to_lab, unit_range

    return srgb_to_lab(unit_range(x))


def precision(queries, ql, gallery, gl, d):
    q, g = queries[:, :d], gallery[:, :d]
    out = []
    for i in range(0, len(q), 512):
        dist = -2 * q[i : i + 512] @ g.T + (g**2).sum(1)
        out.append(gl[dist.argmin(1)] == ql[i : i + 512])
    return float(np.concatenate(out).mean())


class Measure(keras.callbacks.Callback):
    def __init__(self, minutes, measure):
        super().__init__()
        self.minutes, self.measure, self.start = list(minutes), measure, None
        self.rows = []

    def on_train_begin(self, logs=None):
        self.start = time.process_time()

    def on_epoch_end(self, epoch, logs=None):
        used = (time.process_time() - self.start) / 60 / os.cpu_count()
        if used >= self.minutes[0]:
            before = time.process_time()
            mark = self.minutes.pop(0)
            self.rows.append({"minutes": mark, "step": logs["step"]} | self.measure() | logs)
            logging.info("%s", self.rows[-1])
            self.start += time.process_time() - before
            if not self.minutes:
                self.model.stop_training = True


def run(method, seed, data, s):
    images, labels, groups, hands = data
    out = held_out(groups, seed)
    if FLAGS.validation:
        images, labels, groups = images[~out], labels[~out], groups[~out]
        out = held_out(groups, seed + 1000)
    keras.utils.set_random_seed(seed)
    encoder = StyleEncoder(**s["encoder"])
    steps = 10**6
    optimizer = make_optimizer(steps=steps, **s["optimizer"])
    if method == "classifier":
        model = StyleClassifier(encoder, artists=len(hands), seed=seed)
        model.compile(optimizer=optimizer)
    else:
        model = StyleMetricLearning(encoder, artists=len(hands), seed=seed, **s["model"])
        model.compile(optimizer=optimizer, presumed_optimizer=make_optimizer(steps=steps, **s["presumed_optimizer"]))
    model.build()

    def measure():
        # Averaged weights are measured; training goes on with the raw ones.
        opt = model.optimizer
        raw = [v.numpy() for v in opt._trainable_variables]
        if opt.use_ema:
            opt.finalize_variable_values(opt._trainable_variables)
        codes = codes_of(model, images)
        for v, r in zip(opt._trainable_variables, raw, strict=True):
            v.assign(r)
        row = {f"d{d}": precision(codes[out], labels[out], codes[~out], labels[~out], d) for d in PREFIXES}
        if method != "classifier":
            pres = model.presumed_styles.numpy()
            near = ((codes[:, None] - pres[None]) ** 2).sum(-1).argmin(1) == labels
            row |= {"train": float(near[~out].mean()), "test": float(near[out].mean())}
        return row

    m = Measure([float(x) for x in FLAGS.minutes], measure)
    fit(model, batches(images[~out], labels[~out], s["artists"], s["works"], seed), steps=steps,
        checkpoints=Path(FLAGS.output) / f"{method}-{seed}", callbacks=[m], steps_per_epoch=20, checkpoint_seconds=1e9)
    return m.rows


def main(_):
    data = load(FLAGS.input)
    s = {k: (v | json.loads(FLAGS.settings).get(k, {}) if isinstance(v, dict) else json.loads(FLAGS.settings).get(k, v)) for k, v in SETTINGS.items()}
    for method in FLAGS.methods:
        for seed in FLAGS.seeds:
            rows = run(method, int(seed), data, s)
            with open(os.path.join(FLAGS.output, "results.jsonl"), "a") as f:
                f.write(json.dumps({"method": method, "seed": seed, "settings": FLAGS.settings, "validation": FLAGS.validation, "rows": rows}) + "\n")
            import shutil
            shutil.rmtree(Path(FLAGS.output) / f"{method}-{seed}", ignore_errors=True)


if __name__ == "__main__":
    app.run(main)
