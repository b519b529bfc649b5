"""Clients that ask a server on and on, whatever they are answered, and what came of it."""

import collections
import http.client
import pathlib
import re
import time

from benchmarks.served_calls import percentiles

LOST = "no answer"
_PAUSE = 0.05  # seconds after a refusal
_LONGEST = 60  # seconds until an answer must be there


def ask(port, body, stopped, ended):
    """Asks again and again; adds `(status, seconds, when)` of each request to `ended`.

    Args:
        port: of REST.
        body: of each request.
        stopped: `threading.Event`.
        ended: list.
    """
    connection = None
    while not stopped.is_set():
        started = time.monotonic()
        try:
            connection = connection or http.client.HTTPConnection(
                "127.0.0.1", port, timeout=_LONGEST
            )
            connection.request("POST", "/v1/models/portraits:predict", body)
            answer = connection.getresponse()
            answer.read()
            status = str(answer.status)
        except (OSError, http.client.HTTPException):
            status, connection = LOST, None
        now = time.monotonic()
        ended.append((status, now - started, now))
        if status != "200":
            stopped.wait(_PAUSE)


def memory(pid):
    """Resident memory of a process, MiB."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) // 1024


def summary(ended, begun, signaled):
    """What is reported of requests: those that ended before the signal, those it met, later ones.

    Args:
        ended: list of `(status, seconds, when)`.
        begun: when the first was sent, seconds of the same clock.
        signaled: when the signal came.
    """
    before = [one for one in ended if one[2] < signaled]
    met = [one for one in ended if one[2] >= signaled > one[2] - one[1]]
    later = [one for one in ended if one[2] - one[1] >= signaled]
    answered = [seconds for status, seconds, _ in before if status == "200"]
    return {
        "before_the_signal": dict(collections.Counter(status for status, *_ in before)),
        "answered": percentiles(answered, len(answered), signaled - begun),
        "met_by_the_signal": dict(collections.Counter(status for status, *_ in met)),
        "after_the_signal": dict(collections.Counter(status for status, *_ in later)),
        "longest_seconds": round(max(seconds for _, seconds, _ in ended), 3),
    }
