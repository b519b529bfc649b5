"""Chromium without a window, driven through Selenium."""

import contextlib
import json
import os
import shutil
import time

import pytest

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@contextlib.contextmanager
def chromium(*arguments):
    """Yields a `selenium.webdriver.Chrome`; skips the test where there is no browser.

    Args:
        *arguments: further ones for its command line.
    """
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    driver = shutil.which("chromedriver")
    if browser is None or driver is None:
        pytest.skip("no Chromium with its driver: apt-get install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = browser
    options.add_argument("--headless=new")
    options.add_argument("--window-size=1000,800")
    options.add_argument("--disable-dev-shm-usage")
    for argument in arguments:
        options.add_argument(argument)
    if os.geteuid() == 0:
        options.add_argument("--no-sandbox")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    chrome = webdriver.Chrome(options, webdriver.ChromeService(driver))
    try:
        yield chrome
    finally:
        chrome.quit()


def complaints(chrome):
    """Returns what is new on the browser's console: errors, warnings, refused resources."""
    return [entry["message"] for entry in chrome.get_log("browser")]


def requests(chrome):
    """Returns the addresses asked for since the last call, without `data:` and `blob:`."""
    messages = [json.loads(entry["message"])["message"] for entry in chrome.get_log("performance")]
    addresses = [
        message["params"]["request"]["url"]
        for message in messages
        if message["method"] == "Network.requestWillBeSent"
    ]
    return [address for address in addresses if not address.startswith(("data:", "blob:"))]


def wait_for(found, seconds=20):
    """Returns the first true value of `found()`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = found()
        if value:
            return value
        time.sleep(0.02)
    raise TimeoutError(f"nothing after {seconds} s")
