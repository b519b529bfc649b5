import numpy as np
import pytest
import tensorflow as tf

from anime_style_tf.layers.efficientnet_lite import EfficientNetLite, stage_sizes


def test_wider_variants_have_multiples_of_eight_channels_and_more_blocks():
    # By hand: 1.1 x (16 24 40 80 112 192 320), to the nearest multiple of 8, ties up; 1.2 x depth.
    channels, blocks = zip(*[size[3:] for size in stage_sizes("lite2")], strict=True)
    assert channels == (16, 24, 48, 88, 120, 208, 352)
    assert blocks == (1, 3, 3, 4, 4, 5, 1)
    assert [size[3] for size in stage_sizes("lite1")] == [16, 24, 40, 80, 112, 192, 320]
    assert [size[4] for size in stage_sizes("lite1")] == [1, 3, 3, 4, 4, 5, 1]


def test_stages_have_the_strides_that_they_say_at_the_resolution_asked_for():
    layer = EfficientNetLite(stages=(1, 2, 3, 5, 7), resolution=64)
    layer.build((None, 20, 20, 3))
    maps = layer.maps(np.zeros((1, 20, 20, 3), "float32"))
    assert [each.shape[1] for each in maps] == [32, 16, 8, 4, 2]
    assert [each.shape[-1] for each in maps] == [16, 24, 40, 112, 320]
    assert [tuple(each.shape) for each in maps] == layer.map_shapes((1, 20, 20, 3))


def test_bytes_and_fractions_of_one_picture_are_the_same_picture():
    layer = EfficientNetLite(stages=(2,), resolution=24)
    images = np.random.default_rng(0).integers(0, 256, (2, 16, 16, 3)).astype("uint8")
    np.testing.assert_allclose(layer(images), layer(images / np.float32(255)), atol=1e-5)


def test_a_plain_picture_stays_plain_through_either_change_of_size():
    plain = np.full((1, 30, 30, 3), 0.25, "float32")
    for side in (20, 48):
        layer = EfficientNetLite(stages=(1,), resolution=side)
        np.testing.assert_allclose(layer._resized(plain), 0.25 * 255, rtol=1e-5)


def test_gradients_reach_the_picture_through_the_change_of_size_and_no_weight():
    layer = EfficientNetLite(stages=(2, 3), resolution=48)
    layer.build((None, 16, 16, 3))
    images = tf.random.stateless_uniform((1, 16, 16, 3), seed=(1, 2))
    with tf.GradientTape() as tape:
        tape.watch(images)
        total = tf.add_n([tf.reduce_sum(each**2) for each in layer.maps(images)])
    gradient = tape.gradient(total, images).numpy()
    assert np.isfinite(gradient).all()
    assert (np.abs(gradient).sum(axis=(0, 3)) > 0).all()
    assert layer.trainable_variables == []


@pytest.mark.parametrize("stages", [(), (0, 1), (3, 2), (2, 2), (8,)])
def test_stages_that_do_not_exist_or_do_not_rise_are_refused(stages):
    with pytest.raises(ValueError, match="stages must rise and lie between 1 and 7"):
        EfficientNetLite(stages=stages)


def test_an_unknown_variant_is_refused_with_those_that_there_are():
    with pytest.raises(ValueError, match=r"'lite0', 'lite1', 'lite2'.*'lite9'"):
        EfficientNetLite("lite9")
