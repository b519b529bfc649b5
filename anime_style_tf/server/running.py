"""A server from its start to its end: both protocols, and the look for new versions."""

import asyncio
import contextlib
import socket

import uvicorn
from absl import logging
from uvicorn.protocols.http.h11_impl import H11Protocol

from anime_style_tf.errors import InputError
from anime_style_tf.server.limits import Limits
from anime_style_tf.server.metrics import Metrics
from anime_style_tf.server.models import Models
from anime_style_tf.server.predictor import Predictor
from anime_style_tf.server.rest import application
from anime_style_tf.server.rpc import rpc_server, show_health

_GRACE_SECONDS = 10


class Server:
    """Serves models until it is told to stop.

    Args:
        read_config: see `Models`.
        host: to listen at; of another than this machine's own address, all may ask.
        rest_port: 0 takes a free one.
        grpc_port: 0 takes a free one, None serves no gRPC.
        limits: `Limits`.
        token: what requests must bring, see `application`; None: nothing.
        origins: of other pages that may ask.
        poll_seconds: between two looks for new versions.

    Attributes:
        rest_port, grpc_port: those that it listens at, once it is there.
    """

    def __init__(
        self, read_config, *, host="127.0.0.1", rest_port=8501, grpc_port=8500, limits=None,
        token=None, origins=(), poll_seconds=1.0,
    ):  # fmt: skip
        self._models = Models(read_config)
        self._limits = limits or Limits()
        self._host, self._token, self._origins = host, token, origins
        self._poll_seconds = poll_seconds
        self._http = None
        self.rest_port, self.grpc_port = rest_port, grpc_port

    async def run(self, started=lambda: None):
        """Serves.

        Args:
            started: called without arguments when all models answer.

        Raises:
            InputError: a port is taken, or no model can be loaded.
        """
        predictor = Predictor(self._models, self._limits, Metrics())
        listening = self._listen()
        self.rest_port = listening.getsockname()[1]
        async with contextlib.AsyncExitStack() as stack:
            stack.callback(predictor.close)
            stack.callback(listening.close)
            state = None
            if self.grpc_port is not None:
                rpc, self.grpc_port, state = rpc_server(
                    predictor, host=self._host, port=self.grpc_port, token=self._token
                )
                await show_health(state, False)
                await rpc.start()
                stack.push_async_callback(rpc.stop, _GRACE_SECONDS)
                stack.push_async_callback(state.enter_graceful_shutdown)
            await self._models.refresh()
            if not self._models.ready:
                raise InputError(f"nothing to serve: {self._why_not()}")
            polling = asyncio.create_task(self._poll(state))
            stack.callback(polling.cancel)
            app = application(predictor, token=self._token, origins=self._origins)
            self._http = _Http(self._http_config(app))
            started()
            await self._http.serve(sockets=[listening])

    def stop(self):
        """Refuses new requests, lets those that run end; may be called from any thread."""
        if self._http is not None:
            self._http.should_exit = True

    def _listen(self):
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        try:
            made = socket.create_server((self._host, self.rest_port), family=family, backlog=512)
            # An answer goes out as head and body; without this the body waits 40 ms for an
            # acknowledgment. asyncio sets it only on sockets whose protocol is named.
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return made
        except OSError as error:
            raise InputError(
                f"--rest_api_port: cannot listen at {self._host}:{self.rest_port} "
                f"({error.strerror}): give another, 0 takes a free one"
            ) from error

    def _http_config(self, app):
        class Protocol(_HeadInTime):
            seconds = self._limits.body_seconds

        return uvicorn.Config(
            app,
            http=Protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="error",
            access_log=False,
            server_header=False,
            limit_concurrency=self._limits.connections,
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )

    async def _poll(self, state):
        while True:
            if state is not None:
                await show_health(state, self._models.ready)
            await asyncio.sleep(self._poll_seconds)
            try:
                await self._models.refresh()
            except OSError as error:  # a disk that is away for a moment; what is loaded is served
                logging.error("cannot look for new versions: %s", error)

    def _why_not(self):
        for name in self._models.names:
            with contextlib.suppress(Exception):
                for status in self._models.status(name).model_version_status:
                    if status.status.error_message:
                        return f"{name} version {status.version}: {status.status.error_message}"
        return "no version of some model is there"


class _Http(uvicorn.Server):
    def handle_exit(self, sig, frame):
        """Stops in order at the first signal, at once at the second; neither is raised again."""
        self.force_exit = self.should_exit
        self.should_exit = True


class _HeadInTime(H11Protocol):
    """Closes a connection whose first request's head does not come: uvicorn waits forever."""

    def connection_made(self, transport):
        super().connection_made(transport)
        self.loop.call_later(self.seconds, self._close_if_silent)

    def _close_if_silent(self):
        if self.cycle is None and not self.transport.is_closing():
            self.transport.close()
