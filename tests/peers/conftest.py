"""Comparisons with tensorflow-addons and tensorflow-io, in an environment of theirs.

The inputs and the package's outputs are files, written by `write_reference_inputs.py` in the
package's own environment. Every comparison goes into a table, and into `parity.json` beside
them.
"""

import importlib.util
import json
import pathlib

import numpy as np
import pytest

if importlib.util.find_spec("tensorflow_addons") is None:
    collect_ignore_glob = ["test_*.py"]

ROWS = []


def pytest_addoption(parser):
    parser.addoption(
        "--reference",
        type=pathlib.Path,
        default=pathlib.Path(__file__).parents[2] / "build" / "peers",
        help="folder that write_reference_inputs.py filled",
    )


@pytest.fixture(scope="session")
def reference(request):
    """Returns a function that loads one of the written files."""
    folder = request.config.getoption("--reference")
    if not (folder / "complete").is_file():
        pytest.exit(
            f"{folder} holds no reference; first, in the package's environment: "
            f"python -m tests.peers.write_reference_inputs {folder}",
            returncode=2,
        )

    def load(name):
        return dict(np.load(folder / f"{name}.npz", allow_pickle=False))

    load.folder = folder
    return load


@pytest.fixture
def compare():
    """Returns a function that records the largest difference and holds it to a tolerance."""

    def check(what, peer, ours, theirs, tolerance):
        ours, theirs = np.asarray(ours, "float64"), np.asarray(theirs, "float64")
        assert ours.shape == theirs.shape
        difference = float(np.abs(ours - theirs).max())
        note(what, peer, difference, tolerance)
        assert difference <= tolerance

    return check


def note(what, peer, value, tolerance=None):
    ROWS.append({"what": what, "peer": peer, "difference": value, "tolerance": tolerance})


@pytest.fixture
def record():
    """Returns a function that records a finding that is not a difference."""
    return note


def pytest_terminal_summary(terminalreporter, config):
    if not ROWS:
        return
    write = terminalreporter.write_line
    terminalreporter.section("parity: largest absolute differences")
    for row in ROWS:
        value, tolerance = row["difference"], row["tolerance"]
        shown = f"{value:.2e}" if isinstance(value, float) else str(value)
        allowed = f"(allowed {tolerance:.0e})" if tolerance is not None else ""
        write(f"{row['what']:<58} {row['peer']:<36} {shown:>10} {allowed}")
    path = config.getoption("--reference") / "parity.json"
    path.write_text(json.dumps(ROWS, indent=1) + "\n")
    write(f"written to {path}")
