"""The versions of the models that are served, as they lie in folders now."""

import asyncio
import dataclasses
import functools
import json
import pathlib

import tensorflow as tf
from absl import logging
from google.protobuf import text_format
from tensorflow.core.protobuf import saved_model_pb2
from tensorflow_serving.apis import get_model_status_pb2, prediction_log_pb2
from tensorflow_serving.config import model_server_config_pb2

from anime_style_tf.errors import InputError
from anime_style_tf.server.refusals import Refusal
from anime_style_tf.serving import warm_up
from anime_style_tf.text import one_line

GRAPH = "saved_model.pb"
State = get_model_status_pb2.ModelVersionStatus.State


@dataclasses.dataclass(eq=False)
class Version:
    """One version of a model.

    Attributes:
        number: its folder's name.
        path: its folder.
        state: a `ModelVersionStatus.State`.
        error: why it could not be loaded; empty if it could.
        signature_defs: `{signature: SignatureDef}`.
        functions: `{signature: function}` of named tensors.
    """

    number: int
    path: pathlib.Path
    state: int = State.LOADING
    error: str = ""
    signature_defs: dict = dataclasses.field(default_factory=dict)
    functions: dict = dataclasses.field(default_factory=dict)

    def load(self):
        """Reads the graph and answers the warm-up requests beside it."""
        graph = saved_model_pb2.SavedModel.FromString((self.path / GRAPH).read_bytes())
        self.signature_defs = dict(graph.meta_graphs[0].signature_def)
        self.functions = dict(tf.saved_model.load(str(self.path)).signatures)
        records = [str(self.path / warm_up.FILE)] if (self.path / warm_up.FILE).is_file() else []
        for record in tf.data.TFRecordDataset(records).as_numpy_iterator():
            request = prediction_log_pb2.PredictionLog.FromString(record).predict_log.request
            tensors = {
                name: tf.constant(tf.make_ndarray(value)) for name, value in request.inputs.items()
            }
            self.functions[request.model_spec.signature_name](**tensors)

    def signature(self, name):
        """Returns `(name, SignatureDef, function)`; an empty name is the default one."""
        name = name or "serving_default"
        if name not in self.functions:
            raise Refusal(
                "INVALID_ARGUMENT",
                f'Serving signature name: "{name}" not found in signature def; there are '
                f"{', '.join(sorted(self.functions))}",
            )
        return name, self.signature_defs[name], self.functions[name]


class Models:
    """All models of a configuration.

    Args:
        read_config: returns the `ModelServerConfig` as it is now; see `one_model`, `config_file`.
    """

    def __init__(self, read_config):
        self._read_config = read_config
        self._config = None
        self._versions = {}  # model -> {number: Version}

    async def refresh(self):
        """Loads what is new, and lets go of what is gone or no longer wanted.

        An old version is let go of when the new one is loaded. Requests that run on it end.
        """
        self._config = await asyncio.to_thread(self._read_config)
        models = {model.name: model for model in self._config.model_config_list.config}
        for name in set(self._versions) - set(models):
            del self._versions[name]
        for name, model in models.items():
            versions = self._versions.setdefault(name, {})
            wanted = await asyncio.to_thread(_wanted, model)
            for number, path in wanted.items():
                if number not in versions or versions[number].path != path:
                    await self._load(name, Version(number, path))
            if any(versions[number].state == State.AVAILABLE for number in wanted):
                for number in set(versions) - set(wanted):
                    del versions[number]
                    logging.info("%s version %d is unloaded", name, number)

    async def _load(self, name, version):
        self._versions[name][version.number] = version
        try:
            await asyncio.to_thread(version.load)
            version.state = State.AVAILABLE
            logging.info("%s version %d is served", name, version.number)
        except Exception as error:  # a damaged file raises nearly anything; others are served on
            version.state, version.functions = State.END, {}
            version.error = one_line(" ".join(f"{type(error).__name__}: {error}".split())[:500])
            logging.error("%s cannot be served: %s", version.path, version.error)

    @property
    def ready(self):
        """Tells whether each model has a version that answers."""
        return bool(self._versions) and all(
            any(version.state == State.AVAILABLE for version in versions.values())
            for versions in self._versions.values()
        )

    @property
    def names(self):
        """Names of the models, in the order of the configuration."""
        return [model.name for model in self._config.model_config_list.config]

    def find(self, name, *, number=None, label=None):
        """Returns a `Version` that answers: that of a number or label, or the latest.

        Raises:
            Refusal: there is none.
        """
        if label:
            number = self._number_of(name, label)
        asked = f"Latest({name})" if number is None else f"Specific({name}, {number})"
        answering = {
            version.number: version
            for version in self._versions.get(name, {}).values()
            if version.state == State.AVAILABLE
        }
        number = max(answering, default=None) if number is None else number
        if number not in answering:
            raise Refusal("NOT_FOUND", f"Servable not found for request: {asked}")
        return answering[number]

    def status(self, name, *, number=None, label=None):
        """Returns a `GetModelStatusResponse`, newest version first.

        Raises:
            Refusal: no such model, or no such version.
        """
        number = self._number_of(name, label) if label else number
        versions = [
            self._versions.get(name, {})[each]
            for each in sorted(self._versions.get(name, {}), reverse=True)
            if number in (None, each)
        ]
        if not versions:
            of_version = "" if number is None else f" with version {number}"
            raise Refusal("NOT_FOUND", f"Could not find any versions of model {name}{of_version}")
        response = get_model_status_pb2.GetModelStatusResponse()
        for version in versions:
            status = response.model_version_status.add(version=version.number, state=version.state)
            status.status.error_message = version.error
            status.status.error_code = 2 if version.error else 0  # UNKNOWN, OK
        return response

    def _number_of(self, name, label):
        for model in self._config.model_config_list.config:
            if model.name == name and label in model.version_labels:
                return model.version_labels[label]
        raise Refusal("INVALID_ARGUMENT", f"Unrecognized servable version label: {label}")


