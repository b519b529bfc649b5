"""Asks a served bundle over REST, without TensorFlow.

    python export/client.py generate --artist Ann --model_json MODEL.json --count 8 --output DIR
    python export/client.py generate --style 0.1,-1,... --content 0,0.5,... --output DIR
    python export/client.py transfer --content_file a.png --style_file b.png --output DIR
    python export/client.py encode a.png b.jpg

`generate` and `transfer` write PNG files and print their names, `encode` prints JSON lines with
the codes. Errors are one line on standard error, and exit code 2.
"""

import argparse
import base64
import contextlib
import http.client
import json
import pathlib
import sys
import unicodedata
import urllib.error
import urllib.request

import numpy as np


class RequestError(Exception):
    """The request cannot be made or was refused; the message is one line."""


class Client:
    """A TensorFlow Serving REST endpoint.

    Args:
        server: base URL, such as `http://127.0.0.1:8501`.
        model: name it is served under.
        timeout_seconds: for one request.
    """

    def __init__(self, server="http://127.0.0.1:8501", *, model="portraits", timeout_seconds=60):
        """Opens nothing yet."""
        self.url = f"{server.rstrip('/')}/v1/models/{model}"
        self.timeout_seconds = timeout_seconds

    def sizes(self):
        """Returns `{"k_S", "k_C"}`, the code sizes that the server declares."""
        answer = self._ask("/metadata")
        with self._reading(answer):
            signatures = answer["metadata"]["signature_def"]["signature_def"]
            inputs = signatures["generate"]["inputs"]
            sizes = {"k_S": inputs["style"], "k_C": inputs["content"]}
            return {k: int(each["tensor_shape"]["dim"][1]["size"]) for k, each in sizes.items()}

    def generate(self, style, content, seeds):
        """Draws images: a list of PNG files, `bytes`.

        Args:
            style: `[batch, k_S]`.
            content: `[batch, k_C]`.
            seeds: `[batch]` whole numbers.
        """
        codes = (np.asarray(each, float).tolist() for each in (style, content))
        instances = [
            {"style": row, "content": what, "seed": int(seed)}
            for row, what, seed in zip(*codes, seeds, strict=True)
        ]
        return self._predict("generate_bytes", instances, _unwrap)

    def transfer(self, content_files, style_files):
        """Draws each content file's content in its style file's style: PNG files, `bytes`.

        Args:
            content_files: list of encoded images, `bytes`.
            style_files: the same number.
        """
        instances = [
            {"content_files": _wrap(content), "style_files": _wrap(style)}
            for content, style in zip(content_files, style_files, strict=True)
        ]
        return self._predict("transfer_bytes", instances, _unwrap)

    def encode(self, files):
        """Encodes images.

        Args:
            files: list of encoded images, `bytes`.

        Returns:
            Style codes `[batch, k_S]` and content codes `[batch, k_C]`, float32.
        """
        instances = [_wrap(file) for file in files]
        return tuple(
            np.stack(self._predict(f"encode_{kind}_bytes", instances, _as_code))
            for kind in ("style", "content")
        )

    def _predict(self, signature, instances, read):
        """Asks, and reads each of as many answers by a function."""
        request = {"signature_name": signature, "instances": instances}
        answer = self._ask(":predict", json.dumps(request).encode())
        with self._reading(answer):
            pairs = zip(instances, answer["predictions"], strict=True)
            return [read(each) for _, each in pairs]

    @contextlib.contextmanager
    def _reading(self, answer):
        try:
            yield
        except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
            raise RequestError(
                f"{self.url} answered what an exported bundle does not: expected its signatures, "
                f"received {json.dumps(answer)[:80]}; is it the right --server and --model?"
            ) from error

    def _ask(self, path, body=None):
        headers = {"Content-Type": "application/json"}
        url = self.url + path
        try:
            request = urllib.request.Request(url, data=body, headers=headers)
            with urllib.request.urlopen(request, timeout=self.timeout_seconds) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise RequestError(f"{url} answered {_refusal(error)}") from error
        except (OSError, ValueError, http.client.HTTPException) as error:
            why = str(error) or type(error).__name__
            raise RequestError(
                f"no usable answer from {url}: {why}; is the server running there?"
            ) from error


def _wrap(file):
    return {"b64": base64.b64encode(file).decode()}


def _unwrap(answer):
    return base64.b64decode(answer["b64"], validate=True)


def _as_code(answer):
    code = np.asarray(answer, "float32")
    if code.ndim != 1 or not code.size or not np.isfinite(code).all():
        raise ValueError("no code")
    return code


def _refusal(error):
    """Returns the status and TensorFlow Serving's own message."""
    try:
        message = json.load(error)["error"]
    except (OSError, ValueError, KeyError, TypeError, http.client.HTTPException):
        message = error.reason
    return f"{error.code}: {' '.join(str(message).split())}"


def _read(path):
    try:
        return pathlib.Path(path).read_bytes()
    except OSError as error:
        raise RequestError(f"cannot read {path}: {error.strerror}") from error


