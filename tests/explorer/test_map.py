"""The map, drawn by WebGL and, where a browser has none, on a plain canvas: the same tasks."""

import pytest

from tests.explorer.made_up_page import CONTENT, MEANS, WORKS, color, styles_of
from tests.tfrecords.browser import wait_for

pytestmark = [
    pytest.mark.slow,
    pytest.mark.parametrize("page", [True, False], indirect=True, scope="module"),
]
_PICTURES = "return document.querySelector('.map').dataset.pictures"


def test_the_points_are_drawn_with_webgl_where_there_is_some(page, request):
    page.open_map()
    drawn = page.run("return document.querySelector('.map').dataset.renderer")
    assert (
        drawn == {True: "WebglPoints", False: "CanvasPoints"}[request.node.callspec.params["page"]]
    )
    assert page.complaints() == []


def test_a_work_on_the_map_gives_its_style_its_content_or_both(page):
    box = page.open_map()
    box.click()  # the middle of the three corners is empty
    box.send_keys("\ue014")
    chosen = wait_for(lambda: page.all(".chosen p"))[0].text
    artist, number = chosen.split(" ")[1].split("/")
    style, content = styles_of(artist)[int(number)], [int(number) / WORKS]
    assert "3.20 from the nearest work by another artist" in chosen
    page.click("Take its style")
    page.shows(color(style, CONTENT))
    page.click("Draw it")
    page.shows(color(style, content))


def test_a_lasso_takes_the_mean_style_of_what_it_goes_around(page):
    from selenium.webdriver import ActionChains

    box = page.open_map()
    page.click("Lasso")
    unit = box.size["height"] / 2 * 1.9 / 4.8  # pixels to a unit of style, from the middle
    x, y = (round(place * unit) for place in MEANS["bo"])
    reach = round(unit / 2)  # wider than the circle of works, and still on the map
    path = [(x - reach, -y - reach), (2 * reach, 0), (0, 2 * reach), (-2 * reach, 0), (0, -reach)]
    chain = ActionChains(page.chrome, duration=150).move_to_element_with_offset(box, *path[0])
    chain = chain.click_and_hold()
    for step in [(1, 1), *path[1:]]:  # the first step begins it
        chain = chain.move_by_offset(*step).pause(0.1)
    chain.release().perform()
    chosen = wait_for(lambda: page.all(".chosen p"))[0].text
    assert chosen == f"{WORKS} works by bo"
    page.click("Take their mean style")
    page.shows(color(MEANS["bo"], CONTENT))
    page.click("Save their names")
    assert page.saved_json("works.json")["works"] == [f"bo/{n}" for n in range(WORKS)]


def test_works_are_pictures_where_few_are_in_sight(page):
    page.open_map()
    assert page.run(_PICTURES) == "false"
    for _ in range(4):
        page.click("Nearer")
    wait_for(lambda: page.run(_PICTURES) == "true")
    page.click("All")
    wait_for(lambda: page.run(_PICTURES) == "false")
