import copy
import json
import pathlib
import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf

from anime_style_tf.errors import InputError
from anime_style_tf.serving import reload_check, warm_up
from anime_style_tf.serving.image_files import encode_png
from anime_style_tf.serving.portraits import Portraits
from anime_style_tf.serving.reload_check import check_reload
from anime_style_tf.serving.saved_model import export_portraits
from anime_style_tf.serving.signatures import SAVED_MODELS, SIGNATURES, concrete_shape
from tests.serving.tiny_networks import (
    ARTISTS,
    CONTENT,
    FREE,
    SIZE,
    STYLE,
    WORKS,
    tiny_networks,
    tiny_portraits,
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def portraits():
    return tiny_portraits()


@pytest.fixture(scope="module")
def exported(portraits, tmp_path_factory):
    directory = tmp_path_factory.mktemp("export")
    left = export_portraits(
        portraits, directory, artists={"Ann": [0.5, -1]}, provenance={"stage": "gan"}
    )
    return directory, left


def test_one_saved_model_per_network_and_the_bundle_are_written(exported):
    directory, left = exported
    folders = sorted(path.name for path in directory.iterdir() if path.is_dir())
    assert folders == sorted(SAVED_MODELS)
    assert (directory / "models.config").is_file()
    for name in SAVED_MODELS:
        assert left[name]["path"] == str(directory / name / "1")
        assert (directory / name / "1" / "saved_model.pb").is_file()


def test_the_differences_on_reload_are_returned_and_written_down(exported):
    _, left = exported
    for name, signatures in SAVED_MODELS.items():
        assert set(left[name]["differences"]) == set(signatures)
        description = json.loads((pathlib.Path(left[name]["path"]) / "model.json").read_text())
        assert description["differences_on_reload"] == left[name]["differences"]
        for outputs in left[name]["differences"].values():
            assert all(0 <= difference < 1e-4 for difference in outputs.values())


def test_model_json_says_sizes_artists_and_provenance(exported):
    directory, _ = exported
    description = json.loads((directory / "portraits" / "1" / "model.json").read_text())
    sizes = {"size": SIZE, "k_S": STYLE, "k_C": CONTENT, "free": FREE}
    assert description["sizes"] == sizes | {"artists": len(ARTISTS), "works": WORKS}
    assert description["artists"] == {"Ann": [0.5, -1.0]}
    assert description["provenance"] == {"stage": "gan"}
    assert description["serving_default"] == "generate"


@pytest.mark.parametrize("name", SAVED_MODELS)
def test_the_graph_has_exactly_the_declared_signatures(name, exported, portraits):
    directory, _ = exported
    loaded = tf.saved_model.load(str(directory / name / "1"))
    assert set(loaded.signatures) == {*SAVED_MODELS[name], "serving_default"}
    for key in SAVED_MODELS[name]:
        graph = loaded.signatures[key]
        for fields, specs in (
            (SIGNATURES[key].inputs, graph.structured_input_signature[1]),
            (SIGNATURES[key].outputs, graph.structured_outputs),
        ):
            assert {field.name for field in fields} == set(specs)
            for field in fields:
                assert specs[field.name].dtype == field.dtype
                shape = concrete_shape(field, portraits.sizes)
                assert specs[field.name].shape.as_list() == list(shape)
    default = loaded.signatures["serving_default"]
    first = loaded.signatures[SAVED_MODELS[name][0]]
    assert default.structured_outputs == first.structured_outputs


def test_the_bundle_runs_in_a_process_that_has_only_tensorflow(exported, portraits, tmp_path):
    directory, _ = exported
    request = {
        "style": np.array([[0.5, -1], [0, 2]], "float32"),
        "content": np.ones((2, CONTENT), "float32"),
        "seed": np.array([1, 2], "int64"),
    }
    np.savez(tmp_path / "request.npz", **request)
    program = pathlib.Path(__file__).with_name("only_tensorflow.py")
    model, question, answer = (
        directory / "portraits" / "1",
        tmp_path / "request.npz",
        tmp_path / "answer.npz",
    )
    process = subprocess.run(
        [sys.executable, str(program), str(model), str(question), str(answer)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert process.returncode == 0, process.stderr
    live = portraits.generate(**{name: tf.constant(value) for name, value in request.items()})
    np.testing.assert_allclose(np.load(answer)["images"], live["images"], atol=1e-5)


def test_texts_and_numbers_of_the_reloaded_bundle_are_the_live_ones(exported, portraits):
    directory, _ = exported
    loaded = tf.saved_model.load(str(directory / "portraits" / "1"))
    pixels = np.random.default_rng(6).random((3, SIZE, SIZE, 3), dtype="float32")
    for name in ("attribute_bytes", "nearest_bytes"):
        live = getattr(portraits, name)(encode_png(pixels))
        answered = loaded.signatures[name](files=encode_png(pixels))
        np.testing.assert_array_equal(answered["artists"], live["artists"])
        numbers = "probabilities" if name == "attribute_bytes" else "distances"
        np.testing.assert_allclose(answered[numbers], live[numbers], atol=1e-5)


def test_a_version_can_be_checked_with_its_manifest_what_was_added_included(tmp_path, monkeypatch):
    monkeypatch.setattr(
        "anime_style_tf.serving.portraits.SAVED_MODELS", {"portraits": ("encode_style",)}
    )

    def complete(bundle):
        (bundle / "assets.extra" / "notes.json").write_text("{}")

    portraits = Portraits(**tiny_networks(), image_size=SIZE)
    for _ in range(3):
        left = export_portraits(portraits, tmp_path, complete=complete, keep=2)
    path = pathlib.Path(left["portraits"]["path"])
    check = ["sha256sum", "--check", "--quiet", "SHA256SUMS"]
    subprocess.run(check, cwd=path, check=True)
    listed = {line.split("  ")[1] for line in (path / "SHA256SUMS").read_text().splitlines()}
    assert {"saved_model.pb", "model.json", "assets.extra/notes.json", warm_up.FILE} <= listed
    assert {folder.name for folder in (tmp_path / "portraits").iterdir()} == {"2", "3"}
    with pytest.raises(InputError, match="keep: expected 1 version or more, received 0"):
        export_portraits(portraits, tmp_path, keep=0)


def test_a_version_is_never_overwritten_and_the_next_one_is_taken(monkeypatch, tmp_path):
    monkeypatch.setattr(
        "anime_style_tf.serving.portraits.SAVED_MODELS", {"generator": ("generate",)}
    )
    portraits = tiny_portraits()
    (tmp_path / "generator" / "6").mkdir(parents=True)
    with pytest.raises(InputError, match=r"Version 6 cannot be written .* there are \[6\]"):
        export_portraits(portraits, tmp_path, version=6)
    assert export_portraits(portraits, tmp_path)["generator"]["version"] == 7
    assert export_portraits(portraits, tmp_path, version=2)["generator"]["version"] == 2
    versions = sorted(path.name for path in (tmp_path / "generator").iterdir())
    assert versions == ["2", "6", "7"]


def test_an_encoder_alone_is_exported_alone(portraits, tmp_path):
    alone = Portraits(style_encoder=tiny_networks()["style_encoder"], image_size=SIZE)
    exported = export_portraits(alone, tmp_path, artists={"Ann": [0.5, -1]})
    folders = [path.name for path in tmp_path.iterdir() if path.is_dir()]
    assert list(exported) == folders == ["style_encoder"]
    description = json.loads((tmp_path / "style_encoder" / "1" / "model.json").read_text())
    assert description["sizes"] == {"size": SIZE, "k_S": STYLE}
    assert list(description["signatures"]) == ["encode_style", "encode_style_bytes"]
    loaded = tf.saved_model.load(str(tmp_path / "style_encoder" / "1"))
    images = tf.random.stateless_uniform((2, SIZE, SIZE, 3), (0, 1), 0, 256, tf.int32)
    images = tf.cast(images, tf.uint8)
    np.testing.assert_allclose(
        loaded.signatures["encode_style"](images)["style"],
        portraits.encode_style(images)["style"],
        atol=1e-5,
    )


def test_an_export_that_fails_its_check_leaves_nothing(monkeypatch, tmp_path):
    def fail(*arguments, **keywords):
        raise RuntimeError("differs")

    monkeypatch.setattr("anime_style_tf.serving.saved_model.check_reload", fail)
    with pytest.raises(RuntimeError, match="differs"):
        export_portraits(tiny_portraits(), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_artist_with_a_code_of_another_size_is_refused(portraits, tmp_path):
    with pytest.raises(InputError, match="artist 'Ann' has 3 numbers, expected k_S = 2"):
        export_portraits(portraits, tmp_path, artists={"Ann": [1, 2, 3]})


def test_the_reload_check_fails_loudly_when_the_networks_have_changed(exported):
    directory, _ = exported
    others = tiny_portraits(seed=99)
    with pytest.raises(RuntimeError, match=r"encode_style, output style: .* differs"):
        check_reload(others, directory / "style_encoder" / "1", SAVED_MODELS["style_encoder"])


def test_of_an_image_the_mean_over_pixels_counts_and_of_a_code_each_number(exported, portraits):
    def check(name, changed):
        other = copy.copy(portraits)
        network = getattr(other, f"_{name}")
        setattr(other, f"_{name}", lambda inputs, training: network(inputs) + changed)
        path = exported[0] / name / "1"
        return check_reload(other, path, SAVED_MODELS[name], tolerance=1e-2)

    image = np.zeros((SIZE, SIZE, 3), "float32")
    image[3, 5] = 0.5
    assert 1e-4 < check("generator", image)["generate"]["images"] < 0.5 * 3 / SIZE**2
    with pytest.raises(RuntimeError, match=r"generate, output images: .* differs"):
        check("generator", np.full_like(image, 0.5))
    with pytest.raises(RuntimeError, match=r"encode_style, output style: .* differs"):
        check("style_encoder", np.float32([0.02, 0]))


def test_the_reload_check_fails_on_a_missing_signature(exported, portraits):
    directory, _ = exported
    with pytest.raises(RuntimeError, match="has signatures"):
        check_reload(portraits, directory / "style_encoder" / "1", SAVED_MODELS["portraits"])


def test_the_reload_check_uses_batches_of_one_and_three():
    assert reload_check.BATCH_SIZES == (1, 3)
