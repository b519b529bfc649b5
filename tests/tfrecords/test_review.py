from anime_style_tf.data.inspection.review import Candidate, write_review
from tests.tfrecords.browser import complaints, requests, wait_for
from tests.tfrecords.review_pages import (
    CONTROL,
    DOWN,
    END,
    ENTER,
    ESCAPE,
    HOME,
    HOSTILE,
    LEFT,
    RIGHT,
    SHIFT,
    SPACE,
    UP,
    candidates,
    click,
    find,
    focused,
    is_in_sight,
    press,
    rejected,
    texts,
    visit,
    write,
)


def test_the_page_shows_all_thumbnails_in_order_without_a_complaint_or_a_request(chrome, tmp_path):
    (path,) = write(tmp_path, candidates({"bob": 3, "ann": 6}))
    visit(chrome, path)
    wanted = [f"ann/{n}.png" for n in (5, 4, 3, 2, 1, 0)] + [f"bob/{n}.png" for n in (2, 1, 0)]
    assert texts(chrome, ".map((tile) => tile.title.split(' · ')[0])") == wanted
    assert texts(chrome, ".map((tile) => tile.textContent)")[:2] == ["0.850", "0.860"]
    widths = wait_for(lambda: all(texts(chrome, ".map((t) => t.firstChild.naturalWidth)")))
    assert widths
    assert chrome.title == "Review: set"
    assert complaints(chrome) == []
    assert requests(chrome) == [path.as_uri()]


def test_a_click_rejects_and_another_takes_it_back(chrome, tmp_path):
    visit(chrome, *write(tmp_path, candidates({"ann": 3, "bob": 2})))
    tiles = find(chrome, ".tile")
    tiles[1].click()
    tiles[3].click()
    assert rejected(chrome) == ["ann/1.png", "bob/1.png"]
    assert find(chrome, "#total")[0].text == "2 of 5 rejected"
    assert [count.text for count in find(chrome, ".artist p")] == [
        "1 of 3 rejected", "1 of 2 rejected"
    ]  # fmt: skip
    tiles[1].click()
    assert rejected(chrome) == ["bob/1.png"]
    find(chrome, ".artist button")[0].click()
    assert rejected(chrome) == ["ann/2.png", "ann/1.png", "ann/0.png", "bob/1.png"]
    find(chrome, ".artist button")[0].click()
    assert rejected(chrome) == ["bob/1.png"]


def test_shift_and_a_click_take_all_in_between(chrome, tmp_path):
    from selenium.webdriver import ActionChains

    visit(chrome, *write(tmp_path, candidates({"ann": 4, "bob": 2})))
    tiles = find(chrome, ".tile")
    tiles[1].click()
    ActionChains(chrome).key_down(SHIFT).click(tiles[4]).key_up(SHIFT).perform()
    assert rejected(chrome) == ["ann/2.png", "ann/1.png", "ann/0.png", "bob/1.png"]
    click(chrome, "undo")
    assert rejected(chrome) == ["ann/2.png"]


def test_everything_can_be_done_from_the_keyboard(chrome, tmp_path):
    visit(chrome, *write(tmp_path, candidates({"ann": 6, "bob": 3, "eve": 9})))
    chrome.set_window_size(1000, 600)
    walk = [
        (RIGHT, "ann/5.png"), (RIGHT, "ann/4.png"), (DOWN, "ann/0.png"), (DOWN, "bob/1.png"),
        (RIGHT, "bob/0.png"), (DOWN, "eve/6.png"), (DOWN, "eve/2.png"), (DOWN, "eve/0.png"),
        (DOWN, "eve/0.png"), (UP, "eve/4.png"), (END, "eve/0.png"), (HOME, "eve/8.png"),
        (LEFT, "bob/0.png"), ("a", "ann/5.png"), ("p", "ann/5.png"), ("d", "bob/2.png"),
        ("n", "eve/8.png"), (UP, "bob/2.png"), (UP, "ann/1.png"),
    ]  # fmt: skip
    for key, place in walk:
        press(chrome, key)
        assert focused(chrome) == place
        assert is_in_sight(chrome)
    press(chrome, SPACE, RIGHT, "x", RIGHT, ENTER)
    assert rejected(chrome) == ["ann/1.png", "ann/0.png", "bob/2.png"]
    press(chrome, "x", LEFT, SPACE)
    assert rejected(chrome) == ["ann/1.png"]
    assert len(find(chrome, ".tile[tabindex='0']")) == 1
    assert not find(chrome, "#keys")[0].is_displayed()
    press(chrome, "?")
    assert find(chrome, "#keys")[0].is_displayed()
    press(chrome, "x", ESCAPE)
    assert not find(chrome, "#keys")[0].is_displayed()
    assert rejected(chrome) == ["ann/1.png"]
    assert complaints(chrome) == []


