"""More clients than a server can answer, for minutes: what is answered, refused, or lost.

Clients draw one picture a request over REST, each on a connection that stays open, and ask again a
twentieth of a second after a refusal. The queue is short, so that most of the time it is full.
Then SIGTERM comes while all still ask: how each request ends, and how long the server takes.
Memory is that of the server's process. Clients run in this process and take their share.

    python -m benchmarks.serving_load --workdir=runs/demo
"""

import collections
import concurrent.futures
import http.client
import json
import os
import pathlib
import platform
import re
import signal
import threading
import time

import numpy as np
from absl import flags, logging

from anime_style_tf.terminal.tool import run_tool
from benchmarks.command import define_output, write_json
from benchmarks.served_calls import newest_bundle, percentiles, server

_OUTPUT = define_output("serving_load.json")
_WORKDIR = flags.DEFINE_string("workdir", None, "Folder of a run with the stage export.",
                               required=True)  # fmt: skip
_CLIENTS = flags.DEFINE_integer("clients", 64, "That ask at once.", lower_bound=1)
_SECONDS = flags.DEFINE_float("seconds", 120, "How long they ask before the signal.", lower_bound=1)
_QUEUE = flags.DEFINE_integer("max_enqueued_rows", 40, "That may wait.", lower_bound=1)

LOST = "no answer"
_PAUSE = 0.05  # seconds after a refusal
_LONGEST = 60  # seconds until an answer must be there
_WATCHED = 5  # seconds between two looks at the memory


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


def main():
    """Asks, stops the server, writes."""
    bundle, description = newest_bundle(_WORKDIR.value)
    sizes, chance = description["sizes"], np.random.default_rng(0)
    codes = {name: chance.standard_normal((1, sizes[key])).round(3).tolist()
             for name, key in (("style", "k_S"), ("content", "k_C"))}  # fmt: skip
    inputs = codes | {"seed": [0]}
    body = json.dumps({"signature_name": "generate_bytes", "inputs": inputs})
    ended, used, stopped = [], [], threading.Event()
    with (
        server(bundle, f"--max_enqueued_rows={_QUEUE.value}") as (process, rest, _),
        concurrent.futures.ThreadPoolExecutor(_CLIENTS.value) as pool,
    ):
        begun = time.monotonic()
        asking = [pool.submit(ask, rest, body, stopped, ended) for _ in range(_CLIENTS.value)]
        while time.monotonic() - begun < _SECONDS.value:
            used.append(memory(process.pid))
            logging.info("%d requests, %d MiB", len(ended), used[-1])
            time.sleep(min(_WATCHED, _SECONDS.value))
        signaled = time.monotonic()
        process.send_signal(signal.SIGTERM)
        exit_code = process.wait(_LONGEST)
        took = time.monotonic() - signaled
        stopped.set()
        for one in asking:
            one.result()
    found = summary(ended, begun, signaled)
    found |= {"memory_mib": used, "exit_code": exit_code, "seconds_to_stop": round(took, 3)}
    about = {"clients": _CLIENTS.value, "seconds": _SECONDS.value, "queue": _QUEUE.value}
    about["machine"] = {"cpus": os.cpu_count(), "platform": platform.platform()}
    write_json(_OUTPUT.value, {"settings": about, **found})
    print(json.dumps(found))


if __name__ == "__main__":
    logging.set_verbosity(logging.INFO)
    run_tool(main)
