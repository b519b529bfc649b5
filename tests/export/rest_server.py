"""Answers as TensorFlow Serving's REST interface does, by running a SavedModel.

Source: https://www.tensorflow.org/tfx/serving/api_rest, row format: inputs of one name are bare
values, answers of one name too; `{"b64": ...}` is bytes; a string output is encoded so where
its name ends in `_bytes`.
"""

import base64
import contextlib
import http.server
import json
import threading

import tensorflow as tf


@contextlib.contextmanager
def serving(path, name="portraits"):
    """Serves a SavedModel on a free port of this machine; yields the URL."""
    signatures = tf.saved_model.load(str(path)).signatures

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            if self.path == f"/v1/models/{name}/metadata":
                self.answer(200, _metadata(signatures))
            else:
                self.answer(404, {"error": f"Malformed request: GET {self.path}"})

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path != f"/v1/models/{name}:predict":
                self.answer(404, {"error": f"Servable not found for request: {self.path}"})
                return
            try:
                self.answer(200, {"predictions": _predict(signatures, json.loads(body))})
            except (tf.errors.OpError, KeyError, TypeError, ValueError) as error:
                self.answer(400, {"error": str(error)})

        def answer(self, status, value):
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(value).encode())

        def log_message(self, *arguments):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def _predict(signatures, request):
    signature = signatures[request.get("signature_name", "serving_default")]
    specs = signature.structured_input_signature[1]
    rows = request["instances"]
    if len(specs) == 1 and not (isinstance(rows[0], dict) and set(rows[0]) == set(specs)):
        rows = [{next(iter(specs)): row} for row in rows]
    inputs = {
        name: tf.constant([_decode(row[name]) for row in rows], spec.dtype)
        for name, spec in specs.items()
    }
    outputs = {name: _encode(name, value) for name, value in signature(**inputs).items()}
    if len(outputs) == 1:
        return next(iter(outputs.values()))
    return [dict(zip(outputs, row, strict=True)) for row in zip(*outputs.values(), strict=True)]


def _decode(value):
    is_bytes = isinstance(value, dict) and set(value) == {"b64"}
    return base64.b64decode(value["b64"]) if is_bytes else value


def _encode(name, tensor):
    values = tensor.numpy()
    if tensor.dtype != tf.string:
        return values.tolist()
    if not name.endswith("_bytes"):
        return [value.decode("utf-8") for value in values]
    return [{"b64": base64.b64encode(value).decode()} for value in values]


def _metadata(signatures):
    described = {
        name: {
            "inputs": {
                key: {"tensor_shape": {"dim": [{"size": str(size or -1)} for size in spec.shape]}}
                for key, spec in signature.structured_input_signature[1].items()
            }
        }
        for name, signature in signatures.items()
    }
    return {"metadata": {"signature_def": {"signature_def": described}}}
