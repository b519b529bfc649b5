import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anime_style_tf.data.sampling import ArtistSampler, distinct_draws, shuffled_batch
from anime_style_tf.errors import InputError


def sampler(labels, artists=3, works=2, seed=0):
    return ArtistSampler(labels, artists_per_batch=artists, works_per_artist=works, seed=seed)


@given(count=st.integers(1, 40), data=st.data(), seed=st.integers(0, 1000))
def test_a_cycle_uses_all_equally_and_no_draw_repeats_a_member(count, data, seed):
    size = data.draw(st.integers(1, count))
    draws = distinct_draws(count, size, (seed,))
    assert all(len(set(draw)) == size for draw in draws.tolist())
    rounds = draws.reshape(-1, count)
    for members in rounds:
        assert sorted(members) == list(range(count))


@settings(deadline=None)
@given(
    works=st.lists(st.integers(4, 9), min_size=5, max_size=9),
    artists=st.integers(1, 5),
    each=st.integers(1, 4),
    seed=st.integers(0, 100),
)
def test_every_batch_has_p_artists_with_k_different_works_each(works, artists, each, seed):
    labels = np.repeat(np.arange(len(works)) * 7, works)  # labels may have gaps
    labels = np.random.default_rng(seed).permutation(labels)
    draw = sampler(labels, artists, each, seed)
    for step in range(6):
        batch = draw.batch(step)
        groups = labels[batch].reshape(artists, each)
        assert (groups == groups[:, :1]).all()
        assert len(set(groups[:, 0])) == artists
        assert len(set(batch.tolist())) == artists * each


def test_each_artist_comes_up_once_before_any_comes_again():
    labels = np.repeat(np.arange(14), 10)
    draw = sampler(labels, artists=8, works=2)
    artists = np.concatenate([labels[draw.batch(step)[::2]] for step in range(70)])
    for round_of_all in artists.reshape(-1, 14):
        assert sorted(round_of_all) == list(range(14))


def test_each_work_is_used_once_before_any_comes_again():
    labels = np.repeat([0, 1], [5, 7])
    draw = sampler(labels, artists=2, works=3)
    batches = np.stack([draw.batch(step) for step in range(35)])
    for artist, count in ((0, 5), (1, 7)):
        used = batches[labels[batches] == artist]
        for epoch in used[: len(used) // count * count].reshape(-1, count):
            assert len(set(epoch.tolist())) == count


def test_a_batch_depends_on_seed_and_step_alone():
    labels = np.random.default_rng(0).integers(0, 6, 100)
    forward, late = sampler(labels), sampler(labels)
    stream = [forward.batch(step).tolist() for step in range(60)]
    for step in (59, 3, 30, 3):
        assert late.batch(step).tolist() == stream[step]
    assert sampler(labels, seed=1).batch(0).tolist() != stream[0]
    assert len({tuple(batch) for batch in stream}) == 60


def test_a_far_step_costs_no_more_than_a_near_one():
    draw = sampler(np.repeat(np.arange(9), 11))
    assert len(draw.batch(10**12)) == 6


def test_too_few_artists_or_works_are_an_error():
    labels = np.repeat([0, 1], [5, 2])
    with pytest.raises(InputError, match=r"at most the 2 artists .* received 3"):
        sampler(labels, artists=3)
    with pytest.raises(InputError, match=r"expected at most 2, .* received 3"):
        sampler(labels, artists=2, works=3)
    with pytest.raises(InputError, match="at least 1"):
        sampler(labels, artists=0)


@given(count=st.integers(1, 30), size=st.integers(1, 40), seed=st.integers(0, 9))
def test_shuffled_batches_run_through_all_works_each_epoch(count, size, seed):
    steps = 3 * count
    stream = np.concatenate([shuffled_batch(count, size, seed, step) for step in range(steps)])
    for epoch in stream[: len(stream) // count * count].reshape(-1, count):
        assert sorted(epoch) == list(range(count))


def test_epochs_are_shuffled_differently():
    first, second = (shuffled_batch(50, 50, 0, step).tolist() for step in range(2))
    assert first != second


def test_without_a_seed_works_come_in_order():
    assert shuffled_batch(5, 3, None, 1).tolist() == [3, 4, 0]
