"""What the dictionary of dimensions says of drawings whose code is known."""

import json
import types

import numpy as np
import pytest

from anime_style_tf.evaluation.image_properties import PROPERTIES
from anime_style_tf.stages.pictures.dimension_entries import dimension_entries

NAMES = [each.name for each in PROPERTIES]


@pytest.fixture(scope="module")
def exhibits():
    """Gray drawings by five artists: the first dimension is their lightness, the second noise."""
    generator = np.random.default_rng(0)
    labels = np.repeat(np.arange(5), 30)
    gray = generator.integers(40, 90, 5)[labels] + generator.integers(0, 100, 150)
    images = np.tile(gray.astype(np.uint8)[:, None, None, None], (1, 16, 16, 3))
    images[:, :, ::2] += generator.integers(0, 8, (150, 1, 1, 1), dtype=np.uint8)
    coverage = np.full((150, 16, 16, 1), 255, np.uint8)
    coverage[:, :2] = 0
    images[:, :2] = 0
    noise = generator.normal(size=150) + 3 * generator.normal(size=5)[labels]
    return types.SimpleNamespace(
        images=images,
        coverage=coverage,
        labels=labels,
        raw_styles=np.stack([gray / 10.0, noise], axis=1),
        names=["Ann", "Bo", "Cy", "Di", "Ed"],
        work_ids=np.array([f"work {number}".encode() for number in range(150)]),
        seed=0,
        metrics={"edits": {"not_measured": "no second run"}},
        random=lambda figure: np.random.default_rng((0, figure)),
    )


@pytest.fixture(scope="module")
def made(exhibits):
    figure, numbers = dimension_entries(exhibits, works=3, resamples=50)
    return figure, json.loads(json.dumps(numbers, allow_nan=False))


def test_a_dimension_follows_the_property_that_it_was_made_of(made):
    first, second = made[1]["dimensions"]
    assert first["follows"][0] == first["goes_with"][0] == "lightness"
    lightness = NAMES.index("lightness")
    for key in ("correlation", "correlation_within_artists"):
        assert first[key]["value"][lightness] > 0.95
        low, high = first[key]["interval"]
        assert 0.9 < low[lightness] <= high[lightness] <= 1
    assert first["adjusted_p"]["value"][lightness] < 1e-6
    assert first["determination"]["value"] > 0.9
    assert first["determination_within_artists"]["value"] > 0.9
    assert second["follows"] == []
    assert second["determination_within_artists"]["value"] < 0.1


def test_every_number_says_what_it_is_and_what_it_rests_on(made):
    for dimension in made[1]["dimensions"]:
        for key, entry in dimension.items():
            if key not in ("dimension", "lowest_works", "highest_works", "goes_with", "follows"):
                assert (entry["count"], entry["split"]) == (150, "test")
                assert entry["definition"]
                assert ("interval" in entry) == (key != "adjusted_p")
    assert [each["name"] for each in made[1]["properties"]] == NAMES
    assert made[1]["tests"]["value"] == 2 * len(NAMES)


def test_shares_add_up_over_dimensions(made):
    for key in ("between_share", "total_share"):
        assert sum(each[key]["value"] for each in made[1]["dimensions"]) == pytest.approx(1)


def test_the_works_at_the_ends_are_named_and_shown(made, exhibits):
    figure, numbers = made
    first = numbers["dimensions"][0]
    order = np.argsort(exhibits.raw_styles[:, 0], kind="stable")
    assert [work["work_id"] for work in first["lowest_works"]] == [f"work {i}" for i in order[:3]]
    assert first["lowest_works"][0]["artist"] == exhibits.names[exhibits.labels[order[0]]]
    pictures = [image.get_array() for image in figure.axes[0].images]
    assert len(pictures) == 2 * 2 * 3
    np.testing.assert_array_equal(pictures[0], exhibits.images[order[0]])
    words = [text.get_text() for text in figure.axes[0].texts if text.get_gid() == "correlate"]
    assert "lighter colors" in words


def test_no_more_works_are_measured_than_were_asked_for(exhibits):
    _, numbers = dimension_entries(exhibits, works=2, measured=60, resamples=20)
    assert numbers["dimensions"][0]["correlation"]["count"] == 60
    assert numbers["dimensions"][0]["follows"][0] == "lightness"


def test_edits_that_were_measured_are_trusted_or_not_and_else_nothing_is_said(exhibits, made):
    assert all("edits_trusted" not in each for each in made[1]["dimensions"])
    about = {"count": 64, "split": "generated"}
    edits = {"gain": {"value": [0.8, 0.8]} | about, "cross_talk": {"value": [0.1, 0.3]} | about}
    measured = types.SimpleNamespace(**vars(exhibits) | {"metrics": {"edits": edits}})
    _, numbers = dimension_entries(measured, works=3, resamples=20)
    marks = [each["edits_trusted"] for each in numbers["dimensions"]]
    assert [mark["value"] for mark in marks] == [True, False]
    assert all(mark["count"] == 64 and "gain above .5" in mark["definition"] for mark in marks)
