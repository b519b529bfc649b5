"""Measuring an exported bundle: the bare networks, the SavedModel in process, REST and gRPC.

For each signature, the time until an answer (50th, 95th, 99th percentile) and pictures a second:
in process with 1, 8 and 32 rows in a call; over a server of `anime-style serve`, in a process of
its own, from 1, 8 and 32 clients at once that ask for one row each and wait for the answer. "bare"
are the run's Keras networks alone, traced, on tensors: no codec, no color conversion. "unbatched"
is the same server with --max_batch_size=1. The first request to each signature is timed by itself.
Clients run in this process and take their share of the cores; doors take turns.

    python -m benchmarks.serving --workdir=runs/demo
"""

import base64
import http.client
import json
import os
import pathlib
import platform

import grpc
import numpy as np
import tensorflow as tf
from absl import flags, logging
from tensorflow_serving.apis import predict_pb2, prediction_service_pb2_grpc

from anime_style_tf.errors import InputError
from anime_style_tf.image.color import srgb_to_lab
from anime_style_tf.terminal.tool import run_tool
from anime_style_tf.workdir.trained import Trained
from benchmarks.command import define_numbers, define_output, write_json
from benchmarks.served_calls import example, from_clients, in_process, newest_bundle, server

_OUTPUT = define_output("serving.json")
_WORKDIR = flags.DEFINE_string("workdir", None, "Folder of a run with the stage export.",
                               required=True)  # fmt: skip
_AT = define_numbers("at", [1, 8, 32], "Rows in a call, and clients at once.")
_SECONDS = flags.DEFINE_float("seconds", 5, "For each row of the table.", lower_bound=0.05)
_SIGNATURES = flags.DEFINE_list("signatures", [], "Only these; all that the bundle has if none.")

UNBATCHED = "REST, unbatched"


def bare_calls(workdir, rows):
    """Returns `{signature: function}` of the networks alone, where a signature is just networks."""
    trained = Trained(pathlib.Path(workdir))
    size = trained.records.image_size
    lab = srgb_to_lab(np.random.default_rng(0).integers(0, 256, (rows, size, size, 3), "uint8"))
    codes = tf.random.stateless_normal([rows, trained.generator.code_size], [0, 0])
    style, content, generator = (
        tf.function(lambda x, network=network: network(x, training=False))
        for network in (trained.style_encoder, trained.content_encoder, trained.generator)
    )

    def transfer():
        style(lab), content(lab), generator(codes)

    calls = {
        "encode_style": lambda: style(lab),
        "encode_content": lambda: content(lab),
        "generate": lambda: generator(codes),
        "transfer": transfer,
        "reconstruct": transfer,
        "edit": transfer,
    }
    return calls | {f"{name}_bytes": call for name, call in calls.items()}


def rest_client(port, name, row):
    """Returns a function that makes a client over a connection of its own."""
    values = {
        key: [{"b64": base64.b64encode(one).decode()} for one in value]
        if value.dtype == object
        else value.tolist()
        for key, value in row.items()
    }
    body = json.dumps({"signature_name": name, "inputs": values})

    def make():
        connection = http.client.HTTPConnection("127.0.0.1", port)

        def ask():
            connection.request("POST", "/v1/models/portraits:predict", body)
            answer = connection.getresponse()
            if b'"outputs"' not in answer.read() or answer.status != 200:
                raise InputError(f"{name} was refused over REST: {answer.status}")

        return ask

    return make


def grpc_client(port, name, row):
    """The same over gRPC."""
    request = predict_pb2.PredictRequest()
    request.model_spec.name, request.model_spec.signature_name = "portraits", name
    for key, value in row.items():
        request.inputs[key].CopyFrom(tf.make_tensor_proto(value))

    def make():
        channel = grpc.insecure_channel(
            f"127.0.0.1:{port}", options=[("grpc.use_local_subchannel_pool", 1)]
        )
        stub = prediction_service_pb2_grpc.PredictionServiceStub(channel)
        return lambda: stub.Predict(request, timeout=60)

    return make


def over_servers(bundle, rows):
    """Yields `(signature, door, clients, figures)` of REST and gRPC."""
    with server(bundle) as (_, rest, rpc):
        doors = {"REST": (rest_client, rest), "gRPC": (grpc_client, rpc)}
        for name, row in rows.items():
            for door, (client, port) in doors.items():
                first = from_clients(client(port, name, row), 1, 0)
                yield name, f"{door}, first request", 1, first
            for at in _AT.value:
                for door, (client, port) in doors.items():
                    figures = from_clients(client(port, name, row), at, _SECONDS.value)
                    yield name, door, at, figures
    with server(bundle, "--max_batch_size=1") as (_, rest, _):
        for name, row in rows.items():
            at = max(_AT.value)
            make = rest_client(rest, name, row)
            from_clients(make, 1, 0)
            yield name, UNBATCHED, at, from_clients(make, at, _SECONDS.value)


def in_this_process(bundle, rows):
    """Yields the same of the bare networks and of the SavedModel."""
    loaded = tf.saved_model.load(str(bundle))
    for at in _AT.value:
        bare = bare_calls(_WORKDIR.value, at)
        for name, row in rows.items():
            if name in bare:
                yield name, "bare", at, in_process(bare[name], at, _SECONDS.value)
            inputs = {key: tf.constant(np.repeat(value, at, 0)) for key, value in row.items()}
            function = loaded.signatures[name]
            call = lambda function=function, inputs=inputs: function(**inputs)  # noqa: E731
            yield name, "SavedModel", at, in_process(call, at, _SECONDS.value)


def examples(bundle, sizes, names):
    """Returns `{signature: example}`; a drawing of the bundle stands for every file."""
    loaded = tf.saved_model.load(str(bundle))
    drawn = loaded.signatures["generate_bytes"](
        style=tf.zeros([1, sizes["k_S"]]),
        content=tf.zeros([1, sizes["k_C"]]),
        seed=tf.zeros([1], tf.int64),
    )
    png, rows = drawn["png_bytes"].numpy()[0], {}
    for name in names:
        if name not in loaded.signatures:
            raise InputError(f"--signatures: expected some of {', '.join(loaded.signatures)}, "
                             f"received {name}")  # fmt: skip
        specs = loaded.signatures[name].structured_input_signature[1]
        rows[name] = example(specs, sizes, png, seed=1)
    return rows


def main():
    """Measures and writes."""
    bundle, description = newest_bundle(_WORKDIR.value)
    sizes = description["sizes"]
    rows = examples(bundle, sizes, _SIGNATURES.value or description["signatures"])
    table = []
    for part in (in_this_process, over_servers):
        for name, door, at, figures in part(bundle, rows):
            table.append({"signature": name, "door": door, "at": at, **figures})
            logging.info("%s", json.dumps(table[-1]))
    content = {
        "seconds": _SECONDS.value,
        "sizes": sizes,
        "machine": {"cpus": os.cpu_count(), "platform": platform.platform()},
        "tensorflow": tf.__version__,
        "table": table,
    }
    write_json(_OUTPUT.value, content)


if __name__ == "__main__":
    run_tool(main)
