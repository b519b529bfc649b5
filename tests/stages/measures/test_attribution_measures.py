import json
import types

import numpy as np
import pytest

from anime_style_tf.errors import TooFewError
from anime_style_tf.evaluation.uncertainty.intervals import share_interval
from anime_style_tf.library.attributor import fit_attribution, known_probabilities
from anime_style_tf.stages.measures import attribution_measures
from anime_style_tf.stages.measures.attribution_measures import measure, measure_attribution
from anime_style_tf.stages.measures.measured_run import MeasuredRun
from anime_style_tf.workdir import networks

NAMES = ["ann", "bob", "cy"]
CORNERS = np.array([[0, 0, 0], [3, 0, 0], [0, 3, 0]])


def works(each, seed):
    generator = np.random.default_rng(seed)
    labels = generator.permutation(np.repeat(np.arange(3), each))
    return CORNERS[labels] + generator.normal(size=(3 * each, 3)), labels


def run_of(splits):
    """A run whose images are the codes; the third dimension is not kept."""
    records = types.SimpleNamespace(
        artists=NAMES,
        labels=lambda split: splits[split][1],
        count=lambda split: len(splits[split][1]),
    )
    return types.SimpleNamespace(
        records=records, pruning=lambda _: {"code_size": 2}, network=lambda *_: splits,
        lacks=lambda *_: None,
    )  # fmt: skip


@pytest.fixture(scope="module")
def trained():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(networks, "over_records", lambda encoder, _, split: encoder[split][0])
        yield run_of({"train": works(60, 1), "test": works(200, 2)})


@pytest.fixture(scope="module")
def measured(trained):
    found = measure_attribution(MeasuredRun(trained))
    return json.loads(json.dumps(found, allow_nan=False))


def expected(trained):
    """Confidence, correctness, probabilities and truth of the half that reports."""
    splits = trained.network()
    codes, labels = splits["test"]
    names = np.array(NAMES)
    train = (splits["train"][0][:, :2], names[splits["train"][1]])
    model = fit_attribution(train, (codes[::2, :2], names[labels[::2]]))
    chances = known_probabilities(model, codes[1::2, :2])
    return chances.max(axis=1), chances.argmax(axis=1) == labels[1::2], chances, labels[1::2], model


def test_numbers_are_those_of_the_reporting_half_on_the_kept_dimensions(trained, measured):
    confidence, right, chances, labels, model = expected(trained)
    assert measured["accuracy"]["count"] == 300
    assert measured["accuracy"]["value"] == pytest.approx(right.mean())
    assert measured["accuracy"]["interval"] == pytest.approx(share_interval(right, labels))
    bins = np.array_split(np.argsort(confidence), 15)
    gaps = [abs(right[part].mean() - confidence[part].mean()) for part in bins]
    assert measured["calibration_error"]["value"] == pytest.approx(np.mean(gaps))
    brier = np.mean(np.sum((chances - np.eye(3)[labels]) ** 2, axis=1))
    assert measured["brier_score"]["value"] == pytest.approx(brier)
    wrong = np.cumsum(~right[np.argsort(-confidence)]) / np.arange(1, 301)
    assert measured["risk_coverage_area"]["value"] == pytest.approx(wrong.mean())
    splits = trained.network()
    called = model.attribute(splits["test"][0][1::2, :2]).unknown(0.05)
    assert measured["called_unknown"]["value"] == pytest.approx(called.mean())


def test_every_number_has_a_definition_and_the_chief_ones_an_interval(measured):
    assert all(entry["definition"] for entry in measured.values())
    for name in (
        "accuracy", "calibration_error", "brier_score", "risk_coverage_area", "called_unknown",
    ):  # fmt: skip
        low, high = measured[name]["interval"]
        assert low <= measured[name]["value"] <= high
    assert 0 < measured["calibration_error_by_chance"]["value"] < 0.1
    assert len(measured["risk"]["value"]) == len(measured["coverage"]["value"]) == 200


def test_works_are_attributed_the_same_in_any_portions(monkeypatch):
    model = fit_attribution(
        *((codes, np.array(NAMES)[a]) for codes, a in (works(9, 1), works(9, 2)))
    )
    codes, labels = works(20, 3)
    whole = measure(model, codes, np.array(NAMES)[labels])
    monkeypatch.setattr(attribution_measures, "_CHUNK", 7)
    assert measure(model, codes, np.array(NAMES)[labels]) == whole


def test_too_few_test_works_are_refused(trained):
    few = {name: (codes[:10], labels[:10]) for name, (codes, labels) in trained.network().items()}
    with pytest.raises(TooFewError, match="an attribution needs 2 artists and 7 test works"):
        measure_attribution(MeasuredRun(run_of(few)))
