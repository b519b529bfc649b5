import json
import pathlib
import subprocess
import sys
import textwrap

import numpy as np
import pytest
import tensorflow as tf

from anime_style_tf.errors import InputError
from anime_style_tf.serving import reload_check
from anime_style_tf.serving.reload_check import check_reload
from anime_style_tf.serving.saved_model import export_portraits
from anime_style_tf.serving.signatures import SAVED_MODELS, SIGNATURES, concrete_shape
from tests.serving.tiny_networks import CONTENT, FREE, SIZE, STYLE, tiny_portraits


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
    assert sorted(path.name for path in directory.iterdir()) == sorted(SAVED_MODELS)
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
    assert description["sizes"] == {"size": SIZE, "k_S": STYLE, "k_C": CONTENT, "free": FREE}
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


def test_the_bundle_runs_in_a_process_that_has_only_tensorflow(exported, portraits):
    directory, _ = exported
    program = """
        import importlib.util
        import sys

        class Blocked:
            """TensorFlow may look where keras is, but nobody gets it."""

            def find_spec(self, name, path=None, target=None):
                if name.partition(".")[0] in ("keras", "anime_style_tf"):
                    return importlib.util.spec_from_file_location(name, f"/{name}", loader=self)

            def create_module(self, spec):
                raise ImportError(f"{spec.name} is blocked")

            def exec_module(self, module):
                raise ImportError("blocked")

        sys.meta_path.insert(0, Blocked())
        import tensorflow as tf

        generate = tf.saved_model.load(sys.argv[1]).signatures["serving_default"]
        images = generate(
            style=tf.zeros([2, 2]), content=tf.zeros([2, 3]), seed=tf.constant([1, 2], tf.int64)
        )["images"]
        loaded = {name.partition(".")[0] for name in sys.modules}
        print(sorted(loaded & {"keras", "anime_style_tf"}), float(tf.reduce_mean(images)))
    """
    process = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program), str(directory / "portraits" / "1")],
        capture_output=True,
        text=True,
        check=False,
        cwd=directory,
    )
    assert process.returncode == 0, process.stderr
    blocked, mean = process.stdout.strip().rsplit(maxsplit=1)
    assert blocked == "[]"
    live = portraits.generate(np.zeros((2, 2)), np.zeros((2, 3)), tf.constant([1, 2], tf.int64))
    assert float(mean) == pytest.approx(float(tf.reduce_mean(live["images"])), abs=1e-6)


def test_a_version_is_never_overwritten_and_the_next_one_is_taken(monkeypatch, tmp_path):
    monkeypatch.setattr(
        "anime_style_tf.serving.saved_model.SAVED_MODELS", {"generator": ("generate",)}
    )
    portraits = tiny_portraits()
    (tmp_path / "generator" / "6").mkdir(parents=True)
    with pytest.raises(InputError, match=r"Version 6 cannot be written .* there are \[6\]"):
        export_portraits(portraits, tmp_path, version=6)
    assert export_portraits(portraits, tmp_path)["generator"]["version"] == 7
    assert export_portraits(portraits, tmp_path, version=2)["generator"]["version"] == 2
    versions = sorted(path.name for path in (tmp_path / "generator").iterdir())
    assert versions == ["2", "6", "7"]


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


def test_the_reload_check_fails_on_a_missing_signature(exported, portraits):
    directory, _ = exported
    with pytest.raises(RuntimeError, match="has signatures"):
        check_reload(portraits, directory / "style_encoder" / "1", SAVED_MODELS["portraits"])


def test_the_reload_check_uses_batches_of_one_and_three():
    assert reload_check.BATCH_SIZES == (1, 3)
