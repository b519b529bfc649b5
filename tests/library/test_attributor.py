import numpy as np
import pytest

from anime_style_tf import attribution
from anime_style_tf.errors import InputError
from anime_style_tf.library.attributor import (
    Attributor,
    describe_attribution,
    fit_attribution,
    known_probabilities,
)


def works(each, seed, names=("cy", "ann", "日本")):
    """Codes around one corner for each artist, and the artists' names."""
    generator = np.random.default_rng(seed)
    artists = np.repeat(names, each)
    corners = {"cy": (0, 0), "ann": (4, 0), "日本": (0, 4), "new": (5, 5)}
    codes = np.array([corners[name] for name in artists]) + generator.normal(size=(len(artists), 2))
    order = generator.permutation(len(artists))
    return codes[order], artists[order]


@pytest.fixture(scope="module")
def model():
    return fit_attribution(works(40, 1), works(30, 2))


def test_means_are_the_training_works_and_every_other_test_work_calibrates(model):
    codes, artists = works(40, 1)
    assert model.names == ("ann", "cy", "日本")
    for name, mean in zip(model.names, model.means, strict=True):
        np.testing.assert_allclose(mean, codes[artists == name].mean(axis=0))
    others, makers = works(30, 2)
    np.testing.assert_array_equal(model.calibration_codes, others[1::2])
    assert [model.names[label] for label in model.calibration_artists] == makers[1::2].tolist()
    expected = attribution.fit(
        model.names, codes, np.searchsorted(model.names, artists), others[::2],
        np.searchsorted(model.names, makers[::2]),
    )  # fmt: skip
    assert (model.tail, model.temperature) == (expected.tail, expected.temperature)
    assert describe_attribution(model) == {
        "artists": 3, "training_works": 120, "calibration_works": 45, "least_error_rate": 1 / 46,
    }  # fmt: skip


def test_test_works_of_an_artist_without_training_works_are_left_out():
    codes, artists = works(5, 2, ("ann", "cy", "new"))
    model = fit_attribution(works(9, 1), (codes, artists))
    assert len(model.calibration_codes) == 5


@pytest.mark.parametrize(
    ("training", "selection"),
    [(works(9, 1), works(2, 2)), (works(9, 1, ("ann",)), works(9, 2)), (works(9, 1), ([], []))],
)
def test_too_few_works_are_refused_with_what_is_needed(training, selection):
    with pytest.raises(InputError, match="needs 2 artists and 7 test works in the half"):
        fit_attribution(training, selection)


def test_probabilities_of_known_artists_leave_the_unknown_one_out(model):
    codes, _ = works(3, 5)
    whole = model.attribute(codes).probabilities[:, :-1]
    expected = whole / whole.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(known_probabilities(model, codes), expected)
    far = known_probabilities(model, [[1e9, 1e9]])  # where that quotient is 0 / 0
    np.testing.assert_allclose(far.sum(), 1)


def test_answers_name_the_likeliest_and_call_strange_works_unknown(model):
    ask = Attributor(model, {}, 0.05)
    (near, chances), (far, _) = ask([[4, 0], [90, -90]])
    assert near["artist"] == "ann"
    assert near["probability"] == max(chances.values()) == chances["ann"]
    assert near["probability"] > 0.9
    assert not near["unknown"]
    assert near["p_value"] > 0.05
    assert far["unknown"]
    assert far["p_value"] == pytest.approx(1 / 46)


def test_an_enrolled_artist_answers_at_once(model):
    codes, _ = works(8, 6, ("new",))
    strange = Attributor(model, {}, 0.2)([[6, 6]])[0][0]
    known = Attributor(model, {"new": codes}, 0.2)([[6, 6]])[0][0]
    assert strange["unknown"]
    assert (known["artist"], known["unknown"]) == ("new", False)
    assert known["p_value"] > strange["p_value"]


def test_definitions_say_what_the_numbers_rest_on_and_what_cannot_be_kept(model):
    ask = Attributor(model, {"new": [[5.0, 5.0]]}, 0.01)
    assert "one of the 3 of the run or of the 1 enrolled" in ask.definitions["probability"]
    assert "of 45 held-out works" in ask.definitions["p_value"]
    assert "at most 0.01" in ask.definitions["unknown"]
    (note,) = ask.notes
    assert note.startswith("nothing is called unknown: with 45 calibration works")
    assert note.endswith("give --error_rate=0.022 or more")
    assert Attributor(model, {}, 0.05).notes == []


@pytest.mark.parametrize("rate", [0, 1, -0.1, float("nan")])
def test_an_error_rate_that_is_no_share_is_refused(model, rate):
    with pytest.raises(InputError, match="--error_rate: expected a share between 0 and 1"):
        Attributor(model, {}, rate)
