"""The model that comes with the package."""

import io
import json
import re
import zipfile

import numpy as np
import pytest

import anime_style_tf
from anime_style_tf.library.bundled_networks import PRETRAINED, bundle_in

CARD = (PRETRAINED / "README.md").read_text(encoding="utf-8")
MOST_BYTES = 12_000_000  # of the wheel


@pytest.fixture(scope="module")
def space():
    return anime_style_tf.load("pretrained")


def test_it_draws_each_of_its_artists_the_same_for_the_same_seed(space):
    drawn = np.stack([space.generate(artist, seed=3)[0] for artist in space.artists])
    assert drawn.shape == (13, 64, 64, 3)
    again = space.generate(space.artists[-1], seed=3, count=2)[0]
    np.testing.assert_array_equal(again, drawn[-1])
    # One content, so what differs between two artists' pictures is the style.
    apart = np.abs(drawn[:, None].astype(float) - drawn[None]).mean((2, 3, 4))
    assert apart[~np.eye(13, dtype=bool)].min() > 3


def test_its_own_drawings_are_coded_as_near_to_the_style_that_was_asked_for(space):
    means = np.stack([space.artist_style(artist) for artist in space.artists])
    drawn = np.concatenate([space.generate(artist, seed=5) for artist in space.artists])
    distances = np.linalg.norm(space.style(list(drawn))[:, None] - means[None], axis=2)
    assert (distances.argmin(axis=1) == np.arange(13)).mean() > 0.8


def test_packed_it_is_small(tmp_path):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(PRETRAINED.rglob("*")):
            archive.write(path, path.relative_to(PRETRAINED))
    assert packed.tell() < MOST_BYTES


def test_every_artist_is_credited_under_an_open_license(space):
    attribution = (PRETRAINED / "ATTRIBUTION.md").read_text(encoding="utf-8")
    row = re.compile(r"^\| ([a-z-]+) \|.*\| \[(.+?)\]\([^)]*\) \|$", re.MULTILINE)
    rows = dict(row.findall(attribution))
    assert set(rows) == set(space.artists)
    assert all(license_.startswith("CC") for license_ in rows.values())


def test_the_card_has_the_numbers_of_the_measurement():
    metrics = json.loads((PRETRAINED / "metrics.json").read_text(encoding="utf-8"))
    judged = metrics["reattribution"]["by_classifier"]["share"]["value"]
    assert f"{judged:.3f}".lstrip("0") in CARD


def test_its_provenance_is_a_committed_preset():
    description = json.loads((bundle_in(PRETRAINED) / "model.json").read_text(encoding="utf-8"))
    assert description["provenance"]["name"] == "pretrained"
