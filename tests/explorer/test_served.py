"""The page as `anime-style serve` gives it."""

import json
import re

import httpx
import pytest

from tests.explorer.made_up_page import write_data
from tests.explorer.stand_in import PAGE
from tests.server.serving import save_toy, serving
from tests.tfrecords.browser import chromium, wait_for


def test_the_server_gives_the_page_all_its_parts_and_what_lies_beside_the_model(tmp_path):
    bundle = tmp_path / "half" / "1"
    save_toy(bundle)
    write_data(bundle / "assets.extra" / "explorer")
    with serving(tmp_path / "half", name="half") as server:
        address = f"http://127.0.0.1:{server.rest_port}"
        with httpx.Client(base_url=address, timeout=60) as client:
            page = client.get("/")
            parts = {p.relative_to(PAGE).as_posix(): client.get(f"/{p.relative_to(PAGE)}")
                     for p in PAGE.rglob("*.*")}  # fmt: skip
            works = client.get("/explorer-data/works.json").json()
            sheet = client.get(f"/explorer-data/{works['thumbnails']['files'][0]}")
    assert page.content == (PAGE / "index.html").read_bytes()
    assert page.headers["content-type"].startswith("text/html")
    named = re.findall(r'(?:src|href)="([^":]+)"', page.text)
    assert set(named) >= {"app.js", "page.css"}
    assert set(named) <= set(parts)
    for name, part in parts.items():
        assert part.content == (PAGE / name).read_bytes()
        assert not name.endswith(".js") or "javascript" in part.headers["content-type"]
    written = bundle / "assets.extra" / "explorer" / "works.json"
    assert works == json.loads(written.read_text())
    assert sheet.headers["content-type"] == "image/webp"


def test_a_token_that_the_server_wants_is_asked_for_until_it_is_right(tmp_path):
    waiting = pytest.importorskip("selenium.webdriver.support.wait")
    conditions = pytest.importorskip("selenium.webdriver.support.expected_conditions")
    save_toy(tmp_path / "half" / "1")
    with (
        serving(tmp_path / "half", name="half", token="a-long-secret-word") as server,
        chromium() as chrome,
    ):
        chrome.get(f"http://127.0.0.1:{server.rest_port}/?model=half")
        for given in ("another-secret-word", "a-long-secret-word"):
            asked = waiting.WebDriverWait(chrome, 20).until(conditions.alert_is_present())
            asked.send_keys(given)
            asked.accept()
        # The metadata has come: this model is no generator.
        said = "return document.body.textContent"
        wait_for(lambda: "expected the signature generate_bytes" in chrome.execute_script(said))
