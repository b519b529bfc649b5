import keras
import numpy as np
import pytest

from anime_style_tf.training.schedules import averaging_momentum, make_optimizer, served_weights


def rates(steps, **options):
    optimizer = make_optimizer("adam", learning_rate=0.8, steps=100, **options)
    schedule = optimizer._learning_rate
    return [float(schedule(step)) for step in steps]


def test_the_rate_rises_in_a_line_and_falls_along_a_cosine():
    """From 0 over 20 steps to 0.8, then over 80 steps to a tenth of it.

    Half-way down the cosine, at step 60, the rate is the mean of 0.8 and 0.08; a quarter down,
    at step 40, it is 0.08 + 0.72 (1 + cos(pi / 4)) / 2.
    """
    found = rates([0, 5, 20, 40, 60, 100, 150], warmup_steps=20, final_fraction=0.1)
    expected = [0, 0.2, 0.8, 0.08 + 0.36 * (1 + 0.5**0.5), 0.44, 0.08, 0.08]
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_a_final_fraction_of_one_keeps_the_rate_after_its_rise():
    found = rates([0, 1, 4, 50, 100], warmup_steps=4)
    np.testing.assert_allclose(found, [0, 0.2, 0.8, 0.8, 0.8], rtol=1e-6)


def test_without_a_warm_up_the_cosine_starts_at_the_highest_rate():
    np.testing.assert_allclose(rates([0, 50], final_fraction=0.0), [0.8, 0.4], rtol=1e-6)


def test_without_both_the_rate_is_a_number():
    assert float(make_optimizer("rmsprop", learning_rate=2e-5, steps=9).learning_rate) == (
        pytest.approx(2e-5)
    )


@pytest.mark.parametrize(
    ("name", "kind"), [("adam", keras.optimizers.Adam), ("rmsprop", keras.optimizers.RMSprop)]
)
def test_the_name_chooses_the_optimizer_and_options_reach_it(name, kind):
    optimizer = make_optimizer(name, learning_rate=0.1, steps=9, epsilon=0.5)
    assert isinstance(optimizer, kind)
    assert optimizer.epsilon == 0.5
    assert not optimizer.use_ema


def test_an_average_is_kept_with_the_momentum_given():
    optimizer = make_optimizer("adam", learning_rate=0.1, steps=9, average=0.75)
    assert (optimizer.use_ema, optimizer.ema_momentum) == (True, 0.75)


@pytest.mark.parametrize(
    ("steps", "momentum"), [(0, 0), (1, 0.05), (19, 0.5), (171, 0.9), (361, 0.95), (9999, 0.95)]
)
def test_the_momentum_rises_with_the_steps_to_the_one_given(steps, momentum):
    optimizer = make_optimizer("adam", learning_rate=0.1, steps=9, average=0.95)
    optimizer.iterations.assign(steps)
    assert float(averaging_momentum(optimizer)) == pytest.approx(momentum)


def test_the_weights_that_a_training_leaves_are_named():
    def optimizer(average, steps):
        made = make_optimizer("adam", learning_rate=0.1, steps=9, average=average)
        made.iterations.assign(steps)
        return made

    assert served_weights([optimizer(0.999, 20_000)] * 2) == (
        "weights averaged over about 1,000 steps"
    )
    assert served_weights([optimizer(0.999, 1_881)]) == "weights averaged over about 100 steps"
    assert served_weights([optimizer(None, 9)]) == "the last weights"
    assert served_weights([optimizer(0.9, 999), optimizer(None, 999)]) == (
        "weights averaged over about 10 steps and the last weights"
    )


def test_an_unknown_name_is_refused_with_the_known():
    with pytest.raises(ValueError, match=r"one of \['adam', 'rmsprop'\], received 'sgd'"):
        make_optimizer("sgd", learning_rate=0.1, steps=9)


@pytest.mark.parametrize("name", ["adam", "rmsprop"])
@pytest.mark.parametrize("gradient", [1e-4, 1.0])
def test_the_first_step_does_not_depend_on_the_size_of_the_gradient(name, gradient):
    optimizer = make_optimizer(name, learning_rate=0.01, steps=10)
    variable = keras.Variable([0.0])
    optimizer.apply_gradients([([gradient], variable)])
    # Adam: rate g / sqrt(g^2); RMSprop, whose mean square starts at zero: rate g / sqrt(.1 g^2).
    expected = -0.01 if name == "adam" else -0.01 / np.sqrt(0.1)
    np.testing.assert_allclose(variable.numpy(), [expected], rtol=4e-2)


def test_the_decays_of_adams_averages_are_those_that_are_given():
    optimizer = make_optimizer("adam", learning_rate=1e-3, steps=2, betas=(0.0, 0.99))
    assert (optimizer.beta_1, optimizer.beta_2) == (0.0, 0.99)
