import asyncio
import threading

import numpy as np
import pytest
import tensorflow as tf

from anime_style_tf.server.batching import Batcher
from anime_style_tf.server.limits import Limits
from anime_style_tf.server.refusals import Refusal


def rows(*values):
    return {"x": np.float32(values)}


class Doubling:
    """Doubles; holds the first call until it is let go, so that others have to wait."""

    def __init__(self):
        self.sizes, self.go = [], threading.Event()

    def __call__(self, x):
        self.sizes.append(len(x))
        if len(self.sizes) == 1:
            self.go.wait(10)
        if np.any(x.numpy() < 0):
            raise tf.errors.InvalidArgumentError(None, None, "below 0")
        return {"y": x * 2}


async def ask_many(batcher, function, requests):
    tasks = [
        asyncio.ensure_future(batcher(function, request, len(request["x"]))) for request in requests
    ]
    await asyncio.sleep(0.05)
    function.go.set()
    return await asyncio.gather(*tasks, return_exceptions=True)


def test_requests_that_come_meanwhile_are_computed_together():
    function, batches = Doubling(), []

    async def run():
        batcher = Batcher(Limits(threads=1, batch_rows=4), on_batch=batches.append)
        return await ask_many(batcher, function, [rows(i) for i in range(6)])

    answers = asyncio.run(run())
    assert [answer["y"].tolist() for answer in answers] == [[0], [2], [4], [6], [8], [10]]
    assert function.sizes == batches == [1, 4, 1]


def test_one_bad_request_does_not_fail_the_others():
    function = Doubling()

    async def run():
        requests = [rows(1), rows(2), rows(-1), rows(3)]
        return await ask_many(Batcher(Limits(threads=1)), function, requests)

    first, second, bad, fourth = asyncio.run(run())
    assert [answer["y"].tolist() for answer in (first, second, fourth)] == [[2], [4], [6]]
    assert isinstance(bad, tf.errors.InvalidArgumentError)


def test_a_long_request_is_cut_and_put_together_again():
    function = Doubling()
    function.go.set()

    async def run():
        return await Batcher(Limits(threads=2, batch_rows=4))(function, rows(*range(10)), 10)

    assert asyncio.run(run())["y"].tolist() == [2 * i for i in range(10)]
    assert sorted(function.sizes) == [2, 4, 4]


def test_what_waits_too_much_is_refused_and_room_comes_back():
    function = Doubling()

    async def run():
        batcher = Batcher(Limits(threads=1, waiting_rows=3))
        answers = await ask_many(batcher, function, [rows(1), rows(2, 3), rows(4)])
        return answers, batcher.rows, await batcher(function, rows(5), 1)

    (first, second, refused), waiting, after = asyncio.run(run())
    assert first["y"].tolist() == [2]
    assert second["y"].tolist() == [4, 6]
    assert isinstance(refused, Refusal)
    assert refused.code.name == "RESOURCE_EXHAUSTED"
    assert refused.http_status == 429
    assert waiting == 0
    assert after["y"].tolist() == [10]


def test_a_request_longer_than_the_queue_is_told_to_be_cut():
    async def run():
        await Batcher(Limits(waiting_rows=3))(Doubling(), rows(1, 2, 3, 4), 4)

    with pytest.raises(Refusal, match="at most 3 rows, received 4: send several"):
        asyncio.run(run())


def test_requests_wait_for_others_no_longer_than_they_may():
    function = Doubling()
    function.go.set()

    async def run():
        limits = Limits(threads=1, batch_rows=3, batch_wait_seconds=0.2)
        batcher = Batcher(limits)
        loop = asyncio.get_running_loop()
        started = loop.time()
        await asyncio.gather(*(batcher(function, rows(i), 1) for i in range(3)))
        full = loop.time() - started
        await batcher(function, rows(9), 1)
        return full, loop.time() - started - full

    full, alone = asyncio.run(run())
    assert function.sizes == [3, 1]
    assert full < 0.2 <= alone + 0.01


def test_a_sender_who_has_gone_is_not_computed_for():
    function = Doubling()

    async def run():
        batcher = Batcher(Limits(threads=1))
        first = asyncio.ensure_future(batcher(function, rows(1), 1))
        gone = asyncio.ensure_future(batcher(function, rows(2), 1))
        await asyncio.sleep(0.05)
        gone.cancel()
        await asyncio.sleep(0)
        function.go.set()
        await first
        await asyncio.sleep(0.05)
        return batcher.rows

    assert asyncio.run(run()) == 0
    assert function.sizes == [1]


def test_signatures_and_widths_are_not_mixed():
    function = Doubling()
    wide = {"x": np.ones((1, 2), "float32")}

    async def run():
        return await ask_many(Batcher(Limits(threads=1)), function, [rows(1), rows(2), wide])

    answers = asyncio.run(run())
    assert [answer["y"].shape for answer in answers] == [(1,), (1,), (1, 2)]
    assert function.sizes == [1, 1, 1]


def test_inputs_without_a_common_first_axis_are_computed_alone():
    def add(a, b):
        return {"sum": a + b}

    async def run():
        inputs = {"a": np.float32(1), "b": np.float32([1, 2])}
        return await Batcher(Limits())(add, inputs, None)

    assert asyncio.run(run())["sum"].tolist() == [2, 3]
