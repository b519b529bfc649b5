import types

import numpy as np
import pytest
import tensorflow as tf

from anime_style_tf.content_density import ContentDensity
from anime_style_tf.decoder import Decoder
from anime_style_tf.errors import InputError
from anime_style_tf.evaluation.fidelity.kernel_distance import kernel_distance
from anime_style_tf.stages import best_generator
from anime_style_tf.stages.best_generator import keep_best

SIDE, WORKS = 16, 24


@pytest.fixture
def made(monkeypatch):
    """A generator, works, and features that are the pictures' mean colors."""
    generator = Decoder(code_size=5, image_size=SIDE, levels=(4, 6), hidden_size=5)
    generator.build()
    images = np.random.default_rng(0).integers(0, 256, (WORKS, SIDE, SIDE, 3), np.uint8)

    def batches(split, size, *, repeat):
        assert split in ("train", "test")
        assert not repeat
        return tf.data.Dataset.from_tensor_slices({"image": images}).batch(size)

    def encode_style(works):
        return works[:, 0, 0, :2] / 100.0

    records = types.SimpleNamespace(batches=batches, count=lambda split: WORKS)
    trained = types.SimpleNamespace(
        records=records, lacks=lambda part: None, encode_style=encode_style,
        content_density=ContentDensity.standard(2),
    )  # fmt: skip
    monkeypatch.setattr(
        best_generator, "feature_space", lambda trained, images: lambda works: mean_colors(works)
    )
    model = types.SimpleNamespace(generator=generator, free_size=1)
    return model, trained, images


def mean_colors(images):
    assert images.dtype == np.uint8
    return images.mean(axis=(1, 2)) / 255


def test_the_error_is_the_distance_to_the_works_that_choose_and_the_same_each_time(made):
    model, trained, images = made
    keep = keep_best(model, trained, steps=10, every=5)
    assert model.best is keep.best
    first, again = keep.measure(), keep.measure()
    assert first == again
    # The other half of the works reports, and is not looked at.
    images[1::2] = 0
    assert keep_best(model, trained, steps=10, every=5).measure() == first
    assert first > 0
    for variable in model.generator.trainable_variables:
        variable.assign(variable + 0.1)
    assert keep.measure() != first


def test_pictures_have_the_styles_of_the_works_and_few_enough_of_them(made):
    model, trained, images = made
    seen = []
    draw = model.generator.call
    model.generator.call = lambda codes, training=False: seen.append(codes) or draw(codes)
    few = keep_best(model, trained, steps=10, every=5, images=4, seed=3)
    tf.config.run_functions_eagerly(True)
    try:
        value = few.measure()
    finally:
        tf.config.run_functions_eagerly(False)
    (codes,) = seen
    np.testing.assert_allclose(codes[:, :2], images[::2][:4, 0, 0, :2] / 100.0, rtol=1e-6)
    drawn = np.round(255 * best_generator.lab_to_srgb(draw(codes)).numpy()).astype(np.uint8)
    expected = kernel_distance(mean_colors(drawn), mean_colors(images[::2][:4]))
    assert value == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("options", [{"every": 0}, {"every": 5, "images": 2}])
def test_numbers_that_measure_nothing_are_refused(made, options):
    with pytest.raises(InputError, match="keep_best: expected every of at least 1"):
        keep_best(*made[:2], steps=10, **options)


def test_a_run_without_a_judge_is_refused(made):
    made[1].lacks = lambda part: f"the run has no {part}"
    with pytest.raises(InputError, match="the run has no classifier, which judges"):
        keep_best(*made[:2], steps=10, every=5)
