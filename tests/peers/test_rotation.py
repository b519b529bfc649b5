import numpy as np
import pytest
import tensorflow_addons as tfa


@pytest.mark.parametrize("shape", ["square", "wide"])
def test_upright_portraits_agree_with_addons(shape, reference, compare):
    """In levels of 0-255; addons samples linearly, ours by cubic polynomials, to whole levels.

    A turn by 30 degrees the wrong way is off by 60.
    """
    arrays = reference("rotation")
    images, angles = arrays[f"{shape}/images"], arrays[f"{shape}/angles"]
    theirs = tfa.image.rotate(images.astype("float32"), angles, interpolation="bilinear").numpy()
    # The largest disk that stays inside of the picture; what lies beyond is tested elsewhere.
    height, width = images.shape[1:3]
    rows, columns = np.ogrid[:height, :width]
    away = np.hypot(rows - (height - 1) / 2, columns - (width - 1) / 2)
    inside = (away < min(height, width) / 2 - 2)[None, ..., None]
    ours = arrays[f"{shape}/rotated"]
    compare(f"upright, {shape}", "tfa.image.rotate", ours * inside, theirs * inside, 3.0)
