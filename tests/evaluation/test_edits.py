import numpy as np
import pytest
from scipy import stats
from sklearn.linear_model import LinearRegression

from anime_style_tf.errors import TooFewError
from anime_style_tf.evaluation.edits import are_trusted, content_drift, edit_response, fit_axes

STEPS = (-2.0, -1.0, 0.0, 1.0, 2.0)


def readings(matrix, *, images=30, noise=0.0, curve=lambda steps: steps, seed=0):
    """Codes read where a step in dimension d moves the code by row d of `matrix`."""
    generator = np.random.default_rng(seed)
    size = len(matrix)
    start = generator.normal(size=(images, size))
    moves = curve(np.array(STEPS))[None, :, None, None] * np.asarray(matrix)[:, None, None, :]
    return start + moves + noise * generator.normal(size=(size, len(STEPS), images, size))


def test_a_linear_response_is_read_back_exactly():
    matrix = [[0.8, 0.1, 0.0], [-0.2, 0.5, 0.3], [0.0, 0.0, 1.2]]
    found = edit_response(STEPS, readings(matrix))
    np.testing.assert_allclose(found.mean_gains, matrix, atol=1e-12)
    np.testing.assert_allclose(found.gain, [0.8, 0.5, 1.2])
    np.testing.assert_allclose(found.linearity, 1)
    np.testing.assert_allclose(found.cross_talk, [0.05, 0.25, 0.0], atol=1e-12)


def test_gains_of_noisy_readings_are_scipys_slopes():
    read = readings([[0.8, 0.1], [0.3, 0.5]], noise=0.5)
    found = edit_response(STEPS, read)
    slope = stats.linregress(STEPS, read[1, :, 7, 0]).slope
    assert found.gains[7, 1, 0] == pytest.approx(slope)
    low, high = found.gain_interval()
    expected = stats.t.interval(
        0.95, 29, found.gains[:, 0, 0].mean(), stats.sem(found.gains[:, 0, 0])
    )
    np.testing.assert_allclose((low[0], high[0]), expected)
    assert 0.3 < found.linearity[1] < found.linearity[0] < 1


def test_a_response_that_saturates_or_turns_back_is_less_linear():
    flat = edit_response(STEPS, readings([[1.0]], curve=np.tanh)).linearity[0]
    turning = edit_response(STEPS, readings([[1.0]], curve=np.abs)).linearity[0]
    assert turning == pytest.approx(0, abs=1e-12)
    assert flat == pytest.approx(stats.pearsonr(STEPS, np.tanh(STEPS)).statistic ** 2)
    assert np.isnan(edit_response(STEPS, readings([[1.0]])).cross_talk[0])


def test_axes_of_another_encoder_are_those_of_least_squares():
    generator = np.random.default_rng(0)
    other = generator.normal(size=(80, 5))
    ours = other @ generator.normal(size=(5, 2)) + [3, -1] + generator.normal(size=(80, 2))
    axes = fit_axes(other, ours)
    line = LinearRegression().fit(other, ours)
    np.testing.assert_allclose(axes.read(other), line.predict(other))
    expected = [LinearRegression().fit(other, each).score(other, each) for each in ours.T]
    np.testing.assert_allclose(axes.explained(other, ours), expected)


def test_too_few_works_fix_no_axes_and_other_works_none():
    with pytest.raises(TooFewError, match="6 numbers"):
        fit_axes(np.zeros((6, 5)), np.zeros((6, 2)))
    with pytest.raises(ValueError, match="same works"):
        fit_axes(np.zeros((60, 5)), np.zeros((50, 2)))


def test_readings_of_the_wrong_form_are_refused():
    with pytest.raises(ValueError, match="two steps"):
        edit_response((1.0, 1.0), np.zeros((2, 2, 3, 2)))
    with pytest.raises(ValueError, match="each dimension"):
        edit_response(STEPS, np.zeros((3, 5, 4, 2)))


def test_drift_is_in_units_of_contents_variance():
    generator = np.random.default_rng(1)
    before = generator.normal(size=(3000, 4))
    assert content_drift(before, before[None]) == 0
    assert content_drift(before, generator.normal(size=(2, 3000, 4))) == pytest.approx(2, rel=0.05)


def test_trusted_is_a_gain_above_a_half_and_five_times_what_else_moves():
    gain = [0.9, 0.51, 0.5, 0.9, -0.9, 0.9]
    cross_talk = [0.1, 0.1, 0.0, 0.2, 0.0, np.nan]
    assert are_trusted(gain, cross_talk).tolist() == [True, True, False, False, False, True]
