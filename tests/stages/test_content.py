import json
import types

import numpy as np
import pytest
from scipy import stats

from anime_style_tf.stages.content import choose_code_size, fit_density, prefix_lengths
from anime_style_tf.workdir import networks


def test_short_prefixes_are_all_measured_and_long_ones_ever_wider_apart():
    lengths = prefix_lengths(512)
    assert lengths[:8] == list(range(1, 9))
    assert lengths[-1] == 512
    assert np.diff(lengths)[-1] > 100
    assert len(lengths) <= 25


@pytest.mark.parametrize("code_size", [1, 5, 8, 9, 48])
def test_prefixes_increase_and_end_with_the_whole_code(code_size):
    lengths = prefix_lengths(code_size)
    assert lengths == sorted(set(lengths))
    assert (lengths[0], lengths[-1]) == (1, code_size)


def test_the_half_that_chooses_chooses_the_density_and_the_other_reports(monkeypatch):
    chance = np.random.default_rng(0)
    train = np.sign(chance.standard_normal((300, 1))) + 0.1 * chance.standard_normal((300, 1))
    test = np.where(np.arange(100)[:, None] % 2 == 0, train[:100], 1000.0)
    codes = {"train": train, "test": test}
    monkeypatch.setattr(networks, "over_records", lambda function, records, split: codes[split])
    density = fit_density(None, None)
    assert len(density.weights) >= 2
    assert density.log_density(test[::2]).mean() > density.log_density([[0.0]]) + 2


@pytest.mark.parametrize("works", [200, 4000])
def test_how_many_content_dimensions_are_kept_does_not_rest_on_how_many_works_there_are(
    works, monkeypatch
):
    """Portraits differ in how hard they are, by far more than the last dimensions are worth."""
    generator = np.random.default_rng(0)
    hardness = generator.gamma(4, size=(works, 1))
    excess = np.array([1.5, 0.6, 0.2, 0.08, 0.03, 0.02, 0.01, 0])  # over the least, at 1 to 8
    errors = hardness * (1 + excess) * np.exp(generator.normal(0, 0.01, size=(works, 8)))
    labels = np.arange(works) // 2 % 5
    monkeypatch.setattr(networks, "over_records", lambda *_: errors)
    model = types.SimpleNamespace(encoder=types.SimpleNamespace(code_size=8))
    records = types.SimpleNamespace(labels=lambda split: labels)
    found = json.loads(json.dumps(choose_code_size(model, records), allow_nan=False))
    assert found["code_size"] == 5
    assert found["count"] == works // 2
    for at_least, kept in ((3, 5), (6, 6), (12, 8)):
        more = choose_code_size(model, records, at_least=at_least)
        assert (more["code_size"], more["fewest_by_the_curve"]) == (kept, 5)
    np.testing.assert_allclose(found["squared_error"], errors[::2].mean(axis=0))
    np.testing.assert_allclose(found["standard_error"], stats.sem(errors[::2]))
    np.testing.assert_allclose(found["excess"], found["squared_error"] - errors[::2].mean(0).min())
