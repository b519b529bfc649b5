import pytest

from tests.explorer.made_up_page import ANSWERS, metadata, write_data
from tests.explorer.stand_in import serving
from tests.explorer.visits import Page
from tests.tfrecords.browser import chromium

# No name but this machine's is found, so that a request to any other place fails, and is seen.
_LOCAL = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
_WEBGL = {True: "--enable-unsafe-swiftshader", False: "--disable-3d-apis"}


@pytest.fixture(scope="session")
def address(tmp_path_factory):
    """Of a server with the page, its data and a made-up model."""
    folder = tmp_path_factory.mktemp("served") / "explorer"
    write_data(folder)
    with serving(ANSWERS, metadata(ANSWERS), folder) as where:
        yield where


@pytest.fixture(scope="module", params=[True])
def page(request, address, tmp_path_factory):
    """A `Page`; a module that is parametrized by it says whether there is WebGL."""
    with chromium(_LOCAL, _WEBGL[request.param]) as chrome:
        yield Page(chrome, address, tmp_path_factory.mktemp("downloads"))
