import inspect
import re
import subprocess
import sys

import keras
import numpy as np
import pytest

import anime_style_tf
from anime_style_tf.errors import InputError
from anime_style_tf.style_encoder import StyleEncoder
from anime_style_tf.tensors import Tensor
from anime_style_tf.workdir.networks import prune, save_network
from tests.calls import call_anew
from tests.conventions.sources import ROOT


@pytest.mark.parametrize("name", anime_style_tf.PUBLIC_NAMES)
def test_every_public_name_leads_to_what_its_module_defines(name):
    found = getattr(anime_style_tf, name)
    module = f"anime_style_tf.{anime_style_tf.PUBLIC_NAMES[name]}"
    assert getattr(sys.modules[module], name) is found
    assert getattr(found, "__module__", module) == module
    assert name in dir(anime_style_tf)
    assert name in anime_style_tf.__all__


def functions_of(door):
    """A function itself; of a class those that are public, and what makes one."""
    if not isinstance(door, type):
        return [door] if callable(door) else []
    members = [value for name, value in vars(door).items() if name[0] != "_" or name == "__init__"]
    unwrapped = [
        getattr(value, "fget", None) or getattr(value, "func", None) or value for value in members
    ]
    unwrapped = [getattr(value, "__func__", value) for value in unwrapped]
    return list(filter(inspect.isfunction, unwrapped))


@pytest.mark.parametrize("name", anime_style_tf.PUBLIC_NAMES)
def test_every_public_door_says_the_types_of_what_it_takes_and_gives(name):
    silent = []
    for function in functions_of(getattr(anime_style_tf, name)):
        signature = inspect.signature(function)
        types = {key: each.annotation for key, each in signature.parameters.items()}
        types.pop("self", None)
        types.pop("cls", None)
        if function.__name__ != "__init__":
            types["returned"] = signature.return_annotation
        silent += [
            (function.__name__, key) for key, kind in types.items() if kind is inspect._empty
        ]
    assert silent == []


def test_a_decoder_takes_and_gives_what_keras_computes_with():
    signature = inspect.signature(anime_style_tf.Decoder.call)
    assert signature.parameters["codes"].annotation is signature.return_annotation is Tensor


@pytest.mark.parametrize("name", anime_style_tf.PUBLIC_MODULES)
def test_every_public_module_is_whole(name):
    assert getattr(anime_style_tf, name) is sys.modules[f"anime_style_tf.{name}"]
    assert name in dir(anime_style_tf)
    assert callable(anime_style_tf.losses.variational.kl_divergence)


def test_help_says_all_that_is_public():
    words = set(re.findall(r"\w+", anime_style_tf.__doc__))
    assert {*anime_style_tf.__all__} - {"__version__"} - words == set()


LOADS = """
import sys
import keras
import anime_style_tf
{use}
print(type(keras.saving.load_model(sys.argv[1])).__name__)
"""


@pytest.mark.parametrize("use", ["anime_style_tf.register()", "anime_style_tf.StyleIndex"])
def test_keras_reads_a_file_of_a_network_after_registration_or_any_public_name(use, tmp_path):
    encoder = StyleEncoder(image_size=16, levels=(4, 6), code_size=3)
    save_network(prune(encoder, 2, np.ones((4, 3))), tmp_path / "pruned.keras")
    ended = subprocess.run(
        [sys.executable, "-c", LOADS.format(use=use), tmp_path / "pruned.keras"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert ended.stdout == "PrunedEncoder\n"


def test_registration_makes_every_class_known_that_the_package_lets_keras_save():
    program = (
        "import anime_style_tf, keras\n"
        "anime_style_tf.register()\n"
        "print(*(key.split('>')[1] for key in keras.saving.get_custom_objects() if 'anime' in key))"
    )
    code, known, _ = call_anew("-c", program)
    written = re.compile(r"@keras.saving.register_keras_serializable\(.*\)\nclass (\w+)")
    files = (ROOT / "anime_style_tf").rglob("*.py")
    ours = {name for path in files for name in written.findall(path.read_text("utf-8"))}
    assert code == 0
    assert "PrunedEncoder" in ours
    assert ours - {*known.split()} == set()


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'StyleEncodr'"):
        anime_style_tf.StyleEncodr  # noqa: B018
    assert not hasattr(anime_style_tf, "nothing_of_this_name")


def test_importing_the_package_or_a_source_in_a_worker_does_not_start_tensorflow():
    program = (
        "import sys\n"
        "import anime_style_tf, anime_style_tf.stages\n"
        "import anime_style_tf.data.sources\n"
        "print(sorted({'keras', 'matplotlib', 'sklearn', 'tensorflow'} & {*sys.modules}))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ended.stdout == "[]\n"


def test_using_the_package_writes_nothing_of_tensorflow():
    assert call_anew("-c", "import anime_style_tf; anime_style_tf.Records") == (0, "", "")


def test_keras_2_is_refused_with_the_fix(monkeypatch):
    monkeypatch.setattr(keras, "__version__", "2.15.0")
    with pytest.raises(InputError, match=r"received Keras 2\.15\.0: pip install 'keras>=3"):
        anime_style_tf.Records  # noqa: B018


def test_another_backend_is_refused_with_the_fix(monkeypatch):
    monkeypatch.setattr(keras.backend, "backend", lambda: "torch")
    with pytest.raises(InputError, match=r"received 'torch': set KERAS_BACKEND=tensorflow"):
        anime_style_tf.StyleEncoder  # noqa: B018


def test_jax_may_run_the_networks(monkeypatch):
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    assert anime_style_tf.StyleEncoder.__name__ == "StyleEncoder"
