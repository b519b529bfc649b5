import asyncio
import shutil
import time

import httpx
import pytest
import tensorflow as tf
from tensorflow_serving.apis import predict_pb2, prediction_log_pb2

from anime_style_tf.errors import InputError
from anime_style_tf.server.models import Models, Version, config_file, one_model
from anime_style_tf.server.refusals import Refusal
from anime_style_tf.serving import warm_up
from tests.server.serving import save_toy, serving

CONFIG = """
model_config_list {{
  config {{
    name: "half"
    base_path: "{base}"
    model_platform: "tensorflow"
    model_version_policy {{ specific {{ versions: {version} }} }}
    version_labels {{ key: "stable" value: {version} }}
  }}
}}
"""


@pytest.fixture
def base(toy, tmp_path):
    shutil.copytree(toy / "123", tmp_path / "half" / "1")
    return tmp_path / "half"


def until(condition, *, seconds=30):
    end = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.05)
    return value


def ask(server, path="", *, x=1.0):
    url = f"http://127.0.0.1:{server.rest_port}/v1/models/half{path}:predict"
    return httpx.post(url, json={"instances": [x]}).json()


def test_a_new_version_is_served_without_a_break_and_the_old_one_goes(base, tmp_path):
    with serving(base, name="half", grpc_port=None) as server:
        assert ask(server) == {"predictions": [3.5]}
        save_toy(tmp_path / "coming", plus=5.0)
        (tmp_path / "coming").rename(base / "2")
        answers = [until(lambda: ask(server)) for _ in range(3)]
        assert all("predictions" in answer for answer in answers)
        until(lambda: ask(server) == {"predictions": [5.5]})
        until(lambda: "error" in ask(server, "/versions/1"))
        shutil.rmtree(base / "2")  # taken back: the version before it is there again
        until(lambda: ask(server) == {"predictions": [3.5]})


def test_a_damaged_version_is_named_and_the_one_before_it_answers_on(base):
    shutil.copytree(base / "1", base / "2")
    (base / "2" / "variables" / "variables.index").write_bytes(b"damaged")
    (base / "3").mkdir()
    (base / "3" / "saved_model.pb").write_bytes(b"no graph")

    async def run():
        models = Models(one_model("half", base))
        with pytest.raises(Refusal, match="Could not find any versions of model half"):
            models.status("half")
        await models.refresh()
        return models

    models = asyncio.run(run())
    assert not models.ready
    (status,) = models.status("half").model_version_status
    assert (status.version, status.status.error_code) == (3, 2)
    assert "\n" not in status.status.error_message
    shutil.rmtree(base / "3")
    asyncio.run(models.refresh())
    assert not models.ready
    shutil.rmtree(base / "2")
    asyncio.run(models.refresh())
    assert models.find("half").number == 1


def test_a_configuration_file_chooses_versions_and_is_read_again(base, tmp_path):
    shutil.copytree(base / "1", base / "2")
    path = tmp_path / "models.config"
    path.write_text(CONFIG.format(base=base, version=1))
    read = config_file(path)

    async def numbers(models):
        await models.refresh()
        label = models.find("half", label="stable").number
        return models.find("half").number, label

    models = Models(read)
    assert asyncio.run(numbers(models)) == (1, 1)
    path.write_text(CONFIG.format(base=base, version=2))
    assert asyncio.run(numbers(models)) == (2, 2)
    path.write_text("no configuration")  # what is served is served on
    assert asyncio.run(numbers(models)) == (2, 2)
    path.unlink()
    assert asyncio.run(numbers(models)) == (2, 2)
    with pytest.raises(Refusal, match="Unrecognized servable version label: canary"):
        models.find("half", label="canary")


def test_the_folder_of_a_version_itself_can_be_served(toy):
    models = Models(one_model("half", toy / "123"))
    asyncio.run(models.refresh())
    assert models.find("half").number == 123


@pytest.mark.parametrize("text", ["", "model_config_list {}", "config { name: 3 }"])
def test_a_wrong_configuration_file_is_one_line(tmp_path, text):
    path = tmp_path / "models.config"
    path.write_text(text)
    with pytest.raises(InputError, match=r"models\.config: expected"):
        config_file(path)


def test_a_folder_without_versions_is_one_line(tmp_path):
    with pytest.raises(InputError, match=r"expected an exported model, a folder VERSION/saved_m"):
        one_model("half", tmp_path)


def test_warm_up_requests_are_answered_before_any_other(base, monkeypatch):
    request = predict_pb2.PredictRequest()
    request.model_spec.signature_name = "root"
    request.inputs["x"].CopyFrom(tf.make_tensor_proto([-1.0]))  # which this signature refuses
    log = prediction_log_pb2.PredictionLog()
    log.predict_log.request.CopyFrom(request)
    path = base / "1" / warm_up.FILE
    path.parent.mkdir()
    with tf.io.TFRecordWriter(str(path)) as writer:
        writer.write(log.SerializeToString())
    with pytest.raises(tf.errors.InvalidArgumentError, match="x must not be below 0"):
        Version(1, base / "1").load()
