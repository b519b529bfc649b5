import hashlib
import subprocess

from google.protobuf import text_format
from tensorflow_serving.config import model_server_config_pb2

from anime_style_tf.serving.version_files import (
    MANIFEST,
    forget_old_versions,
    write_manifest,
    write_operating_files,
)


def test_the_manifest_is_what_sha256sum_checks(tmp_path):
    (tmp_path / "variables").mkdir()
    (tmp_path / "saved_model.pb").write_bytes(b"graph")
    (tmp_path / "variables" / "a b").write_bytes(b"")
    write_manifest(tmp_path)
    lines = (tmp_path / MANIFEST).read_text().splitlines()
    assert lines == [
        f"{hashlib.sha256(b'graph').hexdigest()}  saved_model.pb",
        f"{hashlib.sha256(b'').hexdigest()}  variables/a b",
    ]
    check = ["sha256sum", "--check", "--quiet", MANIFEST]
    assert subprocess.run(check, cwd=tmp_path, check=False).returncode == 0
    (tmp_path / "saved_model.pb").write_bytes(b"other")
    assert subprocess.run(check, cwd=tmp_path, check=False, capture_output=True).returncode == 1


def test_settings_of_servers_are_written_once_and_are_in_their_own_form(tmp_path):
    write_operating_files(tmp_path)
    text = (tmp_path / "models.config").read_text()
    config = text_format.Parse(text, model_server_config_pb2.ModelServerConfig())
    assert [model.name for model in config.model_config_list.config] == ["portraits"]
    names = {"models.config", "batching.config", "monitoring.config", "compose.yaml"}
    assert {path.name for path in tmp_path.iterdir()} == names
    compose = (tmp_path / "compose.yaml").read_text()
    assert all(f"/models/{name}" in compose for name in names - {"compose.yaml"})
    (tmp_path / "models.config").write_text("mine")
    write_operating_files(tmp_path)
    assert (tmp_path / "models.config").read_text() == "mine"


def test_a_run_of_the_style_alone_serves_its_encoder(tmp_path):
    write_operating_files(tmp_path, "style_encoder")
    text = (tmp_path / "models.config").read_text()
    (model,) = text_format.Parse(
        text, model_server_config_pb2.ModelServerConfig()
    ).model_config_list.config
    assert (model.name, model.base_path) == ("style_encoder", "/models/style_encoder")


def test_the_newest_versions_stay_by_number_and_not_by_name(tmp_path):
    for number in (2, 9, 10, 11):
        (tmp_path / "portraits" / str(number)).mkdir(parents=True)
    (tmp_path / "portraits" / "notes").mkdir()
    forget_old_versions(tmp_path, ["portraits"], 2)
    left = {path.name for path in (tmp_path / "portraits").iterdir()}
    assert left == {"10", "11", "notes"}
