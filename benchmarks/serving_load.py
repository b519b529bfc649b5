"""More clients than a server can answer, for minutes: what is answered, refused, or lost.

Clients draw one picture a request over REST, each on a connection that stays open, and ask again a
twentieth of a second after a refusal. The queue is short, so that most of the time it is full.
Then SIGTERM comes while all still ask: how each request ends, and how long the server takes.
Memory is that of the server's process. Clients run in this process and take their share.

    python -m benchmarks.serving_load --workdir=runs/demo
"""

import concurrent.futures
import json
import os
import platform
import signal
import threading
import time

import numpy as np
from absl import flags, logging

from anime_style_tf.terminal.tool import run_tool
from benchmarks.command import define_output, write_json
from benchmarks.served_calls import newest_bundle, server
from benchmarks.served_load import ask, memory, summary

_OUTPUT = define_output("serving_load.json")
_WORKDIR = flags.DEFINE_string("workdir", None, "Folder of a run with the stage export.",
                               required=True)  # fmt: skip
_CLIENTS = flags.DEFINE_integer("clients", 64, "That ask at once.", lower_bound=1)
_SECONDS = flags.DEFINE_float("seconds", 120, "How long they ask before the signal.", lower_bound=1)
_QUEUE = flags.DEFINE_integer("max_enqueued_rows", 40, "That may wait.", lower_bound=1)

_LONGEST = 60  # seconds until the server must have stopped
_WATCHED = 5  # seconds between two looks at the memory


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
