import httpx
import pytest

from tests.server.serving import save_toy, serving


@pytest.fixture(scope="session")
def toy(tmp_path_factory):
    base = tmp_path_factory.mktemp("models") / "half"
    save_toy(base / "123")
    return base


@pytest.fixture(scope="session")
def toy_server(toy):
    with serving(toy, name="half") as server:
        yield server


@pytest.fixture(scope="session")
def rest(toy_server):
    url = f"http://127.0.0.1:{toy_server.rest_port}"
    with httpx.Client(base_url=url, timeout=60) as client:
        yield client
