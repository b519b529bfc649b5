import pytest

from tests.tfrecords.browser import chromium


@pytest.fixture(scope="module")
def chrome():
    with chromium() as driver:
        yield driver
