"""The training steps whose cost is compared: ours, and plain Keras networks of the same work.

    python -m benchmarks.contenders.training_steps '{"step": "style", "precision": "float32"}'

Prints JSON: seconds of a step, its multiply-adds, the machine's best in multiply-adds a second, and
the share of the time of each kind of operation.
"""

import json
import pathlib
import sys
import tempfile
import time

import keras
import numpy as np
import tensorflow as tf

from anime_style_tf.conditional_gan import ConditionalGAN, whole_code
from anime_style_tf.content_encoder import ContentEncoder, ContentVAE
from anime_style_tf.decoder import Decoder
from anime_style_tf.discriminator import DiscriminatorConsortium
from anime_style_tf.layers.pruned import PrunedEncoder
from anime_style_tf.style_encoder import StyleEncoder, StyleMetricLearning
from anime_style_tf.training.schedules import make_optimizer
from benchmarks.multiply_adds import multiply_adds

ARTISTS, K_S, K_C, FREE = 12, 8, 24, 16
ENCODER = {"levels": (32, 64, 128, 256)}


def pruned(encoder, size):
    """A frozen encoder of so many dimensions, whose weights do not matter for its cost."""
    network = PrunedEncoder(encoder, code_size=size)
    network.build((None, encoder.image_size, encoder.image_size, 3))
    return network


def style(size):
    """S by metric learning."""
    encoder = StyleEncoder(image_size=size, code_size=64, **ENCODER)
    model = StyleMetricLearning(encoder, artists=ARTISTS)
    model.compile(_adam(), presumed_optimizer=_adam())
    return model


def vae(size):
    """C and its decoder."""
    seen = pruned(StyleEncoder(image_size=size, code_size=64, **ENCODER), K_S)
    encoder = ContentEncoder(image_size=size, code_size=64, **ENCODER)
    model = ContentVAE(encoder, Decoder(image_size=size, code_size=64 + K_S, **ENCODER), seen)
    model.compile(_adam())
    return model


def gan(size):
    """G and the consortium, through S and C, in the paper's form."""
    model = ConditionalGAN(
        Decoder(image_size=size, code_size=whole_code(K_S + K_C, free_size=FREE), **ENCODER),
        DiscriminatorConsortium(image_size=size),
        pruned(StyleEncoder(image_size=size, code_size=64, **ENCODER), K_S),
        pruned(ContentEncoder(image_size=size, code_size=64, **ENCODER), K_C),
        free_size=FREE,
    )
    model.compile(_adam(), discriminator_optimizer=_adam())
    return model


