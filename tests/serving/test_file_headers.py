"""Each accepted file is read as the package reads it, each other one is refused by name."""

import io
import random

import numpy as np
import pytest
import tensorflow as tf

from anime_style_tf.data.pictures import fit_square, open_picture
from anime_style_tf.serving.image_files import decode_images
from tests.serving.odd_files import bmps_alike, others_alike, pngs_alike, refused

ALIKE = {**bmps_alike(), **pngs_alike(), **others_alike()}
REFUSED = refused()
SIZES = (20, 33)


@pytest.fixture(scope="module", params=SIZES)
def decode(request):
    @tf.function(input_signature=[tf.TensorSpec([None], tf.string)])
    def traced(files):
        return decode_images(files, image_size=request.param)

    return lambda file: traced(tf.constant([file]))[0].numpy()


@pytest.mark.parametrize("name", ALIKE)
def test_what_is_accepted_is_read_as_the_package_reads_it(name, decode):
    received = decode(ALIKE[name]).astype(int)
    size = len(received)
    picture = open_picture(io.BytesIO(ALIKE[name]), image_size=size, max_pixels=10**7)
    expected = fit_square(picture, size)[0].astype(int)
    # Where a sum lies between two levels, Pillow rounds a fixed-point and TensorFlow a float.
    np.testing.assert_allclose(received, expected, atol=2)
    assert np.abs(received - expected).mean() < 0.05


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_be_read_otherwise_is_refused_by_name(name, decode):
    file, reason = REFUSED[name]
    with pytest.raises(tf.errors.InvalidArgumentError, match=reason) as caught:
        decode(file)
    assert "is not decoded here: save it as an 8-bit PNG in sRGB" in str(caught.value)


@pytest.mark.parametrize("name", ["png", "jpeg", "gif", "webp", "bmp, 24 bits", "png, turned"])
def test_a_damaged_header_ends_in_a_picture_or_in_an_error_of_tensorflow(name, decode):
    draws = random.Random(0)
    for _ in range(20):
        data = bytearray(ALIKE[name])
        for _ in range(draws.choice((1, 3))):
            data[draws.randrange(min(len(data), 60))] = draws.randrange(256)
        # An animation crashes TensorFlow; what else it refuses is an error.
        try:
            assert decode(bytes(data[: draws.randrange(8, len(data))])).dtype == np.uint8
        except (tf.errors.InvalidArgumentError, tf.errors.DataLossError):
            continue
