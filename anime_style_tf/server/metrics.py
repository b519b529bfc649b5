"""What is counted, in Prometheus' form."""

import prometheus_client

_SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30)
_ROWS = (1, 2, 4, 8, 16, 32, 64, 128)


class Metrics:
    """Counters of one server.

    Attributes:
        batch_rows: histogram of rows computed together.
        waiting_rows: gauge of rows accepted and not answered.
    """

    def __init__(self):
        self._registry = prometheus_client.CollectorRegistry()
        labels = ("protocol", "signature", "code")
        self._requests = prometheus_client.Counter(
            "anime_style_requests", "Requests answered or refused.", labels,
            registry=self._registry,
        )  # fmt: skip
        self._seconds = prometheus_client.Histogram(
            "anime_style_request_seconds", "Time from a request's arrival to its answer.",
            labels[:2], buckets=_SECONDS, registry=self._registry,
        )  # fmt: skip
        self.batch_rows = prometheus_client.Histogram(
            "anime_style_batch_rows", "Rows computed together.", buckets=_ROWS,
            registry=self._registry,
        )  # fmt: skip
        self.waiting_rows = prometheus_client.Gauge(
            "anime_style_waiting_rows", "Rows accepted and not answered.",
            registry=self._registry,
        )  # fmt: skip

    def request(self, protocol, signature, code, seconds):
        """Counts a request."""
        self._requests.labels(protocol, signature, code).inc()
        self._seconds.labels(protocol, signature).observe(seconds)

    def text(self):
        """Returns `(bytes, content type)` for a scraper."""
        return prometheus_client.generate_latest(self._registry), (
            prometheus_client.CONTENT_TYPE_LATEST
        )
