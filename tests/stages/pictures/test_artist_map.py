"""What the map of artists takes from a run, and what it leaves."""

import json
import types

import numpy as np
import pytest

from anime_style_tf.stages.pictures.artist_map import artist_map


@pytest.fixture
def exhibits():
    generator = np.random.default_rng(0)
    presumed = generator.normal(size=(3, 6)) * 5  # four dimensions more than are kept
    labels = np.repeat(np.arange(3), 5)
    return types.SimpleNamespace(
        raw_styles=presumed[labels, :2] + generator.normal(size=(15, 2)) * 0.1,
        labels=labels,
        names=["Ann", "Bo", "Cy"],
        work_ids=np.array([f"work {number}".encode() for number in range(15)]),
        trained=types.SimpleNamespace(artists={"presumed_styles": presumed}),
    )


def test_coordinates_are_plain_json_with_artists_and_works_by_name(exhibits):
    _, numbers = artist_map(exhibits)
    numbers = json.loads(json.dumps(numbers, allow_nan=False))
    assert [artist["name"] for artist in numbers["artists"]] == ["Ann", "Bo", "Cy"]
    assert [artist["works"] for artist in numbers["artists"]] == [5, 5, 5]
    assert [work["work_id"] for work in numbers["works"]] == [f"work {i}" for i in range(15)]
    places = np.array([work["place"] for work in numbers["works"]])
    assert numbers["works"][7]["artist"] == "Bo"
    means = [artist["mean"]["value"] for artist in numbers["artists"]]
    np.testing.assert_allclose(means, places.reshape(3, 5, 2).mean(axis=1), atol=1e-12)


def test_the_map_is_in_the_units_of_the_presumed_styles(exhibits):
    _, numbers = artist_map(exhibits)
    axes, center = (np.array(numbers[key]["value"]) for key in ("axes", "center"))
    kept = exhibits.trained.artists["presumed_styles"][:, :2]
    presumed = [artist["presumed"]["value"] for artist in numbers["artists"]]
    np.testing.assert_allclose(presumed, (kept - center) @ axes.T)
    places = np.array([work["place"] for work in numbers["works"]])
    np.testing.assert_allclose(places @ axes + center, exhibits.raw_styles)
    assert sum(numbers["share_of_artist_variance"]["value"]) == pytest.approx(1)


def test_no_more_artists_are_named_than_were_asked_for(exhibits):
    figure, _ = artist_map(exhibits, named=2)
    names = [text for text in figure.axes[1].texts if text.get_gid() == "name"]
    assert len(names) == 2
