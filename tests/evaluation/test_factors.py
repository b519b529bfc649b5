import numpy as np
import pytest

from anime_style_tf.evaluation.factors import FactorProbe, factors_to_read, shown_features

RNG = np.random.default_rng(41)


def pictures(count, side=32):
    """Noise with a square: its place says the hair, its color the skin."""
    factors = [
        {"hair": ("left", "right")[i % 2], "skin": i // 2 % 3, "options": {}} for i in range(count)
    ]
    images = RNG.integers(100, 120, (count, side, side, 3), dtype=np.uint8)
    for image, shown in zip(images, factors, strict=True):
        left = 2 if shown["hair"] == "left" else side // 2 + 2
        image[8:20, left : left + 10, shown["skin"]] = 250
    return images, factors


def test_what_is_shown_is_read_from_other_pictures():
    (images, factors), (others, asked) = pictures(120), pictures(30)
    features = shown_features(images)
    for factor, values in (("hair", {"left", "right"}), ("skin", {0, 1, 2})):
        probe = FactorProbe(factor, values, features, factors)
        np.testing.assert_array_equal(probe.read(shown_features(others)), probe.asked(asked))


def test_works_without_the_factor_or_with_a_rare_value_are_not_asked():
    images, factors = pictures(40)
    probe = FactorProbe("hair", {"left", "right"}, shown_features(images), factors)
    others = [{"hair": "right"}, {}, {"hair": "green"}, {"hair": ["left"]}, {"hair": "left"}]
    assert probe.asked(others).tolist() == [1, -1, -1, -1, 0]
    assert probe.knows(others).tolist() == [True, False, False, False, True]


def test_a_factor_has_a_few_values_of_enough_works_by_several_artists():
    labels = np.arange(60) % 2
    factors = [
        {
            "hair": ("red", "blue")[i // 2 % 2],
            "worn": "hat" if i == 7 else "nothing",  # a value of one work is none
            "title": f"work {i}",
            "earrings": bool(i // 2 % 2),
            "options": {"a": 1},
            "weight": 0.5,
        }
        | ({"beard": i % 4 == 1} if labels[i] else {})  # by one artist alone
        for i in range(60)
    ]
    found = factors_to_read(factors, labels)
    assert found == {"hair": {"red", "blue"}, "earrings": {True, False}}


def test_colors_are_the_means_of_squares_and_shares_on_a_grid_of_colors():
    images, _ = pictures(2)
    images[0, 0, 0], images[1] = (255, 0, 0), (0, 0, 255)
    features = shown_features(images)
    expected = images.reshape(2, 8, 4, 8, 4, 3).mean(axis=(2, 4)) / 255
    np.testing.assert_allclose(features[:, 512 : 512 + 192], expected.reshape(2, -1), atol=1e-6)
    shares = features[:, :512].reshape(2, 8, 8, 8) ** 2
    np.testing.assert_allclose(shares.sum(axis=(1, 2, 3)), 1, rtol=1e-5)
    assert shares[0, 7, 0, 0] == pytest.approx(1 / 32**2)
    assert shares[1, 0, 0, 7] == pytest.approx(1)
    # A color between two of the grid is spread over them: 45 is 1.24 steps of 255 / 7.
    images[0] = (45, 0, 0)
    spread = shown_features(images)[0, :512].reshape(8, 8, 8)[:, 0, 0] ** 2
    share = 45 * 7 / 255 - 1
    np.testing.assert_allclose(spread, [0, 1 - share, share, 0, 0, 0, 0, 0], atol=1e-6)


def test_images_of_another_type_are_refused():
    with pytest.raises(ValueError, match="uint8"):
        shown_features(pictures(2)[0] / 255)
