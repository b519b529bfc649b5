import numpy as np
import pytest
import skimage.color

from anime_style_tf.evaluation.direction import KeptSteps, kept_steps, step_energies

RNG = np.random.default_rng(16)
# L* of sRGB black and white.
BLACK, WHITE = 0.0, 100.0


def bands(rows, columns=4):
    """Images of horizontal bands of black (0) and white (1)."""
    image = 255 * np.array(rows, np.uint8)[:, None, None]
    return np.broadcast_to(image, (len(rows), columns, 3))[None].copy()


def test_a_horizontal_band_is_steps_down_and_a_vertical_one_is_steps_sideways():
    """Of three steps down two are of 100, so the mean square is 20,000 / 3."""
    band = bands([0, 1, 0, 0])
    expected = [[2 * (WHITE - BLACK) ** 2 / 3, 0.0]]
    np.testing.assert_allclose(step_energies(band), expected, rtol=1e-5)
    turned = band.transpose(0, 2, 1, 3)
    np.testing.assert_allclose(step_energies(turned), np.flip(expected, axis=1), rtol=1e-5)


def test_energies_agree_with_scikit_images_lightness_in_every_chunk():
    images = RNG.integers(0, 256, (70, 5, 6, 3), dtype="uint8")
    lightness = skimage.color.rgb2lab(images)[..., 0]
    down = (lightness[:, 1:] - lightness[:, :-1]) ** 2
    sideways = (lightness[:, :, 1:] - lightness[:, :, :-1]) ** 2
    expected = np.stack([down.mean((1, 2)), sideways.mean((1, 2))], axis=1)
    np.testing.assert_allclose(step_energies(images), expected, rtol=1e-4)


def test_a_reconstruction_that_loses_its_bands_keeps_the_steps_sideways():
    """Every row becomes the mean row: nothing is left on the way down."""
    works = RNG.integers(0, 256, (5, 1, 8, 3), dtype="uint8").repeat(8, axis=1)
    works[:, 3] = 255
    lost = works.copy()
    lost[:, 3] = works[:, 2]
    kept = kept_steps(works, lost)
    assert kept.down == 0.0
    # A white row has no steps sideways; the row that takes its place has: 8 for every 7.
    assert kept.sideways == pytest.approx(8 / 7)
    assert kept.down_over_sideways == 0.0


def test_ratios_are_of_sums_over_all_works():
    kept = KeptSteps(
        works=np.array([[4.0, 1.0], [8.0, 5.0]]), reconstructions=np.array([[1.0, 2.0], [2.0, 2.5]])
    )
    assert kept.down == pytest.approx(3 / 12)
    assert kept.sideways == pytest.approx(4.5 / 6)
    assert kept.down_over_sideways == pytest.approx(1 / 3)


def test_works_and_themselves_keep_all_without_doubt():
    images = RNG.integers(0, 256, (6, 5, 5, 3), dtype="uint8")
    kept = kept_steps(images, images)
    assert (kept.down, kept.sideways, kept.down_over_sideways) == (1.0, 1.0, 1.0)
    assert kept.down_over_sideways_interval() == (1.0, 1.0)


def test_the_interval_covers_the_true_ratio_about_as_often_as_it_says():
    """Works' energies are exponential; theirs keep .5 of the steps down, .8 of those sideways."""
    covered = np.zeros(3)
    for _ in range(400):
        works = RNG.exponential(size=(80, 2))
        kept = KeptSteps(works, works * [0.5, 0.8] * RNG.gamma(4, 1 / 4, (80, 2)))
        found = kept.down_interval(), kept.sideways_interval(), kept.down_over_sideways_interval()
        covered += [
            low < true < high for (low, high), true in zip(found, (0.5, 0.8, 0.625), strict=True)
        ]
    assert (covered / 400 > 0.9).all()
    assert (covered / 400 < 0.99).all()


def test_without_steps_or_with_one_work_there_is_no_number():
    flat = np.full((2, 4, 4, 3), 7, np.uint8)
    assert np.isnan(kept_steps(flat, flat).down)
    one = RNG.integers(0, 256, (1, 4, 4, 3), dtype="uint8")
    assert np.isnan(kept_steps(one, one).down_interval()).all()


@pytest.mark.parametrize(
    ("images", "complaint"),
    [
        (np.zeros((2, 4, 4, 3), np.float32), "must be uint8, received float32"),
        (np.zeros((2, 4, 4), np.uint8), "must be .images, height, width, 3."),
        (np.zeros((2, 1, 4, 3), np.uint8), "2 x 2 pixels or more"),
        (np.zeros((0, 4, 4, 3), np.uint8), "one work or more"),
    ],
)
def test_images_of_another_form_are_refused(images, complaint):
    with pytest.raises(ValueError, match=complaint):
        kept_steps(images, images)


def test_works_and_reconstructions_must_be_as_many():
    images = np.zeros((2, 4, 4, 3), np.uint8)
    with pytest.raises(ValueError, match="shape of works"):
        kept_steps(images, images[:1])
