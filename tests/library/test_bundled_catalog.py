"""The shipped model, asked who drew pictures and what is near them, beside NumPy on its codes."""

import json
import pathlib

import pytest
from PIL import Image

from anime_style_tf import load
from anime_style_tf.errors import InputError
from anime_style_tf.library.bundled_networks import PRETRAINED


@pytest.fixture(scope="module")
def space():
    return load("pretrained")


@pytest.fixture(scope="module")
def pictures(space, tmp_path_factory):
    """A drawing of each of three artists, as the model draws them."""
    folder = tmp_path_factory.mktemp("pictures")
    for artist in ("dylan", "lorelei", "pixel-art"):
        Image.fromarray(space.generate(artist, seed=1)[0]).save(folder / f"{artist}.png")
    return sorted(folder.iterdir())


def test_the_artists_are_ranked_by_probability(space, pictures):
    for answer, path in zip(space.who_drew(pictures, count=13), pictures, strict=True):
        chances = [artist["probability"] for artist in answer["ranked"]]
        assert chances == sorted(chances, reverse=True)
        assert sum(chances) == pytest.approx(1, abs=1e-5)
        assert (answer["artist"], answer["probability"]) == (
            answer["ranked"][0]["artist"], chances[0]
        )  # fmt: skip
        assert answer["artist"] == path.stem
        assert answer["unknown"] == (answer["p_value"] <= 0.05)


def test_the_nearest_works_are_those_of_the_works_beside_the_model(space, pictures):
    (explorer,) = pathlib.Path(PRETRAINED).rglob("explorer")
    shown = {one["id"]: one for one in json.loads((explorer / "works.json").read_text())["works"]}
    both = []
    for found in space.nearest(pictures, 20):
        distances = [work["distance"] for work in found]
        assert (len(found), distances) == (20, sorted(distances))
        both += [work for work in found if work["work"] in shown]
    # The page has one work in twenty, so that a single picture may be near to none of them.
    assert both
    assert all(work["artist"] == shown[work["work"]]["artist"] for work in both)


def test_more_than_a_signature_answers_is_refused(space, pictures):
    with pytest.raises(InputError, match="expected 1 to 20 of an exported model, received 21"):
        space.nearest(pictures, 21)
    with pytest.raises(InputError, match="searches among all works"):
        space.nearest(pictures, artists=["dylan"])