def one_model(name, base_path):
    """Returns a function that gives the configuration of one model, the latest version.

    Raises:
        InputError: no version in the folder.
    """
    config = model_server_config_pb2.ModelServerConfig()
    config.model_config_list.config.add(name=name, base_path=str(base_path))
    if not _folders(base_path):
        raise InputError(
            f"{base_path}: expected an exported model, a folder VERSION/{GRAPH} in it, received "
            "none: give the folder of a model, such as runs/demo/export/portraits"
        )
    return lambda: config


def config_file(path):
    """Returns a function that reads TensorFlow Serving's `models.config` whenever called.

    A file that cannot be read later, while it serves, leaves what is served as it is.

    Raises:
        InputError: the file cannot be read.
    """
    read = functools.partial(_read_config, pathlib.Path(path))
    last = [read()]

    def read_again():
        try:
            last[0] = read()
        except InputError as error:
            logging.error("%s", error)
        return last[0]

    return read_again


def _read_config(path):
    config = model_server_config_pb2.ModelServerConfig()
    try:
        text_format.Parse(path.read_text(encoding="utf-8"), config)
    except (OSError, ValueError, text_format.ParseError) as error:
        raise InputError(
            f"{path}: expected the text form of ModelServerConfig, as models.config beside an "
            f"exported model, received {' '.join(str(error).split())}"
        ) from error
    names = [model.name for model in config.model_config_list.config]
    if not names or len(set(names)) < len(names):
        raise InputError(f"{path}: expected models with names that differ, received {names}")
    for model in config.model_config_list.config:
        beside = path.parent / pathlib.Path(model.base_path).name
        if not pathlib.Path(model.base_path).exists() and beside.is_dir():
            model.base_path = str(beside)  # the file is meant for a container
    return config


def _wanted(model):
    """Returns `{number: folder}` of the versions that a `ModelConfig` asks for."""
    folders = _folders(model.base_path)
    policy = model.model_version_policy
    if policy.HasField("all"):
        return folders
    if policy.HasField("specific"):
        return {number: folders[number] for number in policy.specific.versions if number in folders}
    count = policy.latest.num_versions or 1
    return {number: folders[number] for number in sorted(folders)[-count:]}


def _folders(base_path):
    base = pathlib.Path(base_path)
    if (base / GRAPH).is_file():  # the folder of a version itself
        return {_number_in(base): base}
    return {
        int(path.name): path
        for path in base.glob("*")
        if path.name.isdecimal() and (path / GRAPH).is_file()
    }


def _number_in(folder):
    try:
        return int(json.loads((folder / "model.json").read_text())["version"])
    except (OSError, ValueError, KeyError, TypeError):
        return int(folder.name) if folder.name.isdecimal() else 1
