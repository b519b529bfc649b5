import shutil

import pytest

from anime_style_tf.serving.saved_model import export_portraits
from anime_style_tf.serving.signatures import SAVED_MODELS
from anime_style_tf.serving.version_files import write_manifest
from tests.server.serving import serving
from tests.serving.tiny_networks import tiny_portraits


@pytest.fixture(scope="session")
def portraits():
    return tiny_portraits()


@pytest.fixture(scope="session")
def bundle(portraits, tmp_path_factory):
    directory = tmp_path_factory.mktemp("served")
    with pytest.MonkeyPatch.context() as patch:  # The other three are tested with the package.
        only = {"portraits": SAVED_MODELS["portraits"]}
        patch.setattr("anime_style_tf.serving.portraits.SAVED_MODELS", only)
        artists = {"Ann": [1, 2], "Bo": [0, -1]}
        return export_portraits(portraits, directory, artists=artists)["portraits"]["path"]


@pytest.fixture(scope="session")
def cold_bundle(bundle, tmp_path_factory):
    """The same without the requests that warm it up, which take longer than the tests do."""
    path = tmp_path_factory.mktemp("cold") / "1"
    shutil.copytree(bundle, path, ignore=shutil.ignore_patterns("*warmup*"))
    write_manifest(path)
    return path


@pytest.fixture(scope="session")
def server(cold_bundle):
    with serving(cold_bundle) as server:
        yield f"http://127.0.0.1:{server.rest_port}"
