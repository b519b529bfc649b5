"""Serves exported models: `anime-style serve --workdir=DIR`.

REST and gRPC as TensorFlow Serving has them, and a page to explore the style space. In place of a
run: `--pretrained`, `--model_base_path=FOLDER` or TensorFlow Serving's `--model_config_file=FILE`.
"""

import asyncio
import importlib.util
import os
import pathlib
import sys
import webbrowser

from absl import flags

from anime_style_tf.errors import InputError
from anime_style_tf.terminal.startup import load_tensorflow, log_own_lines
from anime_style_tf.terminal.tool import there

_NEEDED = ("starlette", "uvicorn", "grpc_health", "prometheus_client", "tensorflow_serving")

_WORKDIR = flags.DEFINE_string("workdir", None, "Folder of a run with the stage export.")
_PRETRAINED = flags.DEFINE_bool("pretrained", False, "Serve the model that comes with the package.")
_BASE_PATH = flags.DEFINE_string("model_base_path", None, "Folder of a model's versions.")
_CONFIG_FILE = flags.DEFINE_string("model_config_file", None, "TensorFlow Serving's models.config.")
_NAME = flags.DEFINE_string("model_name", "portraits", "Name that the model is served under.")
_HOST = flags.DEFINE_string("host", "127.0.0.1", "Address to listen at; 0.0.0.0: all may ask.")
_REST_PORT = flags.DEFINE_integer("rest_api_port", 8501, "Port of REST; 0 takes a free one.",
                                  lower_bound=0, upper_bound=65535)  # fmt: skip
_GRPC_PORT = flags.DEFINE_integer("port", 8500, "Port of gRPC; 0 takes a free one, -1 none.",
                                  lower_bound=-1, upper_bound=65535)  # fmt: skip
_TOKEN_FILE = flags.DEFINE_string("token_file", None, "File with a token that requests must "
                                  "bring: Authorization: Bearer TOKEN.")  # fmt: skip
_ORIGINS = flags.DEFINE_list("allowed_origins", [], "Other pages that may ask, such as "
                             "https://example.org.")  # fmt: skip
_BATCH = flags.DEFINE_integer("max_batch_size", 32, "Rows computed together.", lower_bound=1)
_WAIT = flags.DEFINE_float("batch_timeout_ms", 0, "How long a request waits for others to be "
                           "computed with.", lower_bound=0)  # fmt: skip
_QUEUE = flags.DEFINE_integer("max_enqueued_rows", 512, "Rows that may wait; more are refused.",
                              lower_bound=1)  # fmt: skip
_THREADS = flags.DEFINE_integer("num_batch_threads", min(2, os.cpu_count()), "Batches computed "
                                "at once.", lower_bound=1)  # fmt: skip
_TIMEOUT = flags.DEFINE_float("timeout_seconds", 30, "Until a request must be answered.",
                              lower_bound=0.001)  # fmt: skip
_BODY = flags.DEFINE_float("max_request_mib", 32, "Size of a request.", lower_bound=0.001)
_PIXELS = flags.DEFINE_integer("max_pixels", 16_000_000, "Pixels of one picture.", lower_bound=1)
_POLL = flags.DEFINE_float("poll_seconds", 1, "Between two looks for new versions.",
                           lower_bound=0.1)  # fmt: skip
_OPEN = flags.DEFINE_bool("open", False, "Open the page in the browser.")


def main():
    """Serves until Ctrl-C or SIGTERM."""
    _check_installed()
    _check_one_is_chosen()
    token = _token()
    for flag in (_WORKDIR, _BASE_PATH, _CONFIG_FILE):
        there(flag)
    load_tensorflow()
    log_own_lines()
    from anime_style_tf.server.limits import Limits
    from anime_style_tf.server.models import config_file, one_model
    from anime_style_tf.server.running import Server

    if _CONFIG_FILE.value is not None:
        read_config = config_file(_CONFIG_FILE.value)
    else:
        read_config = one_model(_NAME.value, _base_path())
    server = Server(
        read_config,
        host=_HOST.value,
        rest_port=_REST_PORT.value,
        grpc_port=None if _GRPC_PORT.value < 0 else _GRPC_PORT.value,
        limits=Limits(
            batch_rows=_BATCH.value,
            batch_wait_seconds=_WAIT.value / 1000,
            waiting_rows=_QUEUE.value,
            request_seconds=_TIMEOUT.value,
            body_bytes=int(_BODY.value * 2**20),
            pixels=_PIXELS.value,
            threads=_THREADS.value,
        ),
        token=token,
        origins=_ORIGINS.value,
        poll_seconds=_POLL.value,
    )
    asyncio.run(server.run(lambda: _started(server)))
    return 0


def _check_installed():
    if missing := [name for name in _NEEDED if importlib.util.find_spec(name) is None]:
        raise InputError(
            f"serving needs {', '.join(missing)}, not installed here: pip install "
            "'anime_style_tf[serve]', in a checkout .venv/bin/pip install -e '.[serve]'"
        )


def _check_one_is_chosen():
    given = {
        "--workdir": _WORKDIR.value,
        "--pretrained": _PRETRAINED.value or None,
        "--model_base_path": _BASE_PATH.value,
        "--model_config_file": _CONFIG_FILE.value,
    }
    chosen = [name for name, value in given.items() if value is not None]
    if len(chosen) != 1:
        raise InputError(
            f"expected one of {', '.join(given)}, received {' and '.join(chosen) or 'none'}: give "
            "for instance --workdir=runs/demo"
        )


def _base_path():
    """Returns the folder of the model to serve."""
    from anime_style_tf.library.bundled_networks import PRETRAINED

    if _WORKDIR.value is not None:
        return pathlib.Path(_WORKDIR.value) / "export" / "portraits"
    if _PRETRAINED.value and not PRETRAINED.is_dir():
        raise InputError("--pretrained: no model came with this package: give --workdir=RUN of "
                         "your own")  # fmt: skip
    return PRETRAINED if _PRETRAINED.value else _BASE_PATH.value


def _token():
    if _TOKEN_FILE.value is None:
        return None
    token = pathlib.Path(_TOKEN_FILE.value).read_text(encoding="utf-8", errors="replace").strip()
    if not token.isascii() or not token.isprintable() or len(token) < 16:
        raise InputError(
            f"--token_file: expected 16 or more letters of ASCII in {_TOKEN_FILE.value}, received "
            f"{len(token)}: make one with python -c 'import secrets; print(secrets.token_hex())'"
        )
    return token


def _started(server):
    host = _HOST.value if _HOST.value not in ("0.0.0.0", "::") else "127.0.0.1"
    url = f"http://{f'[{host}]' if ':' in host else host}:{server.rest_port}/"
    sys.stdout.write(f"REST: {url}v1/models/{_NAME.value}\n")
    if server.grpc_port is not None:
        sys.stdout.write(f"gRPC: {host}:{server.grpc_port}\n")
    sys.stdout.write(f"page: {url}\nstop with Ctrl-C\n")
    sys.stdout.flush()
    if _OPEN.value:
        webbrowser.open(url)
