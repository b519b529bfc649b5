import math
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anime_style_tf.data.split import choose_threshold, identity_hash
from anime_style_tf.errors import InputError

WORKS = st.lists(st.text(max_size=8), min_size=20, max_size=80, unique=True)


def threshold_of(works, **rules):
    return choose_threshold(sorted(map(identity_hash, works)), **rules)


def held_out(works, threshold):
    return {work for work in works if identity_hash(work) < threshold}


@given(works=WORKS, fraction=st.floats(0, 0.5), minimum=st.integers(0, 10))
def test_the_test_split_has_the_fraction_or_the_minimum_whichever_is_more(works, fraction, minimum):
    threshold = threshold_of(works, fraction=fraction, minimum=minimum)
    assert len(held_out(works, threshold)) == max(math.ceil(fraction * len(works)), minimum)


@given(works=WORKS, added=st.lists(st.text(max_size=8)))
def test_adding_works_moves_none_across_a_kept_threshold(works, added):
    threshold = threshold_of(works, fraction=0.1, minimum=10)
    before = held_out(works, threshold)
    assert held_out([*added, *works], threshold) & set(works) == before


def test_the_hash_is_the_same_in_every_process():
    script = "from anime_style_tf.data.split import identity_hash; print(identity_hash('a/1.png'))"
    there = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout
    assert int(there) == identity_hash("a/1.png")


def test_hashes_are_spread_evenly():
    hashes = [identity_hash(str(number)) / 2**53 for number in range(2000)]
    assert all(0 <= value < 1 for value in hashes)
    tenths = [sum(int(value * 10) == tenth for value in hashes) for tenth in range(10)]
    assert max(abs(count - 200) for count in tenths) < 60  # 4.5 standard deviations


def test_a_test_split_that_would_take_everything_is_an_error():
    with pytest.raises(InputError, match="expected more than 10 works, received 10"):
        threshold_of([str(number) for number in range(10)], fraction=0, minimum=10)


def test_works_that_the_source_put_on_the_test_side_count_towards_the_minimum():
    works = [str(number) for number in range(30)]
    threshold = threshold_of(works, fraction=0.1, minimum=10, fixed=6)
    assert len(held_out(works, threshold)) == 4
    assert threshold_of(works, fraction=0, minimum=10, fixed=10) == 0
    assert threshold_of([], fraction=0.1, minimum=10) == 0
