"""What the GAN asks of every discriminator."""

import keras
import numpy as np
import pytest

from anime_style_tf.discriminator import DiscriminatorConsortium
from anime_style_tf.projected_discriminator import ProjectedDiscriminator
from anime_style_tf.training.sight import Sight

SIDE = 32
JUDGES = {
    "consortium": lambda: DiscriminatorConsortium(image_size=SIDE, levels=(4,), half_patches=2),
    "projected": lambda: ProjectedDiscriminator(
        image_size=SIDE, stages=(1, 2), channels=4, features=5, artists=3, shift=0
    ),
}


@pytest.mark.parametrize("name", JUDGES)
def test_what_is_seen_of_several_sets_has_a_verdict_each(name):
    judge = JUDGES[name]()
    judge.build()
    draw = np.random.default_rng(0)
    works, images = draw.normal(size=(2, 4, SIDE, SIDE, 3)).astype("float32")
    sights = judge.sights(works, images)
    assert [type(sight) for sight in sights] == [Sight, Sight]
    assert (sights[0].maps is None) == (judge.maps is None)
    for sight in sights:
        for logits in judge.verdict(sight.evidence):
            assert keras.backend.standardize_dtype(logits.dtype) == "float32"
            assert len(logits) % 4 == 0
            assert np.isfinite(np.asarray(logits)).all()


@pytest.mark.parametrize("name", JUDGES)
def test_only_a_judge_that_knows_artists_minds_the_name(name):
    judge = JUDGES[name]()
    judge.build()
    if judge.artists:
        for head in judge.heads:
            head.vectors.assign(np.random.default_rng(1).normal(size=head.vectors.shape))
    images = np.random.default_rng(0).normal(size=(4, SIDE, SIDE, 3)).astype("float32")
    (sight,) = judge.sights(images)
    as_one, as_other = (judge.verdict(sight.evidence, np.full(4, artist)) for artist in (0, 1))
    same = all(np.array_equal(a, b) for a, b in zip(as_one, as_other, strict=True))
    assert same == (judge.artists == 0)
