import keras
import numpy as np
import pytest

from anime_style_tf.discriminator import Discriminator, DiscriminatorConsortium
from anime_style_tf.errors import InputError

RNG = np.random.default_rng(15)


class Watching(keras.Model):
    """Stands where a member of the consortium stands and keeps what it is shown."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def build(self, input_shape=None):
        pass

    def call(self, lab, training=False):
        self.seen.append(np.asarray(lab))
        return lab[:, 0, 0, 0]


def watched_consortium(**options):
    consortium = DiscriminatorConsortium(image_size=16, levels=(4,), **options)
    consortium.members = [Watching() for _ in consortium.members]
    return consortium


def blocks(images, factor):
    batch, height, width, channels = images.shape
    shape = (batch, height // factor, factor, width // factor, factor, channels)
    return images.reshape(shape).mean(axis=(2, 4))


def is_patch_of(patch, image):
    size = len(patch)
    windows = np.lib.stride_tricks.sliding_window_view(image, (size, size, 3))[:, :, 0]
    return bool(np.isclose(windows, patch, atol=1e-6).all(axis=(-3, -2, -1)).any())


def test_members_see_the_whole_and_patches_of_the_half_and_of_the_original():
    images = RNG.uniform(-1, 1, (2, 16, 16, 3)).astype("float32")
    consortium = watched_consortium(half_patches=3, full_patches=5)
    consortium(images)
    whole, half, full = (member.seen[-1] for member in consortium.members)
    np.testing.assert_allclose(whole, blocks(images, 4), atol=1e-6)
    assert half.shape == (6, 4, 4, 3)
    assert full.shape == (10, 4, 4, 3)
    assert all(is_patch_of(patch, blocks(images, 2)[i // 3]) for i, patch in enumerate(half))
    assert all(is_patch_of(patch, images[i // 5]) for i, patch in enumerate(full))


def test_the_members_scales_can_be_chosen():
    images = RNG.uniform(-1, 1, (2, 16, 16, 3)).astype("float32")
    consortium = watched_consortium(half_patches=3, full_patches=5, patch_size=2, half_factor=4)
    consortium(images)
    whole, half, full = (member.seen[-1] for member in consortium.members)
    np.testing.assert_allclose(whole, blocks(images, 8), atol=1e-6)
    assert half.shape == (6, 2, 2, 3)
    assert full.shape == (10, 2, 2, 3)
    assert all(is_patch_of(patch, blocks(images, 4)[i // 3]) for i, patch in enumerate(half))
    assert all(is_patch_of(patch, images[i // 5]) for i, patch in enumerate(full))


@pytest.mark.parametrize(
    ("scales", "complaint"),
    [
        ({"patch_size": 6}, "patch_size must divide the image's 16 pixels, received 6"),
        ({"patch_size": 0}, "patch_size must divide"),
        ({"half_factor": 3}, "half_factor must divide the image's 16 pixels"),
        ({"half_factor": 8}, "leave at least the 4 of a patch, received 8"),
    ],
)
def test_scales_that_do_not_fit_the_image_are_refused(scales, complaint):
    with pytest.raises(InputError, match=complaint):
        DiscriminatorConsortium(image_size=16, levels=(4,), **scales)


def test_patches_are_drawn_anew_at_each_call():
    images = RNG.uniform(-1, 1, (2, 16, 16, 3)).astype("float32")
    consortium = watched_consortium(half_patches=3, full_patches=5)
    consortium(images)
    consortium(images)
    first, second = consortium.members[2].seen[-2:]
    assert (first != second).any()


def test_members_are_of_one_structure_with_separate_weights():
    consortium = DiscriminatorConsortium(image_size=16, levels=(4, 6), blocks=2)
    consortium.build()
    shapes = [[tuple(v.shape) for v in m.trainable_variables] for m in consortium.members]
    assert shapes[0] == shapes[1] == shapes[2]
    assert len({id(v) for m in consortium.members for v in m.variables}) == 3 * len(
        consortium.members[0].variables
    )
    kernels = [member.trunk.first.kernel.numpy() for member in consortium.members]
    assert (kernels[0] != kernels[1]).any()
    assert (kernels[1] != kernels[2]).any()


def test_there_is_one_logit_for_each_image_and_patch():
    consortium = DiscriminatorConsortium(image_size=16, levels=(4,), half_patches=2, full_patches=3)
    logits = consortium(RNG.uniform(-1, 1, (5, 16, 16, 3)).astype("float32"))
    assert [tuple(each.shape) for each in logits] == [(5,), (10,), (15,)]


def test_the_head_is_an_affine_dot_product_over_the_top_map():
    member = Discriminator(image_size=8, levels=(4, 6))
    images = RNG.uniform(-1, 1, (3, 8, 8, 3)).astype("float32")
    logits = member(images)
    member.head.gamma.assign([1.5])
    member.head.beta.assign([-0.3])
    top = member.trunk(images).numpy().reshape(3, -1).astype("float64")
    kernel = member.head.kernel.numpy().astype("float64").ravel()
    expected = top @ kernel / np.linalg.norm(kernel)
    np.testing.assert_allclose(logits, expected, atol=1e-5)
    np.testing.assert_allclose(member(images), 1.5 * expected - 0.3, atol=1e-5)


def test_an_image_that_is_too_small_for_its_levels_is_refused():
    with pytest.raises(ValueError, match="cannot be halved 3 times"):
        DiscriminatorConsortium(image_size=16, levels=(4, 4, 4))


def test_under_mixed_precision_the_logits_are_of_single_precision():
    keras.config.set_dtype_policy("mixed_bfloat16")
    member = Discriminator(image_size=8, levels=(4, 6))
    images = RNG.uniform(-1, 1, (3, 8, 8, 3)).astype("float32")
    logits = member(images)
    top = np.asarray(keras.ops.cast(member.trunk(images), "float32"), "float64").reshape(3, -1)
    kernel = member.head.kernel.numpy().astype("float64").ravel()
    np.testing.assert_allclose(logits, top @ kernel / np.linalg.norm(kernel), atol=1e-6)
