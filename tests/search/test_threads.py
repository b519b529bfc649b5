import os

import numpy as np
from threadpoolctl import threadpool_info

from anime_style_tf.search.threads import cores, threads


def test_there_is_a_thread_for_each_core_and_products_inside_take_one(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2}, raising=False)
    assert cores() == 3
    with threads() as pool:
        assert list(pool.map(np.square, range(4))) == [0, 1, 4, 9]
        numbers = {each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"}
    assert numbers == {1}


def test_products_may_take_more_again_afterwards():
    before = [each["num_threads"] for each in threadpool_info()]
    with threads():
        pass
    assert [each["num_threads"] for each in threadpool_info()] == before
