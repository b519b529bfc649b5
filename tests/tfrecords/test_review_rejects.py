import csv
import io

from anime_style_tf.data.conversion.rejects import read_rejects
from anime_style_tf.data.inspection.review import Candidate
from tests.tfrecords.browser import wait_for
from tests.tfrecords.review_pages import (
    HOSTILE,
    RIGHT,
    candidates,
    click,
    find,
    press,
    rejected,
    saved,
    visit,
    write,
)


def test_nothing_is_lost_when_the_page_is_closed_and_records_do_not_mix(chrome, tmp_path):
    shown = list(candidates({"ann": 3, HOSTILE: 2}))
    (path,) = write(tmp_path, shown)
    visit(chrome, path)
    press(chrome, RIGHT, "x", "d", "x")
    before = rejected(chrome)
    chrome.get("about:blank")
    visit(chrome, path)
    assert len(before) == 2
    # A page may be drawn before it hears of what the one before it wrote last.
    wait_for(lambda: rejected(chrome) == before)
    (tmp_path / "other").mkdir()
    visit(chrome, *write(tmp_path / "other", shown))
    assert rejected(chrome) == []


def test_the_saved_file_is_what_the_converter_reads(chrome, tmp_path):
    names = ['a,"b".png', "two\nlines.png", "花子/絵.png", HOSTILE, "\udcff\udcfe.png", "  =1+1"]
    shown = [
        Candidate(source=name, face=face, artist=f"by {name}", split="test", image=one.image)
        for one, name in zip(candidates({"x": len(names)}), names, strict=True)
        for face in ({"number": 0, "likelihood": 0.5}, {"number": 12, "likelihood": 0.25})
    ]
    shown.append(Candidate(source="bare", face={}, artist="z", split="test", image=shown[0].image))
    (path,) = write(tmp_path, shown)
    visit(chrome, path)
    chrome.execute_script("document.querySelectorAll('.artist button').forEach((b) => b.click())")
    assert find(chrome, "#save")[0].text == "Save CSV (13)"
    file = saved(chrome, tmp_path)
    expected = {(name, face) for name in names for face in (0, 12)} | {("bare", None)}
    assert read_rejects(file) == expected
    data = file.read_bytes()
    assert data.startswith(b"source,face,artist,reason\r\n")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8", "surrogateescape"), newline="")))
    assert {row["reason"] for row in rows} == {"not a face"}
    assert {(row["artist"], row["source"]) for row in rows} == {
        (one.artist, one.source) for one in shown
    }

    chrome.execute_script("localStorage.clear()")
    visit(chrome, path)
    assert find(chrome, ".tile[aria-pressed=true]") == []
    find(chrome, "#load")[0].send_keys(str(file))
    wait_for(lambda: len(find(chrome, ".tile[aria-pressed=true]")) == 13)
    assert saved(chrome, tmp_path).read_bytes() == data


def test_a_loaded_file_may_name_whole_sources_and_works_elsewhere(chrome, tmp_path):
    visit(chrome, *write(tmp_path, candidates({"ann": 3})))
    file = tmp_path / "by_hand.csv"
    file.write_text("face,source\n,ann/1.png\n\n3,elsewhere.png\n7,ann/2.png\n", "utf-8-sig")
    find(chrome, "#load")[0].send_keys(str(file))
    wait_for(lambda: rejected(chrome) == ["ann/1.png"])
    assert find(chrome, "#total")[0].text == "1 of 3 rejected, 2 not on this page"
    expected = {("ann/1.png", 0), ("elsewhere.png", 3), ("ann/2.png", 7)}
    assert read_rejects(saved(chrome, tmp_path)) == expected
    for number, text in enumerate(
        ("source\na\n", 'source,face\na,0\n"b"c,0\n', "source,face\na,x\n")
    ):
        bad = tmp_path / f"bad-{number}.csv"
        bad.write_text(text, "utf-8")
        find(chrome, "#load")[0].send_keys(str(bad))
        notice = wait_for(
            lambda name=bad.name: [n for n in find(chrome, "#notice") if name in n.text]
        )
        assert "was not loaded" in notice[0].text
        assert "line" in notice[0].text
    click(chrome, "undo")
    assert rejected(chrome) == []


def test_pages_share_one_file_of_rejects(chrome, tmp_path):
    first, second = write(tmp_path, candidates({"ann": 3, "bob": 3}), works_per_page=3)
    visit(chrome, first)
    press(chrome, RIGHT, "x")
    assert rejected(chrome) == ["ann/2.png"]
    find(chrome, "#pages a")[1].click()
    assert chrome.current_url == second.as_uri()
    assert find(chrome, "#pages [aria-current=page]")[0].text == "2"
    wait_for(lambda: find(chrome, "#total")[0].text == "0 of 3 rejected, 1 not on this page")
    press(chrome, RIGHT, RIGHT, "x")
    assert find(chrome, "#total")[0].text == "1 of 3 rejected, 1 not on this page"
    assert read_rejects(saved(chrome, tmp_path)) == {("ann/2.png", 0), ("bob/1.png", 0)}
    click(chrome, "undo")
    assert read_rejects(saved(chrome, tmp_path)) == {("ann/2.png", 0)}


def test_without_storage_the_page_works_and_warns(chrome, tmp_path):
    source = "Object.defineProperty(window, 'localStorage', {get() { throw new Error('off') }})"
    added = chrome.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": source})
    try:
        visit(chrome, *write(tmp_path, candidates({"ann": 2})))
        press(chrome, RIGHT, "x")
        assert rejected(chrome) == ["ann/1.png"]
        assert "does not keep the rejects" in find(chrome, "#notice")[0].text
        assert read_rejects(saved(chrome, tmp_path)) == {("ann/1.png", 0)}
        press(chrome, "u")
    finally:
        chrome.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", added)
