"""A server of the page, with functions in place of a model, that speaks as TensorFlow Serving."""

import base64
import contextlib
import http.server
import json
import pathlib
import threading

import anime_style_tf.explorer

PAGE = pathlib.Path(anime_style_tf.explorer.__file__).parent / "page"
_TYPES = {
    ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css",
    ".json": "application/json", ".webp": "image/webp", ".LICENSE": "text/plain",
}  # fmt: skip


def _decoded(value):
    """Values of a request with `{"b64": ...}` as bytes."""
    if isinstance(value, dict):
        return base64.b64decode(value["b64"])
    return [_decoded(each) for each in value] if isinstance(value, list) else value


def _encoded(value):
    if isinstance(value, bytes):
        return {"b64": base64.b64encode(value).decode()}
    return [_encoded(each) for each in value] if isinstance(value, list) else value


@contextlib.contextmanager
def serving(answers, signature_def, data):
    """Serves the page, its data and a model.

    Args:
        answers: `{signature: function of the inputs by name to outputs by name}`, lists and bytes.
        signature_def: as the metadata of TensorFlow Serving have it.
        data: folder that is given under `/explorer-data/`.

    Yields:
        The address, without a slash at its end.
    """

    class Handler(http.server.BaseHTTPRequestHandler):
        def _give(self, status, body, kind="application/json"):
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self):
            path = self.path.split("?")[0]
            if path == "/v1/models/portraits/metadata":
                metadata = {"signature_def": {"signature_def": signature_def}}
                self._give(200, json.dumps({"metadata": metadata}).encode())
                return
            folder, name = PAGE, path.lstrip("/") or "index.html"
            if name.startswith("explorer-data/"):
                folder, name = pathlib.Path(data), name.removeprefix("explorer-data/")
            file = folder / name
            if file.is_file() and ".." not in name:
                self._give(200, file.read_bytes(), _TYPES[file.suffix])
            else:
                self._give(404, b"{}")

        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            inputs = {name: _decoded(value) for name, value in body["inputs"].items()}
            try:
                outputs = answers[body["signature_name"]](**inputs)
            except ValueError as error:
                self._give(400, json.dumps({"error": str(error)}).encode())
                return
            values = {name: _encoded(value) for name, value in outputs.items()}
            values = next(iter(values.values())) if len(values) == 1 else values
            self._give(200, json.dumps({"outputs": values}).encode())

        def log_message(self, *words):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
