"""The benchmark of unseen artists on made codes: what is held apart, what it finds and writes."""

import json

import numpy as np
import pytest

from benchmarks import unseen_works
from tests.benchmarks.commands import run

pytestmark = pytest.mark.slow

ARTISTS, SUBJECTS, SIZE = 5, 120, 6


@pytest.fixture(scope="module")
def codes(tmp_path_factory):
    """Three known artists and two unseen ones, far apart; a third of the subjects held out."""
    generator = np.random.default_rng(0)
    means = 4 * generator.normal(size=(ARTISTS, SIZE))
    artists = np.repeat(np.arange(ARTISTS), SUBJECTS)
    subjects = np.tile([f"subject {index}" for index in range(SUBJECTS)], ARTISTS)
    held_out = np.tile(np.arange(SUBJECTS) % 3 == 0, ARTISTS)
    drawn = (means[artists] + generator.normal(size=(len(artists), SIZE))).astype(np.float32)
    unseen = artists >= 3
    arrays = {"artist_names": np.array(["one", "two", "three", "four", "five"])}
    for part, rows in (
        ("train", ~unseen & ~held_out), ("test", ~unseen & held_out), ("unseen", unseen),
    ):  # fmt: skip
        arrays[f"{part}_codes"] = drawn[rows]
        arrays[f"{part}_artists"] = artists[rows] - (3 if part == "unseen" else 0)
        arrays[f"{part}_subjects"] = subjects[rows]
    path = tmp_path_factory.mktemp("codes") / "codes.npz"
    np.savez(path, **arrays, unseen_is_test=held_out[unseen])
    return path


@pytest.fixture(scope="module")
def finished(codes, tmp_path_factory):
    output = tmp_path_factory.mktemp("results") / "unseen.json"
    done = run("style_emoji_unseen", f"--codes={codes}", f"--output={output}", "--seeds=3")
    return done.stdout, json.loads(output.read_text())


def test_artists_far_apart_are_told_apart_known_and_unseen(finished):
    _, result = finished
    assert result["accuracy (known)"]["value"] > 0.95
    assert result["P@1 of unseen artists, K = 5: attribution"]["value"] > 0.95
    assert result["AUROC of unknown: as the package says it"]["value"] > 0.9


def test_every_number_has_its_definition_and_a_row_of_the_table(finished):
    table, result = finished
    for name, entry in result.items():
        assert entry["definition"]
        if not name.startswith("taken for"):
            low, high = entry["interval"]
            # The bootstrap of a calibration error lies high: resampling adds chance to it.
            assert high >= low
            assert f"| {name} |" in table
    assert {f"taken for, K = {count}" for count in (1, 2, 5, 10, 20)} <= set(result)
    np.testing.assert_allclose(np.sum(result["taken for, K = 5"]["value"], axis=1), 1)


def test_works_that_fit_calibrate_and_report_share_no_subject(codes):
    names, training, held_out, enrollable, queries = unseen_works.load(codes)
    model, reporting = unseen_works.fit(names, training, held_out)
    assert model.names == names[:3]
    calibrating = held_out.select(unseen_works.first_half(held_out.subjects, "calibrate"))
    fitting = unseen_works.first_half(calibrating.subjects, "fit")
    parts = [training, reporting, calibrating.select(fitting), calibrating.select(~fitting)]
    for index, part in enumerate(parts):
        assert len(part.artists)
        for other in parts[:index]:
            assert not set(part.subjects) & set(other.subjects)
    np.testing.assert_array_equal(model.calibration_codes, parts[3].codes)
    assert not set(enrollable.subjects) & set(queries.subjects)
    assert set(queries.artists) == {3, 4}


def test_a_file_without_codes_says_what_is_expected(tmp_path):
    path = tmp_path / "empty.npz"
    np.savez(path, other=np.zeros(3))
    words = (f"--codes={path}", f"--output={tmp_path / 'out.json'}")
    done = run("style_emoji_unseen", *words, code=2)
    assert "--codes: expected style codes" in done.stderr
