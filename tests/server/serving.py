"""A server in a thread of this process, and a model small enough to know what it answers."""

import asyncio
import contextlib
import threading

import tensorflow as tf

from anime_style_tf.server.models import one_model
from anime_style_tf.server.running import Server

_SECONDS = 300  # until a server must be there; a loaded machine is slow to warm one up


class Toy(tf.Module):
    """`half_plus_three` of TensorFlow Serving's documentation, and one signature of each kind."""

    @tf.function(input_signature=[tf.TensorSpec([None], tf.float32, "x")])
    def half_plus_three(self, x):
        return {"y": x / 2 + 3}

    @tf.function(
        input_signature=[
            tf.TensorSpec([None, 2], tf.float32, "signal"),
            tf.TensorSpec([None], tf.int64, "count"),
        ]
    )
    def weigh(self, signal, count):
        times = tf.cast(count, tf.float32)
        return {"total": tf.reduce_sum(signal, 1) * times, "count": count}

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, "files")])
    def echo(self, files):
        return {"text": files, "copy_bytes": files}

    @tf.function(input_signature=[tf.TensorSpec([None], tf.float32, "x")])
    def root(self, x):
        check = tf.debugging.Assert(tf.reduce_all(x >= 0), ["x must not be below 0"])
        with tf.control_dependencies([check]):
            return {"y": tf.sqrt(x)}


def save_toy(path, *, plus=3.0):
    """Writes it as a version; `plus` tells versions apart."""
    toy = Toy()
    if plus != 3.0:
        half_plus = tf.function(
            lambda x: {"y": x / 2 + plus}, input_signature=[tf.TensorSpec([None], tf.float32, "x")]
        )
    else:
        half_plus = toy.half_plus_three
    signatures = {"serving_default": half_plus, "weigh": toy.weigh, "echo": toy.echo}
    toy.half_plus = half_plus
    tf.saved_model.save(toy, str(path), signatures=signatures | {"root": toy.root})


@contextlib.contextmanager
def serving(base_path=None, *, name="portraits", read_config=None, **options):
    """Serves a model, or a configuration, on free ports; yields the `Server`."""
    read_config = read_config or one_model(name, base_path)
    server = Server(read_config, **{"rest_port": 0, "grpc_port": 0, "poll_seconds": 0.1} | options)
    started, failures = threading.Event(), []

    def run():
        try:
            asyncio.run(server.run(started.set))
        except Exception as error:
            failures.append(error)
        started.set()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        if not started.wait(_SECONDS) or failures:
            raise failures[0] if failures else TimeoutError("the server is not there")
        yield server
    finally:
        server.stop()
        thread.join(_SECONDS)
        if thread.is_alive():
            raise TimeoutError("the server does not stop")
