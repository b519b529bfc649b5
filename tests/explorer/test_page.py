"""What a person does on the page, in a browser that reaches nothing but this machine."""

import numpy as np
import pytest
from PIL import Image

from tests.explorer.made_up_page import (
    ANSWERS,
    CONTENT,
    MEANS,
    WORKS,
    color,
    levels_of,
    metadata,
    png,
    styles_of,
    write_data,
)
from tests.explorer.stand_in import serving
from tests.tfrecords.browser import requests, wait_for

pytestmark = pytest.mark.slow
_VERDICT = "return document.querySelector('.answers p').textContent"
_BETWEEN = "return document.querySelectorAll('.between img')[arguments[0]].src"


def test_it_opens_with_an_artist_and_asks_nobody_but_its_server(page):
    page.open()
    page.shows(color(MEANS["ann"], CONTENT))
    assert page.find("#about").text == "180 works by 3 artists"
    assert [tab.text for tab in page.all("[role=tab]")] == [
        "Map", "Sliders", "All artists", "Corners", "Transfer", "Who drew it", "Enroll"
    ]  # fmt: skip
    wait_for(lambda: page.run("return document.querySelector('.map').dataset.renderer"))
    assert page.run("return document.querySelector('.map').dataset.renderer") == "WebglPoints"
    page.view("sliders")
    assert {address.split("/")[2] for address in requests(page.chrome)} == {page.address[7:]}
    assert page.complaints() == []


def test_a_slider_moves_its_dimension_alone_and_can_be_undone(page):
    page.open("#view=sliders")
    page.slide("#dimension-2", 1.5)
    page.shows(color([-2, 1.5], CONTENT))
    page.slide("#dimension-1", 0.5)
    page.shows(color([0.5, 1.5], CONTENT))
    page.click("Undo")
    page.shows(color([-2, 1.5], CONTENT))
    page.click("Undo")
    page.shows(color(MEANS["ann"], CONTENT))
    page.click("Redo")
    page.shows(color([-2, 1.5], CONTENT))
    lowest = page.all("#panel-sliders .slider")[1].find_element("css selector", ".thumbnail")
    least = min(MEANS, key=lambda artist: styles_of(artist)[:, 1].min())
    assert lowest.get_attribute("aria-label") == f"{least}: {least}/{WORKS * 3 // 4}"


def test_randomizing_leaves_the_first_dimensions_alone(page):
    page.open("#view=sliders")
    page.type("#keep", "1")
    page.find("#keep").send_keys("\ue007")
    before = page.levels()
    page.click("Randomize the others")
    after = wait_for(lambda: page.levels() if page.levels() != before else None)
    assert (after[0], after[2]) == (before[0], before[2])


def test_a_style_is_set_by_name_or_as_a_blend(page):
    page.open("#view=enrolling")
    page.type("#style-text", "BO\ue007")
    page.shows(color(MEANS["bo"], CONTENT))
    page.type("#style-text", "bo:0.3, cy:0.1\ue007")
    page.shows(color(0.75 * np.array(MEANS["bo"]) + 0.25 * np.array(MEANS["cy"]), CONTENT))
    page.type("#style-text", "di\ue007")
    page.shows(color([1, 1], CONTENT))
    page.type("#style-text", "nobody\ue007")
    wait_for(page.notice)
    assert page.notice() == 'No artist is called "nobody": give for instance ann, bo, cy, di.'
    page.type("#style-text", "bo:-1\ue007")
    wait_for(lambda: page.notice().startswith("Weights are numbers above 0"))


def test_content_comes_from_a_picture_by_chance_or_as_a_variant(page, tmp_path):
    page.open("#view=enrolling")
    file = tmp_path / "given.png"
    file.write_bytes(png((9, 9, 178)))
    page.find("#content-file").send_keys(str(file))
    page.shows(color(MEANS["ann"], [5]))
    page.click("Next variant")
    page.shows(color(MEANS["ann"], [5], seed=1))
    page.click("Random content")
    wait_for(lambda: page.levels()[2] in range(128, 140))
    file.write_text("no picture")
    page.find("#content-file").send_keys(str(file))
    wait_for(lambda: "expected encoded pictures" in page.notice())


