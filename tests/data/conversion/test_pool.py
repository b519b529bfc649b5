import os
import pathlib
import signal
import subprocess
import sys
import time

import pytest

from anime_style_tf.data.conversion.pool import render_all
from anime_style_tf.data.conversion.rendering import Settings
from tests.conventions.sources import ROOT
from tests.data.drawings import Drawings

SETTINGS = Settings(image_size=8)
FAULTS = {("ann", 3): "damaged", ("ann", 20): "crash", ("ann", 21): "damaged"}


def names(rendered):
    return [item.artwork.reference for item in rendered]


def test_works_come_in_order_at_any_number_of_processes():
    source = Drawings({"ann": 40})
    one = list(render_all(source.artworks(), settings=SETTINGS, workers=1))
    two = list(render_all(source.artworks(), settings=SETTINGS, workers=2))
    assert names(one) == [f"ann no. {number}" for number in range(40)]
    assert one == two


def test_damaged_works_and_those_that_kill_their_process_are_named_and_the_rest_goes_on():
    source = Drawings({"ann": 36}, FAULTS)
    rendered = list(render_all(source.artworks(), settings=SETTINGS, workers=2))
    assert len(rendered) == 36
    reasons = {item.artwork.number: item.reason for item in rendered if item.reason}
    assert reasons == {
        3: "scribbled over",
        20: "the process that read it crashed",
        21: "scribbled over",
    }


def test_rendering_processes_start_without_tensorflow():
    script = (
        "import sys; import anime_style_tf.data.conversion.pool, anime_style_tf.data.sources; "
        "sys.exit('tensorflow' in sys.modules or 'keras' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


SCRIPT = """
import time
from anime_style_tf.data.conversion.pool import render_all
from anime_style_tf.data.conversion.rendering import Settings
from tests.data.drawings import Drawings

print("imported", flush=True)
works = Drawings({"ann": 20}).artworks()
for item in render_all(works, settings=Settings(image_size=8), workers=2):
    print(item.verdict, flush=True)
WAIT
"""


def start(tmp_path, wait):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.replace("WAIT", wait))
    return subprocess.Popen(
        [sys.executable, script],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_rendering_processes_do_not_import_the_main_program(tmp_path):
    with start(tmp_path, wait="") as program:
        lines = program.stdout.read().splitlines()
    assert lines == ["imported"] + 20 * ["None"]


def test_rendering_processes_end_when_their_parent_is_killed(tmp_path):
    wait = """
    from multiprocessing import active_children
    print("children", *[child.pid for child in active_children()], flush=True)
    time.sleep(60)
    """
    with start(tmp_path, wait=wait.rstrip()) as program:
        for line in program.stdout:
            if line.startswith("children"):
                break
        program.send_signal(signal.SIGKILL)
    left = {int(word) for word in line.split()[1:]}
    assert left
    deadline = time.monotonic() + 20
    while left and time.monotonic() < deadline:
        left = {pid for pid in left if pathlib.Path(f"/proc/{pid}").exists()}
        time.sleep(0.05)
    assert not left


def test_ctrl_c_while_processes_start_is_left_to_this_one(tmp_path):
    """The terminal sends it to all; none of the new ones may answer with a stack trace."""
    with start(tmp_path, wait="") as program:
        children = pathlib.Path(f"/proc/{program.pid}/task/{program.pid}/children")
        while not (pids := children.read_text().split()):
            time.sleep(0.005)
        blocked = pathlib.Path(f"/proc/{pids[-1]}/status").read_text()
        (mask,) = [line.split()[1] for line in blocked.splitlines() if line.startswith("SigBlk")]
    assert int(mask, 16) & 1 << (signal.SIGINT - 1)


def test_a_work_is_there_as_soon_as_it_is_rendered_however_long_the_next_one_takes():
    source = Drawings({"ann": 40}, {("ann", 1): "stuck"})
    begun = time.monotonic()
    rendered = render_all(source.artworks(), settings=SETTINGS, workers=2)
    assert names([next(rendered)]) == ["ann no. 0"]
    rendered.close()
    assert time.monotonic() - begun < 45


CONVERTER = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where tests run in background
from anime_style_tf.data.conversion.plan import Plan
from anime_style_tf.data.conversion.rendering import Settings
from anime_style_tf.data.conversion.writer import write_records
from tests.data.drawings import Drawings

source = Drawings({"ann": 40}, {("ann", number): "stuck" for number in range(4, 40)})
write_records(Plan(source=source, output=sys.argv[1], rendering=Settings(image_size=8), workers=2))
"""


@pytest.mark.parametrize("send", [os.killpg, os.kill], ids=["to all", "to the parent alone"])
def test_ctrl_c_ends_all_processes_within_seconds_whatever_they_are_at(tmp_path, send):
    script = tmp_path / "script.py"
    script.write_text(CONVERTER)
    with subprocess.Popen(
        [sys.executable, script, tmp_path / "set"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as program:
        assert [program.stdout.readline() for _ in range(2)] == ["stuck\n"] * 2
        begun = time.monotonic()
        send(program.pid, signal.SIGINT)
        _, said = program.communicate(timeout=60)  # until the last process closes its output
    assert time.monotonic() - begun < 20
    assert program.returncode
    assert said.count("Traceback") == 1  # this script's own: no other process says anything
