"""The emoji benchmark on an archive of squares: what is held out, and that trainings go on."""

import io
import json
import signal
import time
import zipfile

import numpy as np
import pytest
from PIL import Image

from benchmarks import emoji_drawings
from tests.benchmarks.commands import run, start

GROUPS = 30
ARTISTS = ("blue", "green", "red")
METHODS = ("metric_learning", "classifier", "triplet", "supervised_contrastive", "proxy_anchor")
SETTINGS = {
    "encoder": {"levels": [4, 6], "code_size": 8, "image_size": 16},
    "batches": {"artists_per_batch": 3, "works_per_artist": 2},
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """Three artists, each with a color of its own, and a fourth with too few drawings."""
    path = tmp_path_factory.mktemp("emoji") / "emoji.zip"
    rng = np.random.default_rng(0)
    rows = ["file\tartist\tgroup"]
    with zipfile.ZipFile(path, "w") as file:
        for number, artist in enumerate((*ARTISTS, "few")):
            for group in range(GROUPS if artist != "few" else 3):
                pixels = rng.integers(0, 60, (16, 16, 3)).astype("uint8")
                pixels[..., number % 3] += 150
                buffer = io.BytesIO()
                Image.fromarray(pixels).save(buffer, "png")
                file.writestr(f"emoji/{artist}/{group}.png", buffer.getvalue())
                rows.append(f"{artist}/{group}.png\t{artist}\tgroup {group}")
        file.writestr("emoji/MANIFEST.tsv", "\n".join(rows))
    return path


@pytest.fixture
def drawings(archive, monkeypatch):
    monkeypatch.setattr(emoji_drawings, "LEAST_DRAWINGS", 4)
    return emoji_drawings.load(archive)


def test_rare_artists_are_read_apart(archive, drawings, monkeypatch):
    assert emoji_drawings.names(archive) == sorted(ARTISTS)
    assert emoji_drawings.names(archive, rare=True) == ["few"]
    assert len(emoji_drawings.load(archive, ["few"]).images) == 3


def test_named_artists_are_numbered_as_they_are_named(archive, drawings):
    read = emoji_drawings.load(archive, ["red", "blue"])
    for number, artist in enumerate(["red", "blue"]):
        expected = drawings.images[drawings.artists == sorted(ARTISTS).index(artist)]
        np.testing.assert_array_equal(read.images[read.artists == number], expected)


def test_artists_with_too_few_drawings_are_left_out(drawings):
    assert drawings.images.shape == (len(ARTISTS) * GROUPS, 16, 16, 3)
    # Artists are numbered in the order of their names, as are the colors' channels from the last.
    strongest = drawings.images.mean(axis=(1, 2)).argmax(axis=1)
    np.testing.assert_array_equal(np.unique(drawings.artists), [0, 1, 2])
    for artist in range(len(ARTISTS)):
        assert len(set(strongest[drawings.artists == artist])) == 1


@pytest.mark.parametrize("seed", [0, 1])
def test_a_third_of_the_groups_is_held_out_whole(drawings, seed):
    training, held_out = emoji_drawings.split(drawings, seed)
    assert len(set(held_out.groups)) == GROUPS // 3
    assert not set(held_out.groups) & set(training.groups)
    assert len(training.artists) + len(held_out.artists) == len(drawings.artists)


def test_settings_are_chosen_on_groups_that_no_seed_reports(drawings):
    seeds = (0, 1, 2)
    training, held_out = emoji_drawings.validation_split(drawings, seeds)
    reported = set().union(*(emoji_drawings.split(drawings, seed)[1].groups for seed in seeds))
    assert held_out.groups.size
    assert not set(held_out.groups) & reported
    assert set(training.groups) == reported


def words_for(archive, output, *words):
    return [f"--input={archive}", f"--output={output}", f"--settings={json.dumps(SETTINGS)}",
            "--seeds=0", *words]  # fmt: skip


def run_emoji(*words):
    return run("style_emoji", *words, few_drawings=True)


@pytest.fixture(scope="module")
def finished(archive, tmp_path_factory):
    """One run of all methods: its words, its results and what it said."""
    output = tmp_path_factory.mktemp("emoji") / "results.json"
    words = words_for(archive, output, "--minutes=0.02,0.04", f"--methods={','.join(METHODS)}")
    return words, output, run_emoji(*words).stderr


@pytest.mark.slow
def test_every_method_is_measured_once_and_a_table_is_printed(finished):
    words, output, said = finished
    rows = json.loads(output.read_text())
    assert [(r["method"], r["minutes"]) for r in rows] == [
        (method, minutes) for method in METHODS for minutes in (0.02, 0.04)
    ]
    assert all(0 <= r["d=8"] <= 1 for r in rows)
    assert all(0 <= r["balanced accuracy"] <= 1 and r["variance ratio, d=8"] > 0 for r in rows)
    assert "| metric_learning | 0.04 | 1 |" in said
    before = output.stat().st_mtime_ns
    run_emoji(*words)
    assert output.stat().st_mtime_ns == before


@pytest.mark.slow
def test_the_closed_form_is_measured_once_on_all_the_dimensions_that_it_has(archive, tmp_path):
    output = tmp_path / "results.json"
    changes = json.dumps(
        {"closed_form": {"image_size": 16, "code_size": 2, "pretrained_resolution": 32}}
    )
    words = [f"--input={archive}", f"--output={output}", f"--settings={changes}", "--seeds=0",
             "--methods=closed_form"]  # fmt: skip
    said = run_emoji(*words).stderr
    (row,) = json.loads(output.read_text())
    assert {key for key in row if key.startswith("d=")} == {"d=2"}
    assert 0 < row["seconds"] / 120 <= row["minutes"] < row["seconds"] / 120 + 1
    assert row["settings"]["closed_form"]["pretrained_resolution"] == 32
    assert f"| closed_form | {row['minutes']:g} | 1 | 0 | {row['d=2']:.3f} |" in said
    before = output.stat().st_mtime_ns
    run_emoji(*words)
    assert output.stat().st_mtime_ns == before


@pytest.mark.slow
def test_only_rivals_have_the_settings_of_rivals(finished):
    rows = json.loads(finished[1].read_text())
    with_proxies = {r["method"] for r in rows if "proxy_optimizer" in r["settings"]}
    assert with_proxies == {"triplet", "supervised_contrastive", "proxy_anchor"}


@pytest.mark.slow
def test_codes_of_a_kept_encoder_are_those_of_all_artists(archive, finished, tmp_path):
    codes = tmp_path / "codes.npz"
    encoder = next(finished[1].parent.glob("results-trainings/*/encoder.keras"))
    run(
        "style_emoji_codes", f"--input={archive}", f"--encoder={encoder}", f"--output={codes}",
        few_drawings=True,
    )  # fmt: skip
    with np.load(codes, allow_pickle=False) as file:
        assert file["artist_names"].tolist() == [*sorted(ARTISTS), "few"]
        assert len(file["train_codes"]) + len(file["test_codes"]) == len(ARTISTS) * GROUPS
        assert file["unseen_codes"].shape == (3, 8)
        held_out = set(file["test_subjects"])
        expected = [subject in held_out for subject in file["unseen_subjects"]]
        assert file["unseen_is_test"].tolist() == expected


@pytest.mark.slow
def test_artists_left_out_of_a_training_play_the_unseen_ones(archive, tmp_path):
    output, codes = tmp_path / "results.json", tmp_path / "codes.npz"
    settings = SETTINGS | {"batches": {"artists_per_batch": 2, "works_per_artist": 2}}
    words = words_for(
        archive, output, "--minutes=0.02", "--methods=classifier", "--without=green",
        "--validation", f"--settings={json.dumps(settings)}",
    )  # fmt: skip
    run_emoji(*words)
    assert [row["without"] for row in json.loads(output.read_text())] == [["green"]]
    (encoder,) = tmp_path.glob("results-trainings/*/encoder.keras")
    run(
        "style_emoji_codes", f"--input={archive}", f"--encoder={encoder}", f"--output={codes}",
        "--without=green", "--validation=0", few_drawings=True,
    )  # fmt: skip
    with np.load(codes, allow_pickle=False) as file:
        assert file["artist_names"].tolist() == ["blue", "red", "green"]
        assert len(file["unseen_codes"]) == GROUPS
        assert file["unseen_is_test"].sum() == GROUPS - GROUPS // 3  # all that seed 0 trains on
        assert len(file["test_codes"]) == 2 * file["unseen_is_test"].sum()


@pytest.mark.slow
def test_an_interrupted_training_goes_on_with_its_clock(archive, tmp_path):
    output = tmp_path / "results.json"
    words = words_for(archive, output, "--minutes=0.02,0.12", "--methods=metric_learning")
    first = start("style_emoji", *words, few_drawings=True)
    deadline = time.monotonic() + 240
    while not list(tmp_path.glob("results-trainings/*/measured.json")):
        assert time.monotonic() < deadline
        time.sleep(0.2)
    first.send_signal(signal.SIGTERM)
    assert first.end(timeout=120).returncode == 128 + signal.SIGTERM
    (kept,) = tmp_path.glob("results-trainings/*/measured.json")
    interrupted = json.loads(kept.read_text())
    run_emoji(*words)
    rows = json.loads(output.read_text())
    assert [r["minutes"] for r in rows] == [0.02, 0.12]
    assert rows[-1]["step"] > interrupted[-1]["step"]
    # All that was done before the signal is still there: the training did not start anew.
    assert json.loads(kept.read_text())[: len(interrupted)] == interrupted
