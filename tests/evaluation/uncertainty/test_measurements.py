"""What goes into metrics.json."""

import json

import numpy as np

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
