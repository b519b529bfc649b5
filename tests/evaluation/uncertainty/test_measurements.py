"""What goes into metrics.json."""

import json

import numpy as np
import pytest

from anime_style_tf.errors import InputError, TooFewError
from anime_style_tf.evaluation.uncertainty import measurements


def test_a_measurement_is_plain_json():
    entry = measurements.measurement(
        np.float32(0.5),
        interval=(np.float64(0.25), np.float64(0.75)),
        count=np.int64(8),
        split="test",
        definition="Share of heads.",
    )
    assert json.loads(json.dumps(entry, allow_nan=False)) == {
        "value": 0.5,
        "interval": [0.25, 0.75],
        "count": 8,
        "split": "test",
        "definition": "Share of heads.",
    }


def test_arrays_become_lists_and_undefined_numbers_null():
    entry = measurements.measurement(np.array([[1.0, np.nan]]), definition="A matrix.")
    assert entry == {"value": [[1.0, None]], "definition": "A matrix."}


def test_whole_numbers_stay_whole():
    entry = measurements.measurement(np.int64(3), definition="k_S.")
    assert entry["value"] == 3
    assert isinstance(entry["value"], int)


def test_too_few_works_leave_a_reason_in_place_of_a_number():
    def measure(count):
        if count < 2:
            raise TooFewError(f"expected 2 works, received {count}")
        return {"value": count}

    assert measurements.measured(measure, 2) == {"value": 2}
    assert measurements.measured(measure, count=1) == {
        "not_measured": "expected 2 works, received 1"
    }


def test_an_error_of_another_kind_is_not_taken_for_too_few_works():
    with pytest.raises(InputError, match="wrong"):
        measurements.measured(lambda: (_ for _ in ()).throw(InputError("wrong")))


def test_each_reason_names_all_that_it_is_the_reason_of():
    few, none = {"not_measured": "few"}, {"not_measured": "none"}
    metrics = {"style": {"ratio": few, "k": {"value": 1}, "names": ["a"]}, "gaps": few, "who": none}
    assert measurements.reasons_not_measured(metrics) == {
        "few": ["style.ratio", "gaps"],
        "none": ["who"],
    }
