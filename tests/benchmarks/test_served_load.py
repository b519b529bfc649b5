"""Requests sorted by the signal that stops a server, and clients against one that refuses."""

import http.server
import os
import threading

from benchmarks.served_load import LOST, ask, memory, summary


def test_requests_are_told_apart_by_when_the_signal_came():
    ended = [("200", 0.5, 1.0), ("429", 0.1, 1.5), ("200", 1.5, 3.0), ("503", 0.1, 3.5)]
    found = summary(ended, begun=0.5, signaled=2.5)
    assert found["before_the_signal"] == {"200": 1, "429": 1}
    assert found["met_by_the_signal"] == {"200": 1}
    assert found["after_the_signal"] == {"503": 1}
    assert found["answered"] == {
        "requests": 1, "p50_ms": 500, "p95_ms": 500, "p99_ms": 500, "pictures_per_second": 0.5
    }  # fmt: skip
    assert found["longest_seconds"] == 1.5


def test_a_client_asks_on_whatever_it_is_answered():
    statuses, ended, stopped = [200, 429, None, 200], [], threading.Event()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            status = statuses.pop(0) if statuses else stopped.set() or 503
            if status is None:
                self.connection.close()
                return
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *what):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        ask(server.server_port, "{}", stopped, ended)
        server.shutdown()
    assert [status for status, *_ in ended] == ["200", "429", LOST, "200", "503"]
    assert all(0 <= seconds < 60 for _, seconds, _ in ended)


def test_memory_is_that_of_the_process():
    assert 10 < memory(os.getpid()) < 100_000
