"""The graph's answers beside those of `attribution`, which is NumPy in float64."""

import numpy as np
import pytest
import tensorflow as tf

from anime_style_tf import attribution
from anime_style_tf.library.attributor import known_probabilities
from anime_style_tf.serving.known_artists import KnownArtists

ARTISTS, CODE = 6, 4


@pytest.fixture(scope="module")
def known():
    chance = np.random.default_rng(5)
    means = chance.normal(size=(ARTISTS + 1, CODE)) * [3, 2, 1, 0.5]

    def works(count, artists):
        labels = np.repeat(artists, count)
        return means[labels] + chance.standard_t(6, (len(labels), CODE)) * 0.4, labels

    every = range(ARTISTS)
    names = [f"artist {number}" for number in every]
    fitted = attribution.fit(names, *works(15, every), *works(6, every))
    return fitted.calibrate(*works(5, every)), works


def asked(model, codes):
    known = KnownArtists(model.names, attribution.answering_arrays(model))
    answer = tf.function(known)(tf.constant(codes, tf.float64))
    return {name: tensor.numpy() for name, tensor in answer.items()}


@pytest.mark.parametrize("enrolled", [False, True])
def test_probabilities_and_p_values_are_those_of_the_package(known, enrolled):
    model, works = known
    if enrolled:
        model = model.enroll("新人", works(4, [ARTISTS])[0])
    codes = np.concatenate(
        [
            works(4, range(ARTISTS + 1))[0],
            np.random.default_rng(1).normal(size=(20, CODE)) * 8,  # by nobody
        ]
    )
    answer = asked(model, codes)
    chances = known_probabilities(model, codes)
    order = np.argsort(-chances, axis=1, kind="stable")
    np.testing.assert_allclose(
        answer["probabilities"], np.take_along_axis(chances, order, 1), atol=1e-6
    )
    names = np.array(model.names, object)[order]
    assert [[name.decode() for name in row] for row in answer["artists"]] == names.tolist()
    np.testing.assert_allclose(answer["p_value"], model.attribute(codes).p_values, atol=1e-6)
    assert len(set(answer["p_value"].tolist())) > 5


def test_a_model_has_as_many_artists_as_it_says(known):
    model, _ = known
    assert KnownArtists(model.names, {}).count == ARTISTS
