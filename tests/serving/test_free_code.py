import numpy as np
import scipy.stats
import tensorflow as tf

from anime_style_tf.serving.free_code import free_code


def test_a_row_depends_on_its_seed_alone_and_not_on_its_batch():
    together = free_code(tf.constant([5, -7, 2**62], tf.int64), 6).numpy()
    for row, seed in zip(together, [5, -7, 2**62], strict=True):
        np.testing.assert_array_equal(free_code(tf.constant([seed], tf.int64), 6)[0], row)


def test_equal_seeds_give_equal_rows_and_neighboring_seeds_give_unrelated_ones():
    rows = free_code(tf.constant([1, 1, 2], tf.int64), 2000).numpy()
    np.testing.assert_array_equal(rows[0], rows[1])
    assert abs(np.corrcoef(rows[1], rows[2])[0, 1]) < 0.1


def test_the_free_code_is_standard_normal_over_seeds():
    values = free_code(tf.range(500, dtype=tf.int64), 4).numpy().ravel()
    assert scipy.stats.kstest(values, "norm").pvalue > 0.001


def test_the_free_code_of_a_seed_never_changes():
    # Written down once: a served seed must give the same image after an upgrade of TensorFlow.
    np.testing.assert_allclose(
        free_code(tf.constant([42], tf.int64), 3)[0],
        [0.015817075967788696, -1.5900869369506836, 0.10359445959329605],
        atol=1e-6,
    )
