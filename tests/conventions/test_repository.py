import pathlib
import re
import subprocess
import tomllib

import pytest

import anime_style_tf
from tests.conventions.sources import ROOT

ABSOLUTE = re.compile(r"(?:^|[ \"'=(`])/(?:home|Users|root|work|mnt|data|scratch)/", re.MULTILINE)
LARGEST_BYTES = 1_000_000
# The model that comes with the package; how large it may be, a test of its own says.
MODEL = ROOT / "anime_style_tf" / "pretrained_portraits" / "1"


@pytest.fixture(scope="module")
def tracked():
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_no_big_file_is_tracked(tracked):
    others = [path for path in tracked if MODEL not in path.parents]
    assert [str(path) for path in others if path.stat().st_size > LARGEST_BYTES] == []


def test_no_text_names_a_place_on_somebodys_machine(tracked):
    found = []
    for path in tracked:
        text = path.read_bytes().decode("utf-8", errors="ignore")
        found += [str(path)] if ABSOLUTE.search(text) else []
    assert found == []


def test_outputs_are_not_tracked(tracked):
    tops = {path.relative_to(ROOT).parts[0] for path in tracked}
    assert tops & {"runs", "build", "dist", ".venv", ".venv-peers"} == set()


def test_the_version_is_declared_once():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["dynamic"] == ["version"]
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {anime_style_tf.__version__}\n" in citation


def test_neither_addons_nor_io_is_a_dependency():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    ours = [*project["dependencies"], *extras["test"], *extras["dicebear"], *extras["dev"]]
    assert [name for name in ours if re.match("tensorflow[-_](addons|io)", name)] == []


def test_decisions_are_numbered_without_gaps():
    numbers = sorted(int(p.name[:4]) for p in pathlib.Path(ROOT / "docs/decisions").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))
