import numpy as np
import pytest
import tensorflow_addons as tfa


@pytest.mark.parametrize("shape", ["square", "wide"])
def test_rotation_and_coverage_agree_with_addons(shape, reference, compare):
    arrays = reference("rotation")
    images, angles = arrays[f"{shape}/images"], arrays[f"{shape}/angles"]
    peer = "tfa.image.rotate"
    theirs = tfa.image.rotate(images, angles, interpolation="bilinear")
    compare(f"rotation, {shape}", peer, arrays[f"{shape}/rotated"], theirs, 1e-5)
    white = np.ones((*images.shape[:3], 1), "float32")
    theirs = tfa.image.rotate(white, angles, interpolation="bilinear")
    compare(f"coverage, {shape}", peer, arrays[f"{shape}/coverage"], theirs, 1e-5)
