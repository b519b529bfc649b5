"""Pages of the review in a browser, and what a person does and sees there."""

import io

from PIL import Image

from anime_style_tf.data.inspection.review import Candidate, write_review
from tests.tfrecords.browser import requests, wait_for

HOSTILE = '</script><img src="http://127.0.0.1:9/x" onerror="window.harm=1">'
LEFT, UP, RIGHT, DOWN, END, HOME = "\ue012", "\ue013", "\ue014", "\ue015", "\ue010", "\ue011"
SHIFT, CONTROL, ESCAPE, ENTER, SPACE = "\ue008", "\ue009", "\ue00c", "\ue007", " "


def candidates(artists):
    """Portraits whose likelihood falls with their number, so that the last comes first."""
    for artist, count in artists.items():
        for number in range(count):
            encoded = io.BytesIO()
            Image.new("RGB", (32, 32), (250 - 20 * number, 90, 10 * number)).save(encoded, "PNG")
            yield Candidate(
                source=f"{artist}/{number}.png",
                face={"number": 0, "likelihood": 0.9 - number / 100},
                artist=artist,
                split="train",
                image=encoded.getvalue(),
            )


def write(folder, shown, **options):
    """The rejects are kept under the checksum, so each test has its own."""
    return write_review(
        shown, folder / "review.html", name="set", checksum=folder.name, columns=4, **options
    )


def visit(chrome, path):
    requests(chrome)
    chrome.get(path.as_uri())


def press(chrome, *keys, held=""):
    from selenium.webdriver import ActionChains

    chain = ActionChains(chrome)
    chain = chain.key_down(held) if held else chain
    chain = chain.send_keys(*keys)
    (chain.key_up(held) if held else chain).perform()


def find(chrome, selector):
    return chrome.find_elements("css selector", selector)


def click(chrome, identity):
    find(chrome, f"#{identity}")[0].click()


def texts(chrome, script):
    return chrome.execute_script(f"return [...document.querySelectorAll('.tile')]{script}")


def rejected(chrome):
    pressed = (
        ".filter((tile) => tile.ariaPressed === 'true').map((tile) => tile.title.split(' · ')[0])"
    )
    return texts(chrome, pressed)


def focused(chrome):
    return chrome.execute_script("return document.activeElement.title.split(' · ')[0]")


def is_in_sight(chrome):
    """Tells whether nothing, as the bars at both ends, covers a corner of the focused tile."""
    return chrome.execute_script(
        "const one = document.activeElement, { left, right, top, bottom } = "
        "one.getBoundingClientRect(); return [[left + 9, top + 9], [right - 9, bottom - 9]]"
        ".every((place) => one.contains(document.elementFromPoint(...place)))"
    )


def saved(chrome, folder):
    """Saves the rejects and returns the file."""
    folder = folder / "downloads"
    path = folder / "rejects.csv"
    path.unlink(missing_ok=True)
    chrome.execute_cdp_cmd(
        "Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)}
    )
    click(chrome, "save")
    wait_for(path.exists)
    return path
