"""The bundle in a C program: TensorFlow's C API is the runtime of TensorFlow Serving."""

import pathlib
import shutil
import subprocess

import numpy as np
import pytest
import tensorflow as tf
from tensorflow.core.protobuf import saved_model_pb2

from anime_style_tf.serving.saved_model import export_portraits
from tests.serving.tiny_networks import CONTENT, SIZE, STYLE, tiny_portraits

SOURCE = pathlib.Path(__file__).with_name("generate.c")
LIBRARIES = [
    pathlib.Path(tf.sysconfig.get_lib()) / name
    for name in ("libtensorflow_cc.so.2", "libtensorflow_framework.so.2")
]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("gcc"), reason="needs gcc"),
    pytest.mark.skipif(
        not all(path.is_file() for path in LIBRARIES), reason="this wheel has no C library"
    ),
]


def compiled(folder):
    program = folder / "generate"
    subprocess.run(
        ["gcc", "-Wall", "-Werror", f"-I{tf.sysconfig.get_include()}", SOURCE, "-o", program,
         *LIBRARIES, f"-Wl,-rpath,{tf.sysconfig.get_lib()}"],
        check=True,
    )  # fmt: skip
    return program


def test_a_c_program_draws_the_same_images(tmp_path, monkeypatch):
    monkeypatch.setattr(
        "anime_style_tf.serving.portraits.SAVED_MODELS", {"generator": ("generate",)}
    )
    portraits = tiny_portraits()
    model = export_portraits(portraits, tmp_path)["generator"]["path"]
    graph = saved_model_pb2.SavedModel.FromString(
        (pathlib.Path(model) / "saved_model.pb").read_bytes()
    )
    signature = graph.meta_graphs[0].signature_def["generate"]
    names = [signature.inputs[name].name for name in ("style", "content", "seed")]

    chance = np.random.default_rng(4)
    style, content = (
        chance.standard_normal((3, size), dtype="float32") for size in (STYLE, CONTENT)
    )
    seed = np.array([5, -6, 2**40], "int64")
    ended = subprocess.run(
        [compiled(tmp_path), model, *names, signature.outputs["images"].name,
         str(STYLE), str(CONTENT), "3"],
        input=style.tobytes() + content.tobytes() + seed.tobytes(),
        capture_output=True, check=True,
    )  # fmt: skip
    images = np.frombuffer(ended.stdout, "float32").reshape(3, SIZE, SIZE, 3)
    live = portraits.generate(style, content, seed)["images"]
    np.testing.assert_allclose(images, live, atol=1e-5)