def test_one_content_is_drawn_in_all_styles_and_two_are_compared(page):
    page.open("#view=artists")
    tiles = wait_for(lambda: page.all("#panel-artists .tile"))
    assert [tile.text for tile in tiles] == ["ann", "bo", "cy", "di"]
    pictures = page.all("#panel-artists .tile img")
    drawn = [levels_of(picture.get_attribute("src")) for picture in pictures]
    assert drawn == [list(color(style, CONTENT)) for style in [*MEANS.values(), (1, 1)]]
    tiles[2].click()
    left, right = page.find(".split .left"), page.find(".split .right")
    assert levels_of(left.get_attribute("src")) == list(color(MEANS["ann"], CONTENT))
    assert levels_of(right.get_attribute("src")) == list(color(MEANS["cy"], CONTENT))
    page.slide(".comparison input", 25)
    assert left.value_of_css_property("clip-path") == "inset(0px 75% 0px 0px)"
    page.click("Take the style of cy")
    page.shows(color(MEANS["cy"], CONTENT))


def test_pictures_between_four_corners_change_evenly(page):
    page.open("#view=corners")
    wait_for(lambda: len(page.all(".between img")) == 25)
    page.type("#style-text", "cy\ue007")
    page.shows(color(MEANS["cy"], CONTENT))
    page.click("Top left: set to the picture")
    expected = np.array([MEANS["cy"], MEANS["bo"], MEANS["cy"], (1, 1)])

    def drawn(place):
        return levels_of(page.run(_BETWEEN, place))

    wait_for(lambda: drawn(0) == list(color(expected[0], CONTENT)))
    assert drawn(24) == list(color(expected[3], CONTENT))
    assert drawn(12) == list(color(expected.mean(axis=0), CONTENT))
    assert drawn(2) == list(color(expected[:2].mean(axis=0), CONTENT))
    page.run("document.querySelectorAll('.between button')[12].click()")
    page.shows(color(expected.mean(axis=0), CONTENT))


def test_a_picture_is_drawn_in_the_style_of_another(page):
    page.open("#view=transfer")
    what, how = page.all("#panel-transfer .drop")
    page.drop(what, "what.png", png((10, 10, 148)))
    page.drop(how, "how.png", png((148, 108, 10)))
    source = wait_for(lambda: page.find(".result img").get_attribute("src"))
    assert levels_of(source) == [148, 108, 148]
    page.click("Take its style and content")
    page.shows([148, 108, 148])


def test_who_drew_a_picture_is_answered_or_unknown(page):
    page.open("#view=answers")
    zone = page.find("#panel-answers .drop")
    page.drop(zone, "known.png", png(color(MEANS["bo"], CONTENT)))
    wait_for(lambda: page.all(".answers p"))
    assert page.run(_VERDICT) == "Probably bo, 98 %"  # 1 / (1 + exp(-4) + exp(-32 ** 0.5))
    assert [row.text for row in page.all(".answers tr th")] == ["bo", "ann", "cy"]
    distances = [figure.text for figure in page.all(".near figcaption")]
    assert distances == ["bo, 0.25", "bo, 0.50", "cy, 3.00"]
    page.click("bo: bo/4")
    page.shows(color(styles_of("bo")[4], [4 / WORKS]))
    page.drop(zone, "far.png", png((128, 128, 128)))
    wait_for(lambda: page.run(_VERDICT).startswith("Unknown: none of the known artists"))
    page.click("Take its style")
    page.shows(color([0, 0], [4 / WORKS]))


def test_a_model_without_a_signature_lacks_its_view_and_says_so(page, tmp_path):
    write_data(tmp_path / "explorer")
    few = {name: ANSWERS[name] for name in ("generate_bytes", "encode_content_bytes")}
    with serving(few, metadata(few), tmp_path / "explorer") as address:
        page.chrome.get(f"{address}/#view=sliders")
        wait_for(lambda: page.run("return about.dataset.ready"))
        tabs = [tab.text for tab in page.all("[role=tab]")]
        said = page.find("#about").get_attribute("title")
    assert tabs == ["Map", "Sliders", "All artists", "Corners"]
    assert "Transfer: the model has no signature transfer_bytes" in said


def test_a_model_without_data_beside_it_has_sliders_alone(page, tmp_path):
    with serving(ANSWERS, metadata(ANSWERS), tmp_path) as address:
        page.chrome.get(address)
        wait_for(lambda: page.run("return about.dataset.ready && drawn.naturalWidth"))
        tabs = [tab.text for tab in page.all("[role=tab]")]
        page.slide("#dimension-1", 1)
        page.shows([138, 128, page.levels()[2]])
    assert tabs == ["Sliders", "Corners", "Transfer", "Who drew it", "Enroll"]
    page.complaints()  # of the files that are not there


