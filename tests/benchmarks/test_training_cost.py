import numpy as np
import pytest
import tensorflow as tf

from benchmarks.contenders.training_steps import PEERS, STEPS, measured
from benchmarks.multiply_adds import multiply_adds
from benchmarks.step_costs import row, table


def test_multiply_adds_are_those_reckoned_by_hand_and_only_of_what_is_run():
    images, kernel = tf.ones((2, 8, 8, 3)), tf.Variable(tf.ones((3, 3, 3, 5)))
    weights = tf.Variable(tf.ones((5, 7)))

    @tf.function(autograph=False)
    def step(images):
        with tf.GradientTape() as tape:
            maps = tf.nn.conv2d(images, kernel, 2, "SAME")
            loss = tf.reduce_sum(tf.matmul(tf.reduce_mean(maps, (1, 2)), weights))
            tf.matmul(tf.ones((100, 100)), tf.ones((100, 100)))  # for nobody
        kernel.assign_sub(tape.gradient(loss, kernel))
        return loss

    found = multiply_adds(step.get_concrete_function(images))
    convolution = 2 * 4 * 4 * 5 * 3 * 3 * 3  # outputs x entries of a kernel
    assert found == {
        "Conv2D": convolution,
        "Conv2DBackpropFilter": convolution,
        "MatMul": 2 * (2 * 5 * 7),  # and its gradient for the means
    }


@pytest.mark.parametrize("name", ["resnet", "plain_gan"])
def test_a_peer_does_as_much_work_as_ours_and_is_timed(name):
    sizes = {"batch": 2, "size": 16, "repeats": 1}
    ours = measured(PEERS[name][0], "float32", **sizes)
    peer = measured(name, "float32", **sizes)
    assert peer["multiply_adds"] == pytest.approx(ours["multiply_adds"], rel=0.2)
    assert 0 < peer["seconds"] < 60
    assert sum(peer["shares"].values()) <= 1.001
    assert set(PEERS) < set(STEPS)


def test_a_row_is_reckoned_from_what_was_measured():
    found = row(
        {"seconds": 0.5, "multiply_adds": 4e9, "peak": 16e9, "shares": {"Conv2D": 0.6}}, images=8
    )
    np.testing.assert_allclose(
        [found["images_per_second"], found["multiply_adds_per_image"], found["share_of_peak"]],
        [16, 5e8, 0.5],
    )
    text = table({"float32": {"style": found}})
    assert text.splitlines()[-1] == "| style | float32 | 16.0 | 500 | 0.50 | Conv2D 60% |"
