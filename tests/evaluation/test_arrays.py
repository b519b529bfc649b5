"""What is let in, and that what is in stays as it was checked."""

import dataclasses

import numpy as np
import pytest

from anime_style_tf.evaluation import clustering, look_alikes, prefixes, robustness, variance
from anime_style_tf.evaluation.arrays import Codes, as_codes, as_labeled, as_labels, as_lengths

LABELS = np.repeat(np.arange(3), 4)
VALUES = np.random.default_rng(0).normal(size=(12, 3)) + 5 * np.eye(3)[LABELS]


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        (np.zeros(3), r"shape \[works, code\].*received \(3,\)"),
        (np.zeros((0, 2)), r"neither empty; received \(0, 2\)"),
        ([[0.0, np.nan], [np.inf, 1.0]], "received 2 values that are not"),
    ],
)
def test_codes_of_a_wrong_form_are_refused_wherever_they_come_in(codes, said):
    for door in (as_codes, lambda codes: Codes(codes, []), lambda codes: as_labeled(codes, [])):
        with pytest.raises(ValueError, match=said):
            door(codes)


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        ([0, 1], r"shape \[3\], one per work; received \(2,\)"),
        ([0.0, 1.0, 2.0], "must be integers; received dtype float64"),
        (None, r"shape \[3\]"),
    ],
)
def test_labels_of_a_wrong_form_are_refused_wherever_they_come_in(labels, said):
    few = VALUES[:3]
    for door in (lambda of: as_labels(of, 3), lambda of: Codes(few, of),
                 lambda of: as_labeled(few, of)):  # fmt: skip
        with pytest.raises(ValueError, match=said):
            door(labels)


def test_labels_beyond_the_artists_are_refused_of_codes_too():
    codes = Codes(VALUES, LABELS)
    assert as_labeled(codes, artists=3) is codes
    with pytest.raises(ValueError, match=r"\[0, 2\); received 0 to 2"):
        as_labeled(codes, artists=2)


def test_labels_are_not_given_twice():
    with pytest.raises(ValueError, match="queries have labels; received query_labels beside"):
        as_labeled(Codes(VALUES, LABELS), LABELS, name="queries", label_name="query_labels")


def test_codes_are_double_precision_with_integer_labels_and_stay_what_they_are():
    codes = Codes(VALUES.astype(np.float32), LABELS.astype(np.uint8))
    assert (codes.values.dtype, codes.labels.dtype) == (np.float64, np.int64)
    assert (len(codes), codes.code_size) == (12, 3)
    with pytest.raises(dataclasses.FrozenInstanceError):
        codes.labels = LABELS[::-1]


def test_fewer_dimensions_or_works_keep_each_work_with_its_artist():
    codes = Codes(VALUES, LABELS)
    short, few = codes.prefix(2), codes.of([5, 0, 11])
    np.testing.assert_array_equal(short.values, VALUES[:, :2])
    np.testing.assert_array_equal(short.labels, LABELS)
    np.testing.assert_array_equal(few.values, VALUES[[5, 0, 11]])
    np.testing.assert_array_equal(few.labels, [1, 0, 2])
    assert codes.of(LABELS == 1).labels.tolist() == [1, 1, 1, 1]
    with pytest.raises(ValueError, match="neither empty"):
        codes.of(slice(0))


def test_lengths_increase_and_end_with_the_code():
    assert as_lengths(None, 3).tolist() == [1, 2, 3]
    for lengths in ([], [2, 2], [0, 1], [1, 4], [[1]]):
        with pytest.raises(ValueError, match="prefix lengths must increase from 1 to at most 3"):
            as_lengths(lengths, 3)


@pytest.mark.parametrize(
    "measure",
    [
        lambda *works: prefixes.presumed_style_accuracy(*(*works, None)[:2], np.eye(3)).predicted,
        lambda *works: prefixes.classifier_accuracy(*(*works, None)[:2], np.eye(3)).predicted,
        lambda *works: variance.variance_ratio(*works).ratio,
        lambda *works: variance.without_each_artist(*works).ratio,
        lambda *works: variance.ratio_with_interval(*works)[1],
        lambda *works: variance.ratio_of_ratios(works[0], *works)[0],
        lambda *works: clustering.cluster_agreement(*works).adjusted,
        lambda *works: look_alikes.discrimination_gaps(*works, means=np.eye(3)).gaps,
        lambda *works: robustness.robustness(
            works[0], VALUES[::-1], *works[1:] or [None], np.eye(3)
        ).moves,
    ],
)  # fmt: skip
def test_a_measure_says_of_codes_what_it_says_of_arrays(measure):
    np.testing.assert_array_equal(measure(Codes(VALUES, LABELS)), measure(VALUES, LABELS))


def test_two_encoders_are_compared_on_the_same_works_only():
    with pytest.raises(ValueError, match="the same works twice"):
        variance.ratio_of_ratios(Codes(VALUES, LABELS), Codes(VALUES, LABELS[::-1]))
