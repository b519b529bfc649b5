import keras
import numpy as np
import pytest
import tensorflow as tf

from anime_style_tf.image.color import srgb_to_lab
from benchmarks.contenders.style_rival import RIVALS, StyleRival
from tests.benchmarks import rival_loops
from tests.squares import COLORS, dataset, same, squares, style_encoder

ARTISTS = len(COLORS)
EVERY = pytest.mark.parametrize("rival", RIVALS)


def learner(rival, rate=1e-2, **options):
    keras.utils.set_random_seed(5)
    model = StyleRival(style_encoder(), rival=rival, artists=ARTISTS, shift=1, **options)
    proxies = {"proxy_optimizer": keras.optimizers.Adam(5e-2)} if rival == "proxy_anchor" else {}
    model.compile(keras.optimizers.Adam(rate), **proxies)
    return model


def loops(model, codes, artists):
    inputs = [codes, artists]
    if model.proxies is not None:
        inputs.append(model.proxies.numpy()[:, : codes.shape[1]])
    name = RIVALS[model.rival].__name__
    return getattr(rival_loops, name)(*inputs, **model.loss_arguments)


@EVERY
def test_after_some_dozen_steps_the_nearest_direction_is_by_the_same_artist(rival):
    model = learner(rival)
    history = model.fit(dataset(40), epochs=8, shuffle=False, verbose=0).history
    assert set(history) == {rival}
    assert history[rival][-1] < 0.9 * history[rival][0]
    fresh = squares(25, seed=9)
    codes = model(fresh["image"]).numpy()
    codes /= np.linalg.norm(codes, axis=1, keepdims=True)
    cosines = codes @ codes.T - 2 * np.eye(len(codes))
    assert (fresh["artist"][cosines.argmax(axis=1)] == fresh["artist"]).mean() > 0.9


@EVERY
def test_outside_training_the_term_is_the_loss_of_the_whole_code(rival):
    model, batch = learner(rival), squares(3)
    codes = model.encoder(srgb_to_lab(batch["image"])).numpy()
    expected = loops(model, codes, batch["artist"])
    assert float(model.terms(batch)[rival]) == pytest.approx(expected, rel=1e-4)
    values = model.evaluate(dataset(3), verbose=0, return_dict=True)
    assert values[rival] == pytest.approx(expected, rel=1e-3)


@EVERY
def test_in_training_it_is_the_mean_over_prefixes_that_all_works_and_proxies_share(rival):
    model, batch = learner(rival, keep=0.8, lengths=5, seed=3), squares(3)
    model.shift, model.flip = 0, False
    state = model.prefix.seed_generator.state.numpy()
    drawn = model.prefix(np.ones((5, 4), "float32"), training=True).numpy().sum(axis=1).astype(int)
    # In one dimension all directions are alike but for their sign, and distances tie.
    assert len(set(drawn)) > 1
    assert min(drawn) > 1
    model.prefix.seed_generator.state.assign(state)
    codes = model.encoder(srgb_to_lab(batch["image"])).numpy()
    expected = np.mean([loops(model, codes[:, :length], batch["artist"]) for length in drawn])
    assert float(model.terms(batch, training=True)[rival]) == pytest.approx(expected, rel=1e-3)


@EVERY
def test_a_step_moves_the_encoder_and_the_proxies(rival):
    model = learner(rival)
    encoder = [np.array(weight) for weight in model.encoder.get_weights()]
    proxies = None if model.proxies is None else model.proxies.numpy()
    model.train_step({k: tf.constant(v) for k, v in squares(4).items()})
    assert not any(same(encoder, model.encoder))
    if proxies is not None:
        assert (proxies != model.proxies.numpy()).any(axis=1).all()


def test_arguments_of_the_loss_reach_it():
    batch = squares(3)
    tight, loose = (
        float(learner("triplet", loss={"margin": m}).terms(batch)["triplet"]) for m in (0.1, 1.0)
    )
    assert tight < loose


def test_what_does_not_fit_together_is_refused_at_the_door():
    with pytest.raises(ValueError, match="rival must be one of"):
        StyleRival(style_encoder(), rival="contrastive")
    with pytest.raises(ValueError, match="compile needs proxy_optimizer"):
        StyleRival(style_encoder(), rival="proxy_anchor").compile("adam")
    with pytest.raises(TypeError, match="unexpected keyword argument 'proxy_optimizer'"):
        StyleRival(style_encoder(), rival="triplet").compile("adam", proxy_optimizer="adam")