def test_every_step_can_be_undone_and_done_again(chrome, tmp_path):
    visit(chrome, *write(tmp_path, candidates({"ann": 3, "bob": 2})))
    states = [[], ["ann/2.png"], ["ann/2.png", "ann/1.png"], ["ann/1.png"]]
    press(chrome, RIGHT, "x", RIGHT, "x", LEFT, "x")
    assert rejected(chrome) == states[3]
    for key, held, state in (
        ("u", "", 2), ("z", CONTROL, 1), ("u", "", 0), ("u", "", 0), ("U", "", 1),
        ("y", CONTROL, 2), ("Z", CONTROL, 3), ("U", "", 3), ("u", "", 2),
    ):  # fmt: skip
        press(chrome, key, held=held)
        assert rejected(chrome) == states[state]
    assert find(chrome, "#redo")[0].is_enabled()
    press(chrome, END, "x")
    assert not find(chrome, "#redo")[0].is_enabled()
    click(chrome, "undo")
    click(chrome, "undo")
    assert rejected(chrome) == states[1]
    click(chrome, "redo")
    assert rejected(chrome) == states[2]


def test_hostile_names_do_nothing(chrome, tmp_path):
    shown = [
        Candidate(source=HOSTILE, face={"number": 0, "likelihood": 0.1}, artist=HOSTILE,
                  split="train", image=next(candidates({"x": 1})).image),
        *candidates({"javascript:harm=1": 1, "${harm=1}": 1, "<!--<script>": 1}),
    ]  # fmt: skip
    (path,) = write_review(shown, tmp_path / "r.html", name=HOSTILE, checksum=HOSTILE)
    visit(chrome, path)
    for tile in find(chrome, ".tile"):
        tile.click()
    assert HOSTILE in [heading.text for heading in find(chrome, "h2")]
    assert chrome.execute_script("return window.harm") is None
    assert len(find(chrome, "img")) == 4
    assert complaints(chrome) == []
    assert requests(chrome) == [path.as_uri()]
    chrome.execute_script("fetch('http://127.0.0.1:9/').catch(() => { window.refused = 1 })")
    wait_for(lambda: chrome.execute_script("return window.refused"))
    assert any("Content Security Policy" in complaint for complaint in complaints(chrome))


def test_artists_can_be_chosen_and_so_can_rejects(chrome, tmp_path):
    visit(chrome, *write(tmp_path, candidates({"Ann": 2, "bob": 2, "花子": 2})))
    displayed = "h2:not(dialog h2)"
    press(chrome, "/", "AN")
    assert [one.text for one in find(chrome, displayed) if one.is_displayed()] == ["Ann"]
    press(chrome, ENTER, "x", "/", "none such")
    assert find(chrome, "#empty")[0].is_displayed()
    press(chrome, ESCAPE, "n", RIGHT, "x")
    assert rejected(chrome) == ["Ann/1.png", "bob/0.png"]
    click(chrome, "only")
    assert [tile.text for tile in find(chrome, ".tile") if tile.is_displayed()] == [
        "0.890",
        "0.900",
    ]
    find(chrome, ".tile[aria-pressed=true]")[1].click()
    assert rejected(chrome) == ["Ann/1.png"]
    buttons = find(chrome, ".artist button")
    assert [button.text for button in buttons[:2]] == ["Take all back", "Reject all"]
    buttons[0].click()
    assert rejected(chrome) == []
