"""What people type after installing the wheel, and a shell in which that is typed."""

import contextlib
import dataclasses
import os
import pathlib
import signal
import subprocess
import time

from anime_style_tf.errors import InputError

_REST, _GRPC = 18501, 18500
_ADDRESS = f"http://127.0.0.1:{_REST}/v1/models"
_LONGEST = 1800  # seconds of one line
_LOOK_EVERY = 0.05  # seconds

# An own model of an own loop: what an engineer writes who wants neither stages nor commands.
_FIT = """\
import glob
import keras, numpy as np
from PIL import Image
import anime_style_tf

paths = sorted(glob.glob("portraits/*/*.png"))
works = np.stack([Image.open(path).convert("RGB").resize((64, 64)) for path in paths])
artists = np.unique([path.split("/")[1] for path in paths], return_inverse=True)[1]
encoder = anime_style_tf.StyleEncoder(image_size=64, levels=(16, 32), code_size=16)
training = anime_style_tf.StyleMetricLearning(encoder, artists=artists.max() + 1)
training.compile(keras.optimizers.Adam(1e-3), presumed_optimizer=keras.optimizers.Adam(1e-2))
training.fit(works, artists, batch_size=32, epochs=2)
encoder.save("encoder.keras")
encoder = keras.saving.load_model("encoder.keras")
print(encoder.predict(anime_style_tf.srgb_to_lab(works[:2])).shape)
"""
_ASK = f"""\
import grpc, tensorflow as tf
from tensorflow_serving.apis import predict_pb2, prediction_service_pb2_grpc

request = predict_pb2.PredictRequest()
request.model_spec.name, request.model_spec.signature_name = "portraits", "reconstruct_bytes"
request.inputs["files"].CopyFrom(tf.make_tensor_proto([open("a.png", "rb").read()]))
with grpc.insecure_channel("127.0.0.1:{_GRPC}") as channel:
    answer = prediction_service_pb2_grpc.PredictionServiceStub(channel).Predict(request, timeout=30)
open("answer.png", "wb").write(tf.make_ndarray(answer.outputs["png_bytes"])[0])
"""
FILES = {"fit.py": _FIT, "ask.py": _ASK}


@dataclasses.dataclass(frozen=True)
class Line:
    """One line that somebody types.

    Attributes:
        user: who.
        does: what for.
        typed: the line, of bash.
        until: another that must succeed before the first has done its work; None: its own end.
        stays: whether it runs on until the table's end, as a server does.
    """

    user: str
    does: str
    typed: str
    until: str | None = None
    stays: bool = False


