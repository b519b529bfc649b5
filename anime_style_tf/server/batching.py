"""Requests that wait for the same signature, computed together.

All of it runs on the event loop but for the computing, so nothing here needs a lock.
"""

import asyncio
import collections
import concurrent.futures
import dataclasses

import numpy as np
import tensorflow as tf

from anime_style_tf.server.refusals import Refusal


@dataclasses.dataclass(eq=False)
class _Waiting:
    inputs: dict
    rows: int
    future: asyncio.Future
    since: float


class Batcher:
    """Runs functions on requests, several at once where they wait for the same one.

    Args:
        limits: `Limits`.
        on_batch: called with the number of rows of each batch.
    """

    def __init__(self, limits, *, on_batch=lambda rows: None):
        self._limits, self._on_batch = limits, on_batch
        self._queues = collections.OrderedDict()  # the function that has waited longest first
        self._free = limits.threads
        self._pool = concurrent.futures.ThreadPoolExecutor(limits.threads, "batch")
        self.rows = 0  # accepted and not answered

    async def __call__(self, function, inputs, rows):
        """Runs a function.

        Args:
            function: takes tensors by name, returns a dictionary of tensors; hashable. Where
                `rows` is given, row i of what it returns depends on row i of what it takes.
            inputs: `{name: array}`.
            rows: length of the first axis of all of them; None where they have no common one,
                and are computed alone.

        Returns:
            `{name: array}`.

        Raises:
            Refusal: too much is waiting.
            tf.errors.OpError: the function failed on this request, whatever the others were.
        """
        size = rows or 1
        if self.rows + size > self._limits.waiting_rows:
            raise Refusal(
                "RESOURCE_EXHAUSTED",
                f"{self.rows} rows are waiting, and {size} more than the "
                f"{self._limits.waiting_rows} that may wait: try again in a moment"
                if size <= self._limits.waiting_rows
                else f"a request has at most {self._limits.waiting_rows} rows, received {size}: "
                "send several",
            )
        self.rows += size
        try:
            if rows is None:
                return await self._submit((function, object()), inputs, 1)
            step = self._limits.batch_rows
            parts = [
                {name: array[first : first + step] for name, array in inputs.items()}
                for first in range(0, max(rows, 1), step)
            ]
            shapes = tuple((name, array.shape[1:]) for name, array in sorted(inputs.items()))
            answers = await asyncio.gather(
                *(
                    self._submit((function, shapes), part, len(next(iter(part.values()))))
                    for part in parts
                )
            )
            return _joined(answers)
        finally:
            self.rows -= size

    def close(self):
        """Lets what is being computed end, and computes nothing more."""
        self._pool.shutdown(cancel_futures=True)

    def _submit(self, key, inputs, rows):
        loop = asyncio.get_running_loop()
        waiting = _Waiting(inputs, rows, loop.create_future(), loop.time())
        self._queues.setdefault(key, collections.deque()).append(waiting)
        self._start_due()
        return waiting.future

    def _start_due(self):
        loop = asyncio.get_running_loop()
        for key in list(self._queues):
            if not self._free:
                return
            queue = self._queues[key]
            wait = queue[0].since + self._limits.batch_wait_seconds - loop.time()
            if wait > 0 and sum(one.rows for one in queue) < self._limits.batch_rows:
                loop.call_later(wait, self._start_due)
                continue
            batch = self._taken(key)
            if batch:
                self._free -= 1
                task = loop.create_task(self._run(key[0], batch))
                task.add_done_callback(self._ended)

    def _taken(self, key):
        """Takes as many requests from the front of a queue as fit into one batch."""
        queue, batch, rows = self._queues.pop(key), [], 0
        while queue and (not batch or rows + queue[0].rows <= self._limits.batch_rows):
            one = queue.popleft()
            if not one.future.done():  # its sender has gone, or has waited too long
                batch.append(one)
                rows += one.rows
        if queue:
            self._queues[key] = queue  # behind those that wait for other functions
        return batch

    def _ended(self, _):
        self._free += 1
        self._start_due()

    async def _run(self, function, batch):
        loop = asyncio.get_running_loop()
        try:
            parts = [one.inputs for one in batch]
            answers = await loop.run_in_executor(
                self._pool, _compute, function, parts, [one.rows for one in batch]
            )
        except Exception as error:
            if len(batch) == 1:
                _give(batch[0].future.set_exception, batch[0], error)
            else:  # one bad request must not fail the others
                for one in batch:
                    await self._run(function, [one])
            return
        self._on_batch(sum(one.rows for one in batch))
        for one, answer in zip(batch, answers, strict=True):
            _give(one.future.set_result, one, answer)


def _give(put, waiting, value):
    if not waiting.future.done():
        put(value)


def _compute(function, parts, rows):
    """Runs a function on several requests; returns the answer of each."""
    joined = {
        name: parts[0][name] if len(parts) == 1 else np.concatenate([part[name] for part in parts])
        for name in parts[0]
    }
    answered = function(**{name: _tensor(array) for name, array in joined.items()})
    outputs = {name: np.asarray(tensor.numpy()) for name, tensor in answered.items()}
    if len(parts) == 1:
        return [outputs]
    if any(array.shape[:1] != (sum(rows),) for array in outputs.values()):
        raise ValueError("an output has no row for each row of the inputs")
    ends = np.cumsum(rows)[:-1]
    split = {name: np.split(array, ends) for name, array in outputs.items()}
    return [{name: split[name][i] for name in split} for i in range(len(parts))]


def _tensor(array):
    return tf.constant(array, tf.string if array.dtype == object else None)


def _joined(answers):
    if len(answers) == 1:
        return answers[0]
    return {name: np.concatenate([each[name] for each in answers]) for name in answers[0]}
