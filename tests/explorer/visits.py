"""What a person does on the page and sees there."""

import base64
import json

from tests.explorer.made_up_page import levels_of
from tests.tfrecords.browser import complaints, requests, wait_for

_DROP = """
const [zone, name, bytes] = arguments;
const files = new DataTransfer();
files.items.add(new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], name));
zone.dispatchEvent(new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true }));
"""


_BUTTON = """
return [...document.querySelectorAll("button")].find((one) => one.checkVisibility()
  && [one.textContent.trim(), one.ariaLabel].includes(arguments[0]))
"""
_MAP = "return document.querySelector('.map').dataset.renderer"


class Page:
    """The page in a browser.

    Args:
        chrome: a `selenium.webdriver.Chrome`.
        address: of the server.
        downloads: folder for what is saved.
    """

    def __init__(self, chrome, address, downloads):
        self.chrome, self.address, self.downloads = chrome, address, downloads
        behavior = {"behavior": "allow", "downloadPath": str(downloads)}
        chrome.execute_cdp_cmd("Browser.setDownloadBehavior", behavior)
        chrome.set_window_size(1280, 900)

    def open(self, link="", *, query="", anew=True):
        """Goes to the page, with nothing kept from before, and waits for its picture."""
        if anew:
            self.chrome.get(f"{self.address}/page.css")
            self.run("localStorage.clear()")
        self.chrome.get("about:blank")
        requests(self.chrome), complaints(self.chrome)
        self.chrome.get(f"{self.address}/{query}{link}")
        wait_for(lambda: self.run("return about.dataset.ready && drawn.naturalWidth"))
        return self

    def open_map(self):
        """Opens the page with its map and returns the map's box, once points are drawn there."""
        self.open("#view=map")
        wait_for(lambda: self.run(_MAP))
        return self.find(".map")

    def run(self, script, *arguments):
        return self.chrome.execute_script(script, *arguments)

    def find(self, selector):
        return self.chrome.find_element("css selector", selector)

    def all(self, selector):
        return self.chrome.find_elements("css selector", selector)

    def click(self, text):
        """Clicks the button of a text or a label that is seen, once it is."""
        wait_for(lambda: self.run(_BUTTON, text)).click()

    def view(self, name):
        self.find(f"#tab-{name}").click()

    def type(self, selector, text):
        field = self.find(selector)
        field.clear()
        field.send_keys(text)

    def slide(self, selector, value):
        """Moves a slider as a hand does: on its way it is heard, at the end it has changed."""
        self.run(
            "const [slider, value] = arguments; slider.value = value;"
            "slider.dispatchEvent(new Event('input')); slider.dispatchEvent(new Event('change'))",
            self.find(selector),
            value,
        )

    def drop(self, zone, name, data):
        self.run(_DROP, zone, name, base64.b64encode(data).decode())

    def levels(self):
        """Color of the large picture."""
        source = self.run("return drawn.src")
        return levels_of(source) if source.startswith("data:") else None

    def shows(self, levels):
        """Waits until the large picture has a color."""
        wanted = [int(level) for level in levels]
        try:
            return wait_for(lambda: self.levels() == wanted, 5)
        except TimeoutError:
            raise AssertionError(f"expected {wanted}, received {self.levels()}") from None

    def said(self):
        return self.run("return said.textContent")

    def notice(self):
        return self.run("return notice.hidden ? '' : notice.textContent")

    def saved(self, name):
        """Waits for a file and returns its path."""
        path = self.downloads / name
        return wait_for(lambda: path if path.exists() and path.stat().st_size else None)

    def saved_json(self, name):
        return json.loads(self.saved(name).read_text())

    def complaints(self):
        """What is on the console but for what a driver says of its speed."""
        return [line for line in complaints(self.chrome) if "GL Driver Message" not in line]