_POST = f"curl -sf -d @- {_ADDRESS}/portraits:predict"
_FILE = """{"b64": "'$(base64 -w0 a.png)'"}"""
_BODY = f"""'{{"signature_name": "encode_style_bytes", "instances": [{_FILE}]}}'"""
_CODES = "print(anime_style_tf.load('pretrained').style(['a.png', 'b.png']).shape)"
_OWN = (
    "space = anime_style_tf.load('pretrained'); space.enroll('own', 'new'); "
    "print(space.generate('own', seed=1).shape)"
)
LINES = (
    Line("curator", "convert a folder", "anime-style convert --input=portraits "
         "--output=records/look --min_works=5 --test_minimum=2"),
    Line("curator", "look at it", "anime-style inspect --records=records/look"),
    Line("curator", "page to reject on", "anime-style review --records=records/look"),
    Line("curator", "train, search, attribute", "anime-style train --config=collection "
         "--workdir=runs/found --config.records.source_options.path=portraits"),
    Line("curator", "who drew this", "anime-style query --workdir=runs/found --images=a.png,b.png "
         "--output=answers"),
    Line("curator", "an artist more", "anime-style enroll --workdir=runs/found --artist=own "
         "--images=new"),
    Line("illustrator", "new portraits", "anime-style draw --pretrained --what=generate "
         "--artist=lorelei --count=12 --output=drawn"),
    Line("illustrator", "a in b's style", "anime-style draw --pretrained --what=transfer "
         "--images=a.png,b.png --output=transferred"),
    Line("illustrator", "between two", "anime-style draw --pretrained --what=grid "
         "--images=a.png,b.png --output=grid"),
    Line("illustrator", "one dimension moved", "anime-style draw --pretrained --what=slide "
         "--images=a.png --dimension=1 --output=slid"),
    Line("illustrator", "one's own style", f'python -c "import anime_style_tf; {_OWN}"'),
    Line("engineer", "style codes", f'python -c "import anime_style_tf; {_CODES}"'),
    Line("engineer", "codes as Parquet", "anime-style embed --workdir=runs/found --input=portraits "
         "--output=codes.parquet"),
    Line("engineer", "an own model", "python fit.py"),
    Line("operator", "serve", "anime-style serve --pretrained "
         f"--rest_api_port={_REST} --port={_GRPC}", f"curl -sf {_ADDRESS}/portraits", stays=True),
    Line("operator", "ask over REST", f"echo {_BODY} | {_POST}"),
    Line("operator", "ask over gRPC", "python ask.py"),
    Line("operator", "a version more", "anime-style export --workdir=runs/found"),
    Line("operator", "serve versions", "anime-style serve --port=-1 "
         f"--model_config_file=runs/found/export/models.config --rest_api_port={_REST + 1}",
         f"curl -sf {_ADDRESS.replace(str(_REST), str(_REST + 1))}/style_encoder/versions/2",
         stays=True),
    Line("operator", "roll back", "sed -i 's/latest { num_versions: 1 }/specific { versions: 1 }/' "
         "runs/found/export/models.config",
         f"curl -sf {_ADDRESS.replace(str(_REST), str(_REST + 1))}/style_encoder/versions/1"),
)  # fmt: skip


class Shell:
    """Types lines where only an environment's own programs and packages are found.

    Args:
        folder: where they are typed.
        environment: folder of a virtual environment; None for this process' own programs.
    """

    def __init__(self, folder, environment=None):
        self._folder = pathlib.Path(folder)
        self._variables = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
        if environment is not None:
            programs = pathlib.Path(environment).resolve() / "bin"
            self._variables["PATH"] = f"{programs}:{os.environ['PATH']}"
        self._staying = []

    def __enter__(self):
        """Begins."""
        return self

    def __exit__(self, *_):
        """Ends what stays."""
        for process in self._staying:
            with contextlib.suppress(ProcessLookupError):  # it has ended by itself
                os.killpg(process.pid, signal.SIGTERM)
            process.wait()

    def type(self, line):
        """Types a line, and returns the seconds until its work is done.

        Raises:
            InputError: it failed, or was not done in half an hour; with its last words.
        """
        begun = time.monotonic()
        process = self._started(line.typed)
        if line.stays:
            self._staying.append(process)
        else:
            self._finished(process, line.typed)
        while line.until and (asked := self._started(line.until)).wait():
            ended = line.stays and process.poll() is not None
            if ended or time.monotonic() - begun > _LONGEST:
                raise InputError(f"{line.typed}: expected {line.until} to succeed, received exit "
                                 f"code {asked.returncode}")  # fmt: skip
            time.sleep(_LOOK_EVERY)
        return time.monotonic() - begun

    def _started(self, words):
        # A group of its own, so that what a line has started ends with it. What it says goes to
        # a file: a pipe that nobody reads would stop a server.
        with (self._folder / "said.log").open("ab") as said:
            return subprocess.Popen(
                ["bash", "-c", words], cwd=self._folder, env=self._variables, stdout=said,
                stderr=said, stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip

    def _finished(self, process, words):
        try:
            code = process.wait(_LONGEST)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            code = "none in half an hour"
        if code:
            said = (self._folder / "said.log").read_text(errors="replace").split("\n")
            raise InputError(f"{words}: expected exit code 0, received {code}: {said[-2:]}")
