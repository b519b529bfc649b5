"""Does a conversion that is killed again and again leave the bytes of an undisturbed one?

Converts a folder with 1, 2 and 4 workers, then once more with SIGKILL at random moments, each
drawn evenly over the time that the conversion took undisturbed, and compares the SHA-256 of every
file. Without `--input`, dicebear portraits are converted.

    python -m benchmarks.kills --kills=20
"""

import hashlib
import pathlib
import random
import subprocess
import sys
import tempfile
import time

from absl import flags

from anime_style_tf.errors import InputError
from anime_style_tf.terminal.tool import run_tool
from benchmarks.command import define_output, write_json
from benchmarks.processes import ROOT

_INPUT = flags.DEFINE_string("input", None, "Folder with one sub-folder for each artist.")
_KILLS = flags.DEFINE_integer("kills", 20, "How often the conversion is killed.", lower_bound=1)
_SEED = flags.DEFINE_integer("seed", 0, "Of the moments.")
_OUTPUT = define_output("kills.json")


def start(output, workers):
    """Starts the conversion tool as a user would."""
    source = ["--source=dicebear"] if _INPUT.value is None else [f"--input={_INPUT.value}"]
    tool = [sys.executable, ROOT / "tfrecords" / "convert.py", *source, f"--output={output}"]
    return subprocess.Popen(
        [*tool, f"--workers={workers}", "--min_works=20", "--shards=4"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def digest(folder):
    """Returns SHA-256 over the names and the bytes of all files, and their number."""
    total, files = hashlib.sha256(), sorted(folder.iterdir())
    for file in files:
        total.update(f"{file.name}\0{hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest(), len(files)


def main():
    """Runs all and prints what came out."""
    with tempfile.TemporaryDirectory() as scratch:
        found, seconds = {}, {}
        for workers in (1, 2, 4):
            began = time.monotonic()
            if start(pathlib.Path(scratch, str(workers)), workers).wait():
                raise InputError("the conversion itself fails: try tfrecords/convert.py")
            seconds[workers] = time.monotonic() - began
            found[f"{workers} workers"] = digest(pathlib.Path(scratch, str(workers)))
            print(f"{workers} workers: {seconds[workers]:.0f} s, {found[f'{workers} workers']}")
        moments, ends = random.Random(_SEED.value), []
        output = pathlib.Path(scratch, "killed")
        while len(ends) < _KILLS.value:
            process = start(output, 2)
            after = moments.uniform(0, seconds[2])
            try:
                process.wait(after)
                (output / "info.json").unlink()  # it was too fast: once more from the end
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                ends.append(round(after, 2))
        status = start(output, 2).wait()
        found[f"{len(ends)} kills"] = digest(output)
        print(f"{len(ends)} kills: exit code {status}, {found[f'{len(ends)} kills']}")
    same = len(set(found.values())) == 1
    result = {"digests": found, "seconds": seconds, "killed_after_seconds": ends, "same": same}
    write_json(_OUTPUT.value, result)
    print("all the same" if same else "NOT the same")
    return 0 if same else 1


if __name__ == "__main__":
    run_tool(main)
