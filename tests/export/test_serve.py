import concurrent.futures
import pathlib
import re
import signal
import subprocess
import sys
import time

import httpx
import pytest

from tests.export.readme import readme_command
from tests.server.serving import save_toy

ROOT = pathlib.Path(__file__).parents[2]
ENVIRONMENT = {"PATH": "", "PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"}


def serve(*flags, **options):
    command = [sys.executable, str(ROOT / "export" / "serve.py"), *map(str, flags)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, env=ENVIRONMENT, **pipes, **options)


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ([], "expected one of --workdir, --pretrained, --model_base_path, --model_config_file"),
        (["--workdir=a", "--model_base_path=b"], "received --workdir and --model_base_path"),
        (["--workdir=a", "--token_file=/dev/null"], "--token_file: expected 16 or more letters"),
        (["--workdir=a", "--token_file=absent"], "cannot use absent: No such file"),
        (["--workdir=a", "--rest_api_port=70000"], "flag --rest_api_port=70000"),
        (["--workdir=a", "b"], "only flags are expected, received 'b'"),
    ],
)
def test_a_wrong_command_line_is_one_line_and_exit_code_two(flags, message, tmp_path):
    process = serve(*flags, cwd=tmp_path)
    printed, complaint = process.communicate(timeout=60)
    assert (process.returncode, printed) == (2, "")
    assert complaint.startswith("error: ")
    assert message in complaint
    assert len(complaint.splitlines()) == 1


def test_the_readme_lists_every_flag():
    program = (
        "from absl import flags; import anime_style_tf.commands.serve as tool; "
        "print(*[f.name for f in flags.FLAGS.flags_by_module_dict()[tool.__name__]])"
    )
    listed = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=ENVIRONMENT
    )
    readme = (ROOT / "export" / "README.md").read_text("utf-8")
    missing = [name for name in listed.stdout.split() if f"--{name}" not in readme]
    assert missing == []


@pytest.fixture
def process(tmp_path):
    save_toy(tmp_path / "export" / "portraits" / "1")
    program, *flags = readme_command("export/serve.py", workdir=tmp_path)
    assert program == "export/serve.py"
    process = serve(*flags, "--rest_api_port=0", "--port=0", "--num_batch_threads=1")
    yield process
    process.kill()
    process.communicate()


@pytest.mark.slow
def test_told_to_stop_under_load_every_request_is_answered_or_refused_and_none_hangs(process):
    url = re.match(r"REST: (\S+)\n", process.stdout.readline())[1]
    assert process.stdout.readline().startswith("gRPC: 127.0.0.1:")
    stopped = time.monotonic() + 60

    def ask_on(_):
        codes = []
        with httpx.Client(timeout=20) as client:
            while time.monotonic() < stopped + 0.5:
                try:
                    codes.append(client.post(f"{url}:predict", json={"instances": [1]}).status_code)
                except httpx.ReadTimeout:
                    codes.append("hung")
                except httpx.TransportError:
                    codes.append("refused")
        return codes

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        asking = [pool.submit(ask_on, number) for number in range(4)]
        time.sleep(1)
        process.send_signal(signal.SIGTERM)
        stopped = time.monotonic()
        codes = [code for one in asking for code in one.result()]
    assert process.wait(timeout=20) == 0
    assert set(codes) <= {200, 503, "refused"}
    assert codes.count(200) > 4
    assert "Traceback" not in process.stderr.read()
