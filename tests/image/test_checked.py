import numpy as np
import pytest
import tensorflow as tf

from anime_style_tf.content_encoder import ContentEncoder
from anime_style_tf.errors import InputError
from anime_style_tf.image.checked import check_lab
from anime_style_tf.style_encoder import StyleEncoder

SIZES = {"image_size": 16, "levels": (4, 6), "code_size": 3}


@pytest.mark.parametrize("network", [StyleEncoder(**SIZES), ContentEncoder(**SIZES, hidden_size=4)])
@pytest.mark.parametrize(
    ("images", "words"),
    [
        (np.zeros((2, 3, 16, 16), "float32"), r"received \[2, 3, 16, 16\].*channels last"),
        (np.zeros((2, 16, 8, 3), "float32"), r"expected images \[batch, 16, 16, 3\]"),
        (np.full((2, 16, 16, 3), 255.0, "float32"), "received values from 255 to 255.*srgb_to_lab"),
        (np.full((2, 16, 16, 3), np.nan, "float32"), "received values from nan"),
    ],
)
def test_an_encoder_refuses_what_is_not_normalized_lab_of_its_size(network, images, words):
    with pytest.raises(InputError, match=words):
        network(images)


def test_what_is_traced_or_empty_is_looked_at_by_its_shape():
    check_lab(np.zeros((0, 16, 16, 3), "float32"), 16)
    check_lab(tf.zeros((0, 16, 16, 3)), 16)
    traced = tf.function(
        lambda images: check_lab(images, 16) or tf.reduce_sum(images), autograph=False
    )
    assert traced(tf.fill((1, 16, 16, 3), 2.0)) == 16 * 16 * 3 * 2
    with pytest.raises(InputError, match="expected images"):
        traced(tf.zeros((1, 8, 8, 3)))