def resnet(size, width=32):
    """A plain Keras residual network over artists; `width` features at the first level."""
    inputs = keras.Input((size, size, 3))
    x = keras.layers.Conv2D(width, 4, strides=2, padding="same")(inputs)
    for level in range(4):
        units, stride = width << level, 1 if level == 0 else 2
        y = keras.layers.Conv2D(units, 3, strides=stride, padding="same", use_bias=False)(x)
        y = keras.layers.ReLU()(keras.layers.BatchNormalization()(y))
        y = keras.layers.Conv2D(units, 3, padding="same", use_bias=False)(y)
        y = keras.layers.BatchNormalization()(y)
        if stride > 1:
            x = keras.layers.Conv2D(units, 1, strides=stride, use_bias=False)(x)
        x = keras.layers.ReLU()(keras.layers.Add()([x, y]))
    outputs = keras.layers.Dense(ARTISTS, dtype="float32")(keras.layers.GlobalAveragePooling2D()(x))
    model = keras.Model(inputs, outputs)
    model.compile(_adam(), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.optimizer.build(model.trainable_variables)
    return model


class PlainConditionalGAN(keras.Model):
    """A conditional GAN as keras.io's example has it: the label beside noise and pixels."""

    def __init__(self, size, width):
        super().__init__()
        layers = keras.layers
        top = size // 4
        self.generator = keras.Sequential([
            keras.Input((128 + ARTISTS,)), layers.Dense(top * top * (128 + ARTISTS)),
            layers.LeakyReLU(0.2), layers.Reshape((top, top, 128 + ARTISTS)),
            layers.Conv2DTranspose(width, 4, strides=2, padding="same"), layers.LeakyReLU(0.2),
            layers.Conv2DTranspose(width, 4, strides=2, padding="same"), layers.LeakyReLU(0.2),
            layers.Conv2D(3, 7, padding="same", activation="tanh", dtype="float32"),
        ])  # fmt: skip
        self.discriminator = keras.Sequential([
            keras.Input((size, size, 3 + ARTISTS)),
            layers.Conv2D(width // 2, 3, strides=2, padding="same"), layers.LeakyReLU(0.2),
            layers.Conv2D(width, 3, strides=2, padding="same"), layers.LeakyReLU(0.2),
            layers.GlobalMaxPooling2D(), layers.Dense(1, dtype="float32"),
        ])  # fmt: skip
        self.built = True
        self.compile(_adam())
        self.other = _adam()
        self.optimizer.build(self.generator.trainable_variables)
        self.other.build(self.discriminator.trainable_variables)

    def train_step(self, batch):
        """One step of the discriminator, then one of the generator on new images, as there."""
        real = tf.cast(batch["image"], tf.float32) / 127.5 - 1
        labels = tf.one_hot(batch["artist"], ARTISTS)
        count, size = real.shape[0], real.shape[1]
        planes = tf.broadcast_to(labels[:, None, None], (count, size, size, ARTISTS))
        loss = keras.losses.BinaryCrossentropy(from_logits=True)

        def judged(images):
            return self.discriminator(tf.concat([images, planes], -1), training=True)

        def drawn():
            noise = tf.random.normal((count, 128))
            return self.generator(tf.concat([noise, labels], -1), training=True)

        fake, ones, zeros = drawn(), tf.ones((count, 1)), tf.zeros((count, 1))
        for optimizer, network, objective in (
            (self.other, self.discriminator,
             lambda: loss(ones, judged(real)) + loss(zeros, judged(fake))),
            (self.optimizer, self.generator, lambda: loss(ones, judged(drawn()))),
        ):  # fmt: skip
            variables = network.trainable_variables
            with tf.GradientTape() as tape:
                value = objective()
            optimizer.apply_gradients(zip(tape.gradient(value, variables), variables, strict=True))
        return {}


def plain_gan(size, width=128):
    """The conditional GAN of keras.io's example."""
    return PlainConditionalGAN(size, width)


STEPS = {"style": style, "vae": vae, "gan": gan, "resnet": resnet, "plain_gan": plain_gan}
# Which of ours each is to do as much work as; `width` is what is set for that.
PEERS = {"resnet": ("style", 32), "plain_gan": ("gan", 128)}


def traced(model, *, batch, size):
    """One training step as a concrete function of a batch, and such a batch."""
    rng = np.random.default_rng(0)
    images = tf.constant(rng.integers(0, 256, (batch, size, size, 3), np.uint8))
    artists = tf.constant(np.arange(batch) // 2 % ARTISTS, tf.int32)
    if type(model).__name__ == "Functional":  # plain Keras, which trains on pairs

        def step(images, artists):
            return model.train_step((tf.cast(images, tf.float32) / 255, artists))
    else:

        def step(images, artists):
            return model.train_step({"image": images, "artist": artists})

    function = tf.function(step, autograph=False)
    return function.get_concrete_function(images, artists), (images, artists)


def made(name, *, batch, size):
    """A step of `STEPS`; a peer with the width at which it does as much work as ours."""
    if name not in PEERS:
        return STEPS[name](size)
    ours, width = PEERS[name]
    aim = work(STEPS[ours](size), batch=batch, size=size)
    for _ in range(3):  # Work grows with the square of the width, but for both ends.
        here = work(STEPS[name](size, width), batch=batch, size=size)
        width = max(8, 2 * round(width * (aim / here) ** 0.5 / 2))
    return STEPS[name](size, width)


def work(model, **sizes):
    """Multiply-adds of one step."""
    return sum(multiply_adds(traced(model, **sizes)[0]).values())


def shares(run):
    """Share of the time of each kind of operation in some steps, the largest first."""
    from tensorflow.tsl.profiler.protobuf import xplane_pb2

    with tempfile.TemporaryDirectory() as folder:
        tf.profiler.experimental.start(folder)
        for _ in range(3):
            run()
        tf.profiler.experimental.stop()
        (path,) = pathlib.Path(folder).rglob("*.xplane.pb")
        space = xplane_pb2.XSpace.FromString(path.read_bytes())
    spent = {}
    for plane in space.planes:
        for line in plane.lines:
            for event in line.events:
                name = plane.event_metadata[event.metadata_id].name
                kind = name.rpartition(":")[2].strip()
                # A call of the whole step lasts as long as all that it calls.
                if ":" in name and "::" not in name and not kind.startswith("__inference"):
                    kind = kind.removeprefix("_MklNative").removeprefix("_Mkl")
                    spent[kind] = spent.get(kind, 0) + event.duration_ps
    whole = sum(spent.values())
    largest = sorted(spent, key=spent.get, reverse=True)[:8]
    return {kind: round(spent[kind] / whole, 3) for kind in largest}


def peak(precision, *, side=1024, repeats=10):
    """Multiply-adds a second of one large product of matrices, the best of some."""
    kind = tf.bfloat16 if precision == "mixed_bfloat16" else tf.float32
    matrix = tf.cast(tf.random.normal((side, side)), kind)
    product = tf.function(lambda: tf.reduce_sum(tf.matmul(matrix, matrix)), autograph=False)
    return side**3 / min(_seconds(product, repeats))


def measured(step, precision, *, batch=16, size=64, repeats=10):
    """Measures one step in this process; the numbers of the module's first lines."""
    keras.config.set_dtype_policy(precision)
    keras.utils.set_random_seed(0)
    model = made(step, batch=batch, size=size)
    function, inputs = traced(model, batch=batch, size=size)
    seconds = _seconds(lambda: function(*inputs), repeats)
    return {
        "seconds": float(np.median(seconds)),
        "multiply_adds": sum(multiply_adds(function).values()),
        "peak": peak(precision),
        "shares": shares(lambda: function(*inputs)),
    }


def _seconds(run, repeats):
    for _ in range(2):
        run()
    taken = []
    for _ in range(repeats):
        started = time.perf_counter()
        tf.nest.map_structure(lambda each: each.numpy(), run())
        taken.append(time.perf_counter() - started)
    return taken


def _adam():
    return make_optimizer("adam", learning_rate=1e-4, steps=1000)


if __name__ == "__main__":
    print(json.dumps(measured(**json.loads(sys.argv[1]))))
