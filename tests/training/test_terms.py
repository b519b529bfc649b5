import keras
import numpy as np
import pytest
import tensorflow as tf

from anime_style_tf.training.terms import descend, mean_trackers, results, track


def variable(value):
    return keras.Variable(np.array(value, np.float32))


def sgd(rate, group):
    optimizer = keras.optimizers.SGD(rate)
    optimizer.build(group)
    return optimizer


def test_one_step_goes_down_the_gradient_of_the_sum_at_each_optimizers_rate():
    """Of x^2 + x y at (3, 2) the gradient is (8, 3)."""
    x, y = variable(3.0), variable(2.0)
    trackers = mean_trackers(("square", "product"))
    descend(
        [[(sgd(0.5, [x]), [x]), (sgd(0.1, [y]), [y])]],
        lambda: [{"square": x.value**2, "product": x.value * y.value}],
        trackers=trackers,
    )
    assert float(x) == pytest.approx(3 - 0.5 * 8)
    assert float(y) == pytest.approx(2 - 0.1 * 3)
    assert {name: float(value) for name, value in results(trackers).items()} == {
        "square": 9,
        "product": 6,
    }


def test_each_player_goes_down_its_own_terms_from_where_both_were():
    """At (3, 2) x goes down x y, whose slope is 2, and y down x^2 - x y, whose slope is -3."""
    x, y = variable(3.0), variable(2.0)
    trackers = mean_trackers(("of_x", "square", "of_y"))

    def objective():
        product = x.value * y.value
        return [{"of_x": product}, {"square": x.value**2, "of_y": -product}]

    descend([[(sgd(0.5, [x]), [x])], [(sgd(0.1, [y]), [y])]], objective, trackers=trackers)
    assert float(x) == pytest.approx(3 - 0.5 * 2)
    assert float(y) == pytest.approx(2 + 0.1 * 3)
    assert {name: float(value) for name, value in results(trackers).items()} == {
        "of_x": 6, "square": 9, "of_y": -6,
    }  # fmt: skip


def test_nothing_but_the_variables_named_changes():
    x, frozen = variable(3.0), variable(2.0)
    descend(
        [[(sgd(0.5, [x]), [x])]],
        lambda: [{"product": x.value * frozen.value}],
        trackers=mean_trackers(("product",)),
    )
    assert float(frozen) == 2
    assert float(x) == 2


def test_terms_of_low_precision_are_added_in_float32():
    """In bfloat16 256 + 1 is 256, and the small term's gradient would still be there: 1."""
    x = variable(1.0)

    def objective():
        small = tf.cast(x.value, tf.bfloat16)
        return [{"large": tf.constant(256, tf.bfloat16), "small": small}]

    descend([[(sgd(0.25, [x]), [x])]], objective, trackers=mean_trackers(("large", "small")))
    assert float(x) == 0.75


def test_trackers_keep_the_mean_of_each_name():
    trackers = mean_trackers(("pull",))
    for value in (1.0, 2.0, 6.0):
        track(trackers, {"pull": tf.constant(value)})
    assert float(results(trackers)["pull"]) == 3
