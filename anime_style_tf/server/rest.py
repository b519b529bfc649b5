"""What is answered over HTTP: TensorFlow Serving's REST interface, and the page beside it.

Source: https://www.tensorflow.org/tfx/serving/api_rest
"""

import asyncio
import hmac
import json
import pathlib
import re

from google.protobuf.json_format import MessageToDict
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from anime_style_tf import __version__
from anime_style_tf.server import open_inference
from anime_style_tf.server.limits import read_body
from anime_style_tf.server.refusals import Refusal
from anime_style_tf.server.tensors import answer_of, inputs_of, parse_request

EXPLORER_DATA = "assets.extra/explorer"
_PAGE = pathlib.Path(__file__).parents[1] / "explorer" / "page"
_PREDICTION = re.compile(
    r"/v1/models/([^/:]+)(?:/versions/(\d+)|/labels/([^/:]+))?:(predict|classify|regress)"
)
_OPEN_INFERENCE = re.compile(r"/v2/models/([^/]+)(?:/versions/(\d+))?(/ready|/infer)?")
_STATUS = re.compile(r"/v1/models/([^/:]+)(?:/versions/(\d+)|/labels/([^/:]+))?(/metadata)?")


def application(predictor, *, token=None, origins=()):
    """Returns the ASGI application.

    Args:
        predictor: `Predictor`.
        token: what `Authorization: Bearer` must bring for all but the page itself; None: nothing.
        origins: of other pages that may ask, as in `https://example.org`; empty: none.
    """
    rest = _Rest(predictor)
    routes = [
        Route("/healthz", rest.health),
        Route("/v1/{rest:path}", rest.v1, methods=["GET", "POST"]),
        Route("/v2{rest:path}", rest.v2, methods=["GET", "POST"]),
        Route("/monitoring/prometheus/metrics", rest.metrics),
        Route("/explorer-data/{path:path}", rest.explorer_data),
    ]
    if _PAGE.is_dir():
        routes.append(Mount("/", StaticFiles(directory=_PAGE, html=True)))
    middleware = []
    if origins:
        headers = ["authorization", "content-type"]
        middleware.append(
            Middleware(CORSMiddleware, allow_origins=list(origins), allow_headers=headers,
                       allow_methods=["GET", "POST"])
        )  # fmt: skip
    if token is not None:
        middleware.append(Middleware(_Bearer, token=token))
    handlers = {Refusal: _refused, HTTPException: _not_there}
    return Starlette(routes=routes, middleware=middleware, exception_handlers=handlers)


class _Rest:
    def __init__(self, predictor):
        self._predictor, self._models = predictor, predictor.models

    async def v1(self, request):
        path = request.url.path
        if request.method == "POST" and (asked := _PREDICTION.fullmatch(path)):
            name, number, label, method = asked.groups()
            version = self._models.find(name, number=_number(number), label=label)
            if method != "predict":
                raise Refusal(
                    "INVALID_ARGUMENT",
                    f"Expected {method} signature method_name to be tensorflow/serving/{method}; "
                    "the signatures of this model answer :predict",
                )
            return await self._predict(version, await read_body(request, self._predictor.limits))
        if request.method == "GET" and (asked := _STATUS.fullmatch(path)):
            name, number, label, metadata = asked.groups()
            if metadata:
                version = self._models.find(name, number=_number(number), label=label)
                return _json(_metadata(name, version))
            status = self._models.status(name, number=_number(number), label=label)
            return _json(_as_json(status))
        raise Refusal("INVALID_ARGUMENT", f"Malformed request: {request.method} {path}")

    async def _predict(self, version, body):
        # Megabytes of JSON are read and written beside the loop, which others wait for.
        request = await asyncio.to_thread(parse_request, body)
        name, signature, _ = version.signature(request.get("signature_name"))
        inputs = await asyncio.to_thread(inputs_of, request, signature.inputs)
        outputs = await self._predictor(version, name, inputs, protocol="rest")
        in_rows = "instances" in request
        return _json(await asyncio.to_thread(answer_of, outputs, in_rows=in_rows))

    async def v2(self, request):
        path = request.url.path
        if request.method == "GET" and path == "/v2":
            return _json({"name": "anime_style_tf", "version": __version__, "extensions": []})
        if request.method == "GET" and path in ("/v2/health/live", "/v2/health/ready"):
            ready = path.endswith("live") or self._models.ready
            return _json({path.rpartition("/")[2]: ready}, 200 if ready else 503)
        asked = _OPEN_INFERENCE.fullmatch(path)
        if not asked or (request.method == "POST") != (asked[3] == "/infer"):
            raise HTTPException(404)
        name, number, what = asked.groups()
        version = self._models.find(name, number=_number(number))
        if what != "/infer":
            ready = {"name": name, "ready": True}
            return _json(ready if what else open_inference.model_metadata(name, version))
        body = await read_body(request, self._predictor.limits)
        read = await asyncio.to_thread(open_inference.read_inference, body, version)
        wanted, signature_name, inputs = read
        outputs = await self._predictor(version, signature_name, inputs, protocol="v2")
        answer = open_inference.inference_answer
        return _json(await asyncio.to_thread(answer, wanted, name, version, outputs))

    async def health(self, request):
        ready = self._models.ready
        return Response("ok\n" if ready else "no version is served\n", 200 if ready else 503)

    async def metrics(self, request):
        text, kind = self._predictor.metrics.text()
        return Response(text, media_type=kind)

    async def explorer_data(self, request):
        version = self._models.find(self._models.names[0])
        folder = version.path / EXPLORER_DATA
        if not folder.is_dir():
            raise HTTPException(404)
        path = request.path_params["path"]
        return await StaticFiles(directory=folder).get_response(path, request.scope)


class _Bearer:
    """Lets only those in who bring the token."""

    def __init__(self, app, token):
        self._app, self._expected = app, f"Bearer {token}".encode()

    async def __call__(self, scope, receive, send):
        path = scope.get("path", "")
        protected = path.startswith(("/v1/", "/v2", "/monitoring/", "/explorer-data/"))
        given = dict(scope.get("headers", ())).get(b"authorization", b"")
        if not protected or hmac.compare_digest(given, self._expected):
            await self._app(scope, receive, send)
            return
        message = "expected the header Authorization: Bearer TOKEN, received another"
        refused = _json({"error": message}, 401)
        refused.headers["WWW-Authenticate"] = "Bearer"
        await refused(scope, receive, send)


async def _refused(request, refusal):
    response = _json({"error": str(refusal)}, refusal.http_status)
    if refusal.http_status == 429:
        response.headers["Retry-After"] = "1"
    if refusal.http_status in (408, 413):  # the rest of the body is not waited for
        response.headers["Connection"] = "close"
    return response


async def _not_there(request, error):
    message = f"{error.detail}: {request.method} {request.url.path}"
    return _json({"error": message}, error.status_code)


def _number(text):
    if text is None:
        return None
    if int(text) >= 2**63:
        raise Refusal("INVALID_ARGUMENT", f"Failed to convert version: {text} to numeric.")
    return int(text)


def _json(value, status=200):
    text = value if isinstance(value, str) else json.dumps(value)
    return Response(text, status, media_type="application/json")


def _as_json(message):
    return MessageToDict(
        message, preserving_proto_field_name=True, always_print_fields_with_no_presence=True
    )


def _metadata(name, version):
    signatures = {key: _as_json(value) for key, value in version.signature_defs.items()}
    return {
        "model_spec": {"name": name, "signature_name": "", "version": str(version.number)},
        "metadata": {"signature_def": {"signature_def": signatures}},
    }
