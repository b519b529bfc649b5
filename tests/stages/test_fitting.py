import logging

import pytest

from anime_style_tf.errors import InputError
from anime_style_tf.stages.fitting import fit_in
from tests.training.noisy_line import batches, noisy_line


def test_a_training_ends_with_a_line_that_says_which_weights_are_served(tmp_path, caplog):
    with caplog.at_level(logging.INFO, logger="absl"):
        fit_in(tmp_path / "style", noisy_line(average=0.5), batches, steps=20)
    assert caplog.messages[-1] == "style: served: weights averaged over about 2 steps"


def test_patience_ends_a_training_by_the_accuracy_given(tmp_path):
    model = noisy_line()
    options = {"steps": 40, "steps_per_epoch": 2, "patience": 3, "accuracy": lambda: (0.5, 0.1)}
    fit_in(tmp_path / "style", model, batches, **options)
    assert int(model.optimizer.iterations) == 8
    assert (tmp_path / "style" / "plateau.json").is_file()


@pytest.mark.parametrize(
    "options", [{"patience": 2}, {"patience": 0, "accuracy": lambda: (0.5, 0.1)}]
)
def test_patience_without_a_measure_or_below_one_is_refused(tmp_path, options):
    with pytest.raises(InputError, match=r"fit\.patience: expected a whole number from 1"):
        fit_in(tmp_path / "gan", noisy_line(), batches, steps=2, **options)