def _code(text, name):
    """Reads a code: comma-separated numbers, or a JSON file with a list."""
    try:
        if text.endswith(".json"):
            return _as_code(json.loads(_read(text)))
        return _as_code([float(value) for value in text.split(",")])
    except (TypeError, ValueError) as error:
        raise RequestError(
            f"{name} is {text!r}; expected numbers separated by commas, or a .json file with a list"
        ) from error


def _artist_style(options):
    path = options.model_json
    if path is None:
        raise RequestError("--artist needs --model_json, the model.json beside the SavedModel")
    try:
        artists = json.loads(_read(path))["artists"]
        artists = {name: _as_code(code) for name, code in artists.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RequestError(f"{path} is not the model.json of an exported model") from error
    artist = unicodedata.normalize("NFC", options.artist)  # as records write names
    if artist not in artists:
        raise RequestError(f"no artist {artist!r} in {path}; it has {', '.join(artists)}")
    return artists[artist]


def _contents(client, options):
    """The one given, or random ones: as `contents.json` has those of works, else of N(0, I)."""
    if options.content is not None:
        return np.tile(_code(options.content, "--content"), (options.count, 1))
    draws = np.random.default_rng(options.content_seed)
    path = pathlib.Path(options.model_json or "").parent / "contents.json"
    if options.model_json is None or not path.exists():
        return draws.standard_normal((options.count, client.sizes()["k_C"]), dtype="float32")
    try:
        works = json.loads(_read(path))
        means = np.array(works["means"], float)
        noise = draws.standard_normal((options.count, means.shape[1]))
        chosen = draws.choice(len(means), options.count, p=works["weights"])
        lower = [np.concatenate(rows) for rows in works["factors"]]  # rows up to the diagonal
        factors = np.zeros((len(means), *noise.shape[1:] * 2))
        factors[:, *np.tril_indices(means.shape[1])] = lower
        return means[chosen] + np.einsum("nij,nj->ni", factors[chosen], noise)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise RequestError(f"{path} is not the contents.json of an exported model") from error


def _generate(client, options):
    if (options.style is None) == (options.artist is None):
        raise RequestError("give either --style or --artist")
    if options.count < 1:
        raise RequestError(f"--count is {options.count}; expected 1 or more")
    style = _artist_style(options) if options.style is None else _code(options.style, "--style")
    content = _contents(client, options)
    seeds = [options.seed + index for index in range(options.count)]
    files = client.generate(np.tile(style, (options.count, 1)), content, seeds)
    _save(files, options.output, "generated")


def _transfer(client, options):
    styles = [_read(path) for path in options.style_file]
    files = client.transfer([_read(options.content_file)] * len(styles), styles)
    _save(files, options.output, "transfer")


def _encode(client, options):
    styles, contents = client.encode([_read(path) for path in options.files])
    for path, style, content in zip(options.files, styles, contents, strict=True):
        print(json.dumps({"file": path, "style": style.tolist(), "content": content.tolist()}))


def _save(files, directory, stem):
    directory = pathlib.Path(directory)
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for index, file in enumerate(files):
            path = directory / f"{stem}_{index}.png"
            path.write_bytes(file)
            print(path)
    except OSError as error:
        raise RequestError(f"cannot write to {directory}: {error.strerror}") from error


def _one_line(error):
    """Returns a message with all that would end or overwrite the line escaped."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode()
        for letter in " ".join(str(error).split())
    )


class _Parser(argparse.ArgumentParser):
    def error(self, message):  # in one line, as the other commands do
        self.exit(2, f"error: {_one_line(message)}: see --help\n")


def _parser():
    parser = _Parser(description=__doc__.splitlines()[0])
    parser.add_argument("--server", default="http://127.0.0.1:8501", help="base URL")
    parser.add_argument("--model", default="portraits", help="name it is served under")
    commands = parser.add_subparsers(required=True, metavar="command")
    generate = commands.add_parser("generate", help="draw from codes")
    generate.set_defaults(run=_generate)
    generate.add_argument("--style", help="style code: numbers with commas, or a .json file")
    generate.add_argument("--artist", help="use this artist's mean style")
    generate.add_argument("--model_json", help="beside the SavedModel, with contents.json if any")
    generate.add_argument("--content", help="content code; default: random, one for each image")
    generate.add_argument("--content_seed", type=int, default=0, help="of random content")
    generate.add_argument("--seed", type=int, default=0, help="of the first free code")
    generate.add_argument("--count", type=int, default=1, help="number of images")
    transfer = commands.add_parser("transfer", help="draw one image in others' styles")
    transfer.set_defaults(run=_transfer)
    transfer.add_argument("--content_file", required=True, help="what to draw")
    transfer.add_argument("--style_file", required=True, action="append", help="may be repeated")
    for command in (generate, transfer):
        command.add_argument("--output", required=True, help="folder for the PNG files")
    encode = commands.add_parser("encode", help="print style and content codes")
    encode.set_defaults(run=_encode)
    encode.add_argument("files", nargs="+")
    return parser


def main(arguments=None):
    """Runs a command; returns the exit code."""
    options = _parser().parse_args(arguments)
    sys.stdout.reconfigure(errors="backslashreplace")  # for what a terminal cannot show
    try:
        options.run(Client(options.server, model=options.model), options)
    except RequestError as error:
        print(f"error: {_one_line(error)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("interrupted; each file is written whole", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
