import numpy as np
import tensorflow as tf
import tensorflow_io as tfio

TO_LAB = "tfio.experimental.color.rgb_to_lab"
TO_RGB = "tfio.experimental.color.lab_to_rgb"
SCALE, SHIFT = np.array([50, 110, 110], "float32"), np.array([1, 0, 0], "float32")


def rgb_to_lab(srgb):
    return tfio.experimental.color.rgb_to_lab(srgb) / SCALE - SHIFT


def lab_to_rgb(lab):
    return tfio.experimental.color.lab_to_rgb((lab + SHIFT) * SCALE)


def gradient(function, values):
    values = tf.constant(values)
    with tf.GradientTape() as tape:
        tape.watch(values)
        outputs = function(values)
    return tape.gradient(outputs, values).numpy()


def test_srgb_to_lab_agrees_on_corners_grid_black_and_random_colors(reference, compare):
    arrays = reference("colors")
    compare("sRGB to normalized Lab", TO_LAB, arrays["lab"], rgb_to_lab(arrays["srgb"]), 1e-5)
    compare(
        "sRGB to normalized Lab, gamut's corners",
        TO_LAB,
        arrays["corners_lab"],
        rgb_to_lab(arrays["corners"]),
        1e-5,
    )


def test_lab_to_srgb_agrees_inside_the_gamut(reference, compare):
    arrays = reference("colors")
    theirs = lab_to_rgb(arrays["lab"])
    compare("normalized Lab to sRGB", TO_RGB, arrays["srgb_again"], theirs, 2e-5)
    compare("round trip, ours", "the colors given", arrays["srgb_again"], arrays["srgb"], 2e-5)


def test_lab_to_srgb_agrees_outside_the_gamut_but_for_negative_z(reference, compare, record):
    # Both clip to [0, 1] at the end. Theirs, as scikit-image, also raises f(Z) to 0 before,
    # which stops the gradient of b there; ours goes on along the line that continues the cube.
    arrays = reference("colors")
    lab, ours = arrays["free_lab"], arrays["free_srgb"]
    theirs = lab_to_rgb(lab).numpy()
    f_of_z = ((lab[..., 0] + 1) * 50 + 16) / 116 - lab[..., 2] * 110 / 200
    usual = f_of_z >= 0
    compare("free Lab to sRGB, f(Z) >= 0", TO_RGB, ours[usual], theirs[usual], 2e-5)
    differences = np.abs(ours - theirs)[~usual]
    what = f"free Lab to sRGB, f(Z) < 0 ({(~usual).sum()} of {usual.size}), expected"
    record(what, TO_RGB, float(differences.max()))
    assert differences.max() > 0.01


def test_our_gradients_are_finite_where_theirs_are_not(reference, record):
    arrays = reference("colors")
    cases = {
        "gradient at the corners, to Lab": (rgb_to_lab, "corners", "corners_gradient"),
        "gradient at the corners, to sRGB": (lab_to_rgb, "corners_lab", "corners_lab_gradient"),
        "gradient over free Lab, to sRGB": (lab_to_rgb, "free_lab", "free_lab_gradient"),
    }
    for what, (function, values, ours) in cases.items():
        assert np.isfinite(arrays[ours]).all()
        theirs = gradient(function, arrays[values])
        bad = int((~np.isfinite(theirs)).sum())
        record(f"{what}: not finite, ours 0, theirs", "of " + str(theirs.size), bad)


def test_their_gradient_at_black_is_not_a_number(reference):
    arrays = reference("colors")
    black = (arrays["corners"] == 0).all(axis=-1)
    assert np.isnan(gradient(rgb_to_lab, arrays["corners"])[black]).all()
