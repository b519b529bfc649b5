import re
import shlex

import pytest

from anime_style_tf.stages import STAGES
from tests.conventions.sources import ROOT

DOCUMENTS = ["README.md", "CONTRIBUTING.md", "export/README.md", "tfrecords/README.md"]
FLAGS = {"--config", "--workdir", "--stage", "--overwrite"}


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def commands(text):
    """Shell commands in fenced blocks, as words, joined where a line ends in a backslash."""
    for block in re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            if re.match(r"(make|anime-style|pip|python|\.venv/bin/\S+)( |$)", line):
                yield shlex.split(line, comments=True)


ALL_COMMANDS = [(name, words) for name in DOCUMENTS for words in commands(read(name))]


def test_the_first_two_commands_are_demo_and_test():
    first, second, *_ = commands(read("README.md"))
    assert (first, second) == (["make", "demo"], ["make", "test"])


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_make_target_that_is_named_exists(name):
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", read(name), re.MULTILINE))
    assert named <= targets


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_linked_file_exists(name):
    folder = (ROOT / name).parent
    text = re.sub(r"^```.*?^```", "", read(name), flags=re.MULTILINE | re.DOTALL)
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text)
    local = [link for link in links if "://" not in link]
    assert [link for link in local if not (folder / link).exists()] == []


@pytest.mark.parametrize(("name", "words"), ALL_COMMANDS, ids=lambda value: str(value)[:60])
def test_every_command_names_files_and_flags_that_exist(name, words):
    scripts = [word for word in words if re.fullmatch(r"[\w/]+\.py", word)]
    configs = [re.sub(":.*", "", w.split("=", 1)[1]) for w in words if w.startswith("--config=")]
    assert [path for path in [*scripts, *configs] if not (ROOT / path).is_file()] == []
    if "anime_style_tf" in words or words[0] == "anime-style":
        flags = {word.split("=")[0] for word in words if word.startswith("--")}
        assert {flag for flag in flags if not flag.startswith("--config.")} <= FLAGS
        stages = [word.split("=")[1] for word in words if word.startswith("--stage=")]
        assert set(stages) <= {*STAGES, "all"}


def test_the_table_of_stages_is_that_of_the_code():
    rows = re.findall(r"^\| `(\w+)` \|[^|]*\| ([^|]*)\|", read("README.md"), re.MULTILINE)
    in_readme = {name: needs.strip() for name, needs in rows}
    assert list(in_readme) == list(STAGES)
    for name, stage in STAGES.items():
        used = f" ({', '.join(stage.uses)})" if stage.uses else ""
        assert in_readme[name] == ", ".join(stage.needs) + used


def test_the_map_names_what_is_there_and_all_of_it():
    the_map = read("README.md").split("## The map")[1].split("```")[1]
    tops, inside = the_map.split("anime_style_tf/\n")[1].split("configs/", 1)[::-1]
    named = set(re.findall(r"(\w+(?:\.py|/))", f"configs/{tops}"))
    assert named >= {"configs/", "tfrecords/", "export/", "benchmarks/", "docs/", "tests/"}
    rooms = set(re.findall(r"^  ((?:\w+(?:\.py|/) *)+)", inside, re.MULTILINE))
    package = ROOT / "anime_style_tf"
    there = {path.name for path in package.glob("*.py") if not path.name.startswith("_")}
    there |= {f"{path.parent.name}/" for path in package.glob("*/__init__.py")}
    assert {name for room in rooms for name in room.split()} == there


def test_every_command_of_the_export_readme_is_run_by_a_test_or_said_not_to_be():
    text = read("export/README.md")
    text = re.sub(r"^<!-- not run by a test: .+ -->\n```.*?^```", "", text, flags=re.M | re.S)
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.M | re.S)
    lines = "".join(block for language, block in blocks if not language).splitlines()
    assert [line for line in lines if not re.match(r"python export/\w+\.py ", line)] == []
    tests = "".join(path.read_text("utf-8") for path in (ROOT / "tests/export").glob("test_*.py"))
    programs = {line.split()[1] for line in lines}
    run = set(re.findall(r"readme_command\(\s*\"(.*?)\"", tests))
    # Of the client each command is run by `test_the_readmes_client_commands_work`.
    assert programs == run | {"export/client.py"}
    shown = {line.split()[2] for line in lines if "client.py" in line}
    assert shown == set(re.findall(r"\w+", re.search(r'"command", \[(.*?)\]', tests)[1]))
