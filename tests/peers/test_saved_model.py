import numpy as np
import pytest
import tensorflow as tf
from tensorflow.core.protobuf import saved_model_pb2
from tensorflow.python.framework import op_def_registry

PEER = f"TensorFlow {tf.__version__}"
REQUESTS = (
    "generate",
    "generate_bytes",
    "encode_style",
    "encode_content",
    "transfer",
    "transfer_bytes",
    "encode_content_bytes",
    "reconstruct",
    "edit_bytes",
    "interpolate",
    "attribute_bytes",
    "nearest_bytes",
    "encode_style_bytes/PNG",
    "encode_style_bytes/JPEG",
    "encode_style_bytes/GIF",
    "encode_style_bytes/BMP",
)


@pytest.fixture(scope="module")
def path(reference):
    return str(reference.folder / "export" / "portraits" / "1")


@pytest.fixture(scope="module")
def signatures(path):
    return tf.saved_model.load(path).signatures


def fields(reference, request, direction):
    prefix = f"{request}:{direction}:"
    arrays = reference("saved_model")
    return {
        key[len(prefix) :]: texts(value.tolist()) if value.dtype.kind == "S" else value
        for key, value in arrays.items()
        if key.startswith(prefix)
    }


def texts(value):
    """Takes the last letter off each, which kept zero bytes before it."""
    return [texts(each) for each in value] if isinstance(value, list) else value[:-1]


def pixels(values):
    """Files as images in [0, 1], anything else as it is."""
    if isinstance(values, list):
        return np.stack([tf.io.decode_png(file).numpy() for file in values]) / 255
    return values


def graph_of(path):
    with open(f"{path}/saved_model.pb", "rb") as file:
        return saved_model_pb2.SavedModel.FromString(file.read()).meta_graphs[0]


def test_every_operation_of_the_graph_is_known(path, record):
    graph = graph_of(path)
    used = {node.op for node in graph.graph_def.node}
    for function in graph.graph_def.library.function:
        used |= {node.op for node in function.node_def}
    functions = {function.signature.name for function in graph.graph_def.library.function}
    unknown = sorted(name for name in used - functions if op_def_registry.get(name) is None)
    record(
        f"SavedModel of {graph.meta_info_def.tensorflow_version}: unknown operations",
        PEER,
        ", ".join(unknown) or f"none of {len(used - functions)}",
    )
    assert unknown == []


def test_the_saved_model_loads_with_all_its_signatures(signatures):
    assert {request.partition("/")[0] for request in REQUESTS} <= set(signatures)


@pytest.mark.parametrize("request_name", REQUESTS)
def test_a_signature_answers_as_the_live_networks_did(request_name, reference, signatures, compare):
    inputs = {
        name: tf.constant(value) for name, value in fields(reference, request_name, "in").items()
    }
    answers = signatures[request_name.partition("/")[0]](**inputs)
    for name, ours in fields(reference, request_name, "out").items():
        theirs = answers[name].numpy()
        if theirs.dtype == object and not name.endswith("_bytes"):
            assert theirs.tolist() == ours
            continue
        is_file = isinstance(ours, list)
        tolerance = 1e-5 + (1 / 255 if is_file else 0)
        theirs = list(theirs) if is_file else theirs
        what = f"SavedModel {request_name}: {name}"
        compare(what, PEER, pixels(ours), pixels(theirs), tolerance)


def test_webp_is_the_one_thing_that_it_cannot_read(reference, signatures, record):
    files = fields(reference, "encode_style_bytes/WEBP", "in")["files"]
    with pytest.raises(tf.errors.InvalidArgumentError, match="Unknown image file format"):
        signatures["encode_style_bytes"](files=tf.constant(files))
    record("SavedModel encode_style_bytes, WebP: stopped by", PEER, "DecodeImage")
