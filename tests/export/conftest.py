import pytest

from anime_style_tf.serving.saved_model import export_portraits
from tests.export.rest_server import serving
from tests.serving.tiny_networks import tiny_portraits


@pytest.fixture(scope="session")
def portraits():
    return tiny_portraits()


@pytest.fixture(scope="session")
def bundle(portraits, tmp_path_factory):
    left = export_portraits(
        portraits, tmp_path_factory.mktemp("served"), artists={"Ann": [1, 2], "Bo": [0, -1]}
    )
    return left["portraits"]["path"]


@pytest.fixture(scope="session")
def server(bundle):
    with serving(bundle) as url:
        yield url
