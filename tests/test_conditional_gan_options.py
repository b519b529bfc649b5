"""The GAN's departures from the paper, each an option."""

import keras
import numpy as np
import pytest

from anime_style_tf.conditional_gan import OPTIONAL_TERMS, TERMS, ConditionalGAN
from anime_style_tf.discriminator import DiscriminatorConsortium
from anime_style_tf.errors import InputError
from anime_style_tf.image.color import srgb_to_lab
from anime_style_tf.projected_discriminator import ProjectedDiscriminator
from anime_style_tf.training.fit import fit
from tests.squares import (
    CONTENT,
    FREE,
    SIZE,
    STYLE,
    copies,
    dataset,
    decoder,
    pruned_content,
    pruned_style,
    same,
    squares,
)

OPTIONS = {
    "loss": "hinge",
    "mixture": {"same": 0.25, "random": 0.5, "jitter": 0.0},
    "perturbation": {"shift": 1, "blur": 0.5, "noise": 0.01},
    "reconstruction_weight": 2.0,
    "perceptual_weight": 3.0,
    "diversity_weight": 0.5,
    "least_diversity": 0.1,
    "mismatch_weight": 0.25,
}


def with_options(**options):
    keras.utils.set_random_seed(6)
    model = ConditionalGAN(
        decoder(STYLE + CONTENT + FREE),
        ProjectedDiscriminator(
            image_size=SIZE, stages=(1, 2), channels=4, features=5, artists=4, shift=2
        ),
        pruned_style(),
        pruned_content(),
        free_size=FREE,
        **OPTIONS | options,
    )
    model.compile(keras.optimizers.Adam(1e-3), discriminator_optimizer=keras.optimizers.Adam(1e-3))
    return model


def drawn(model):
    codes = np.random.default_rng(1).normal(size=(8, model.code_size)).astype("float32")
    return codes, model.generator(codes)


def test_with_all_options_each_term_is_reported_and_both_networks_move():
    model = with_options()
    networks = [
        model.generator, model.discriminator, model.style_encoder, model.content_encoder
    ]  # fmt: skip
    frozen = copies(model.discriminator.maps.network)
    before = [copies(network) for network in networks]
    history = model.fit(dataset(8), epochs=1, shuffle=False, verbose=0).history
    assert set(history) == {*TERMS, *OPTIONAL_TERMS}
    assert all(np.isfinite(history[name]).all() for name in history)
    moved = [not all(same(old, each)) for old, each in zip(before, networks, strict=True)]
    assert moved == [True, True, False, False]
    for old, new in zip(frozen, copies(model.discriminator.maps.network), strict=True):
        np.testing.assert_array_equal(old, new)


