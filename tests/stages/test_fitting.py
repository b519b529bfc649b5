import logging

from anime_style_tf.stages.fitting import fit_in
from tests.training.noisy_line import batches, noisy_line


def test_a_training_ends_with_a_line_that_says_which_weights_are_served(tmp_path, caplog):
    with caplog.at_level(logging.INFO, logger="absl"):
        fit_in(tmp_path / "style", noisy_line(average=0.5), batches, steps=20)
    assert caplog.messages[-1] == "style: served: weights averaged over about 2 steps"