def test_an_artist_is_enrolled_from_pictures_and_kept(page):
    page.open("#view=enrolling")
    zone = page.find("#panel-enrolling .drop")
    page.drop(zone, "first.png", png((148, 108, 0)))
    wait_for(lambda: page.notice() == "Give the artist a name first, then the pictures.")
    page.type("#new-artist", "Eve")
    files = [page.downloads / name for name in ("a.png", "b.png", "c.png")]
    for file, data in zip(files, [png((148, 108, 0)), png((168, 128, 0)), b"none"], strict=True):
        file.write_bytes(data)
    page.find("#panel-enrolling input[type=file]").send_keys("\n".join(map(str, files)))
    wait_for(lambda: page.all(".enrolled li"))
    assert page.notice() == "Set aside, since the server could not read them: c.png."
    page.open("#view=enrolling", anew=False)
    page.click("Draw in the style of Eve")
    page.shows(color([3, -1], CONTENT))
    page.click("Save styles.json")
    written = page.saved_json("styles.json")
    assert written["artists"] == {"Eve": [3, -1]}
    assert (written["works"], written["deviations"]) == ({"Eve": 2}, {"Eve": None})
    assert written["sizes"] == {"k_S": 2}
    page.click("Forget Eve")
    assert page.all(".enrolled li") == []


def test_a_link_brings_all_of_it_back(page):
    page.open("#view=sliders")
    page.slide("#dimension-1", 1.25)
    page.click("Next variant")
    page.view("corners")
    page.click("Bottom right: set to the picture")
    wait_for(lambda: "corner3" in page.run("return location.hash"))
    link = page.run("return location.hash")
    page.open(link)
    page.shows(color([1.25, -2], CONTENT, seed=1))
    assert page.find("[aria-selected=true]").text == "Corners"
    wait_for(lambda: len(page.all(".between img")) == 25)
    assert levels_of(page.run(_BETWEEN, 24)) == list(color([1.25, -2], CONTENT, seed=1))


def test_a_link_that_does_not_fit_is_passed_over(page):
    page.open("#view=nowhere&style=1,2,3&content=x&seed=-4&corner0=1;2")
    page.shows(color(MEANS["ann"], CONTENT))
    assert page.find("[aria-selected=true]").text == "Map"


def test_the_picture_and_its_codes_are_saved(page):
    page.open("#view=enrolling")
    page.type("#style-text", "cy\ue007")
    page.shows(color(MEANS["cy"], CONTENT))
    page.click("Save PNG")
    with Image.open(page.saved("portrait.png")) as picture:
        assert picture.getpixel((3, 3)) == color(MEANS["cy"], CONTENT)
    page.click("Save JSON")
    written = page.saved_json("portrait.json")
    assert (written["style"], written["content"], written["seed"]) == ([-2, 2], [0], 0)
    assert written["style_name"] == "cy"


def test_everything_is_reached_from_the_keyboard(page):
    from selenium.webdriver import ActionChains

    def press(*keys):
        ActionChains(page.chrome).send_keys(*keys).perform()

    page.open("#view=enrolling")
    press("2")
    assert page.find("[aria-selected=true]").text == "Sliders"
    press("\ue014")
    assert page.find("[aria-selected=true]").text == "All artists"
    press("v")
    page.shows(color(MEANS["ann"], CONTENT, seed=1))
    press("u")
    page.shows(color(MEANS["ann"], CONTENT))
    press("a")
    press("bo\ue007")
    page.shows(color(MEANS["bo"], CONTENT))
    press("\ue00c")
    page.run("document.activeElement.blur()")
    press("?")
    assert page.find("#keys").is_displayed()
    press("\ue00c")
    wait_for(lambda: not page.find("#keys").is_displayed())


def test_a_server_that_is_not_there_is_one_line(page):
    page.chrome.get("about:blank")
    page.chrome.get(f"{page.address}/?server=http://127.0.0.1:9")
    wait_for(page.notice)
    assert page.notice() == "No answer from http://127.0.0.1:9: is the server running?"
    page.complaints()