def test_the_options_terms_are_computed_from_the_works_and_the_pairs():
    model = with_options(perturbation=None)
    model.discriminator.shift = 0
    batch = squares(2)
    real = srgb_to_lab(batch["image"])
    codes, artists, asked = model._codes(batch, real)
    np.testing.assert_array_equal(artists, batch["artist"])
    fake = model.generator(codes)
    terms = model.generator_terms(codes, fake, model.discriminator.sights(real, fake), asked, real)
    terms = {name: float(value) for name, value in terms.items()}
    works, images = np.asarray(real, "float64"), np.asarray(fake, "float64")
    assert terms["reconstruction"] == pytest.approx(2 * np.abs(works - images)[:2].mean(), rel=1e-4)
    maps = zip(model.discriminator.maps(real), model.discriminator.maps(fake), strict=True)
    distances = [np.abs(np.asarray(a)[:2] - np.asarray(b)[:2]).mean() for a, b in maps]
    assert terms["perceptual"] == pytest.approx(3 * np.mean(distances), rel=1e-3)
    areas = images.reshape(8, SIZE // 4, 4, SIZE // 4, 4, 3).mean(axis=(2, 4))
    apart = np.abs(areas[4:6] - areas[6:8]).mean(axis=(1, 2, 3))
    lacking = np.maximum(0.1 - apart, 0).mean() / 0.1
    assert terms["diversity"] == pytest.approx(0.5 * lacking, rel=1e-3)


def test_the_hinge_is_taken_of_logits_that_know_the_artists():
    model = with_options(mismatch_weight=0.0)
    model.discriminator.shift = 0
    for head in model.discriminator.heads:
        head.vectors.assign(np.random.default_rng(2).normal(size=head.vectors.shape))
    batch = squares(2)
    real, (_, fake) = srgb_to_lab(batch["image"]), drawn(model)
    asked = np.array([0, 1, 2, 3, -1, -1, 0, 1], "int32")
    found = model.discriminator_terms(
        model.discriminator.sights(real, fake), batch["artist"], asked
    )
    on_real = [np.asarray(each) for each in model.discriminator(real, batch["artist"])]
    on_fake = [np.asarray(each) for each in model.discriminator(fake, asked)]
    expected = [
        np.maximum(0, 1 - a).mean() + np.maximum(0, 1 + b).mean()
        for a, b in zip(on_real, on_fake, strict=True)
    ]
    assert float(found["discriminator"]) == pytest.approx(np.mean(expected), rel=1e-4)


@pytest.mark.parametrize(("loss", "refused"), [("hinge", 5.0), ("logistic", np.log1p(np.exp(4)))])
def test_works_under_another_artists_name_are_to_be_refused(loss, refused):
    model = with_options(loss=loss)
    real = srgb_to_lab(squares(2)["image"])
    _, fake = drawn(model)
    artists = np.zeros(8, "int32")
    # Whatever name a work of artist 0 gets in its place, the logits are 4.
    for head in model.discriminator.heads:
        head.logit.gamma.assign([0.0])
        head.logit.beta.assign([4.0])
    terms = model.discriminator_terms(model.discriminator.sights(real, fake), artists, artists)
    assert float(terms["mismatch"]) == pytest.approx(0.25 * refused, rel=1e-5)


@pytest.mark.parametrize("count", [1, 2])
def test_batches_without_room_for_all_parts_train_on(count):
    model = with_options()
    batch = {name: each[:count] for name, each in squares(2).items()}
    terms = {name: float(value) for name, value in model.train_step(batch).items()}
    assert all(np.isfinite(value) for value in terms.values())
    # One image is the work itself, and has no pair; two are a pair, and no work.
    absent = {"diversity"} if count == 1 else {"reconstruction", "perceptual"}
    assert absent <= {name for name, value in terms.items() if value == 0}
    assert count == 2 or terms["reconstruction"] * terms["perceptual"] > 0
    for network in (model.generator, model.discriminator):
        assert all(np.isfinite(each).all() for each in copies(network))


def test_a_work_and_the_generated_image_of_its_row_are_shifted_alike():
    model = with_options()
    real = srgb_to_lab(squares(2)["image"])
    first, second = model.discriminator.shifted(real, -real)
    np.testing.assert_array_equal(first, -second)
    assert (np.asarray(first) != np.asarray(real)).any()
    one, other = model.discriminator.sights(real, real)
    for maps, others in zip(one.maps, other.maps, strict=True):
        np.testing.assert_array_equal(maps, others)


def test_encoders_read_the_perturbed_image():
    plain, veiled = with_options(perturbation=None), with_options()
    codes, fake = drawn(plain)
    values = []
    for model in (plain, veiled):
        terms = model.generator_terms(
            codes, fake, model.discriminator.sights(fake, fake), np.full(8, -1), fake
        )
        values.append([float(terms[f"{name}_recovery"]) for name in ("style", "content")])
    assert all(abs(a - b) > 1e-6 for a, b in zip(*values, strict=True))
    assert values[0][0] == pytest.approx(
        np.mean((np.asarray(plain.style_encoder(fake)) - codes[:, :STYLE]) ** 2), rel=1e-4
    )


def test_a_training_with_options_resumes_bit_for_bit(tmp_path):
    def train(folder, *lengths):
        for steps in lengths:
            model = with_options()
            fit(
                model,
                lambda step: dataset(4).repeat().skip(step),
                steps=steps,
                steps_per_epoch=2,
                checkpoints=tmp_path / folder,
            )
        return copies(model.generator) + copies(model.discriminator)

    whole, resumed = train("whole", 4), train("resumed", 2, 4)
    assert all(np.array_equal(a, b) for a, b in zip(whole, resumed, strict=True))


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"loss": "wasserstein"}, "loss must be one of"),
        ({"diversity_weight": 1.0}, "diversity_weight needs images of which works and pairs"),
        ({"reconstruction_weight": 1.0, "mixture": {"same": 0}}, "needs mixture.same above 0"),
        ({"diversity_weight": 1.0, "mixture": {"random": 0.0}}, "needs mixture.random above 0"),
        ({"perceptual_weight": 1.0, "mixture": {}}, "needs the maps of a projected"),
        ({"mismatch_weight": 1.0, "mixture": {}}, "needs a discriminator that knows artists"),
    ],
)
def test_options_without_what_they_need_are_refused(options, complaint):
    with pytest.raises(InputError, match=complaint):
        ConditionalGAN(
            decoder(STYLE + CONTENT + FREE),
            DiscriminatorConsortium(image_size=SIZE, levels=(4,)),
            pruned_style(),
            pruned_content(),
            **options,
        )
