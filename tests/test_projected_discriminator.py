import keras
import numpy as np
import pytest
import tensorflow as tf

from anime_style_tf.image.color import srgb_to_lab
from anime_style_tf.projected_discriminator import ProjectedDiscriminator
from tests.layers import explicit

RNG = np.random.default_rng(31)
SIZES = {"image_size": 16, "stages": (1, 2), "channels": 4, "features": 5}


def judge(**options):
    keras.utils.set_random_seed(3)
    network = ProjectedDiscriminator(**SIZES | options)
    network.build()
    return network


def works(count=3):
    return srgb_to_lab(RNG.integers(0, 256, (count, 16, 16, 3)).astype("uint8"))


def leaky(inputs):
    return np.where(inputs >= 0, inputs, 0.2 * inputs)


def test_each_head_judges_fixed_mixtures_of_its_map_and_of_those_above_it():
    network, lab = judge(), works()
    network.adapt(lab)
    lower, upper = (explicit.array(each) for each in network.maps(lab))
    mixed = [
        m @ explicit.array(kernel)[0, 0]
        for m, kernel in zip((lower, upper), network.mixing, strict=True)
    ]
    down = explicit.convolution(
        mixed[0] + explicit.doubled(mixed[1]), explicit.array(network.descent[0])
    )
    seen = [down * 0.5**0.5, mixed[1], explicit.array(lab)]
    for head, inputs, logits in zip(network.heads, seen, network(lab), strict=True):
        for convolution in head.convolutions:
            inputs = leaky(explicit.convolve(convolution, inputs))
        expected = explicit.convolve(head.logit, inputs)[..., 0]
        np.testing.assert_allclose(logits, expected, atol=2e-4)


def test_the_mixtures_of_a_seed_are_the_same_and_are_not_trained():
    first, second, other = judge(), judge(), judge(seed=1)
    fixed = [id(each) for each in [*first.mixing, *first.descent]]
    assert not set(fixed) & {id(each) for each in first.trainable_variables}
    np.testing.assert_array_equal(first.mixing[0], second.mixing[0])
    assert (np.asarray(first.mixing[0]) != np.asarray(other.mixing[0])).any()
    names = {each.path.split("/")[1] for each in first.trainable_variables}
    assert names == {"stage_1", "stage_2", "pixels"}


def test_the_artist_adds_the_product_of_features_and_its_vector_and_nobody_adds_nothing():
    network, lab = judge(artists=3), works()
    evidence = [explicit.array(each) for each in network.evidence(lab, network.maps(lab))]
    plain = network(lab)
    for head in network.heads:
        head.vectors.assign(RNG.normal(size=(3, 5)))
    judged = network(lab, np.array([2, -1, 0]))
    for head, features, before, after in zip(network.heads, evidence, plain, judged, strict=True):
        vectors = explicit.array(head.vectors)[[2, 0, 0]] * np.array([[1], [0], [1]])
        added = (features * vectors[:, None, None, :]).sum(axis=-1)
        np.testing.assert_allclose(after - before, added, atol=1e-4)


def test_before_it_learns_it_is_undecided_about_artists():
    network, lab = judge(artists=3), works()
    for known, unknown in zip(network(lab, np.array([0, 1, 2])), network(lab), strict=True):
        np.testing.assert_array_equal(known, unknown)


def test_images_are_shifted_in_training_only():
    network, lab = judge(shift=3), works()
    for still, again in zip(network(lab), network(lab), strict=True):
        np.testing.assert_array_equal(still, again)
    first, second = (network(lab, training=True)[-1].numpy() for _ in range(2))
    assert (first != second).any()


def test_gradients_reach_the_images_and_no_frozen_weight():
    network, lab = judge(artists=2), tf.constant(works())
    with tf.GradientTape() as tape:
        tape.watch(lab)
        loss = tf.add_n([tf.reduce_mean(each) for each in network(lab, np.array([0, 1, -1]))])
    gradient = tape.gradient(loss, lab)
    assert np.isfinite(gradient).all()
    assert np.any(gradient != 0)
    assert not network.maps.trainable_variables


def test_saved_and_read_it_judges_the_same_without_the_published_file(tmp_path):
    network, lab = judge(artists=2), works()
    network.adapt(lab)
    network.save(tmp_path / "judge.keras")
    again = keras.saving.load_model(tmp_path / "judge.keras", compile=False)
    artists = np.array([0, 1, -1])
    for expected, found in zip(network(lab, artists), again(lab, artists), strict=True):
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("stages", [(), (2, 1), (8,)])
def test_stages_that_are_not_there_are_refused(stages):
    with pytest.raises(ValueError, match="stages must rise"):
        ProjectedDiscriminator(stages=stages)


@pytest.mark.parametrize(("options", "sides"), [
    ({"image_size": 24, "stages": (1, 3, 5)}, [3, 1, 1, 6]),
    ({"resolution": 36, "stages": (1, 2, 3, 5)}, [5, 3, 2, 1, 4]),
])  # fmt: skip
def test_sides_that_cannot_be_halved_to_the_end_are_judged_too(options, sides):
    network = judge(**options)
    side = network.image_size
    logits = network(np.zeros((2, side, side, 3), "float32"))
    assert [tuple(each.shape) for each in logits] == [(2, each, each) for each in sides]
