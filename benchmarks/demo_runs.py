"""The demo's figures: collected from finished runs of other seeds, each run and their range.

    python -m benchmarks.demo_runs --runs=runs/demo,runs/demo1,runs/demo2

Run it on the machine that made the runs: its cores and memory are written down. Prints the table.
"""

import os
import platform

from absl import flags

from anime_style_tf.errors import InputError
from anime_style_tf.terminal.tool import run_tool
from benchmarks.command import define_output, write_json
from benchmarks.demo_figures import over_runs, read_run, table

_RUNS = flags.DEFINE_list("runs", ["runs/demo"], "Folders of finished runs, all stages.")
_OUTPUT = define_output("demo.json")
_CPU_MINUTES = flags.DEFINE_list(
    "cpu_minutes", [], "Processor minutes of each run in turn; empty where they were not measured."
)


def memory_gib():
    """Memory of this machine, in GiB."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def main():
    """Collects, writes and prints."""
    if _CPU_MINUTES.value and len(_CPU_MINUTES.value) != len(_RUNS.value):
        raise InputError(
            f"--cpu_minutes: expected one number for each of --runs, {len(_RUNS.value)}, received "
            f"{len(_CPU_MINUTES.value)}: give them in the same order"
        )
    runs = [read_run(folder) for folder in _RUNS.value]
    for run, minutes in zip(runs, _CPU_MINUTES.value, strict=False):
        if minutes:
            run["cpu_minutes"] = float(minutes)
    content = {
        "machine": {
            "platform": platform.platform(),
            "cores": os.cpu_count(),
            "memory_gib": memory_gib(),
        },
        "runs": runs,
        "over_runs": over_runs(runs),
    }
    write_json(_OUTPUT.value, content)
    print(table(runs, content["over_runs"]))
    versions = runs[0]["versions"]
    print(
        f"\n{content['machine']['cores']} cores, {memory_gib():.0f} GiB, TensorFlow "
        f"{versions['tensorflow']}; {runs[0]['minutes']:.1f} minutes"
    )


if __name__ == "__main__":
    run_tool(main)
