import ast
import importlib
import inspect
import json
import pathlib
import re
import runpy
import subprocess
import sys

import keras
import pytest
from ml_collections import ConfigDict

from anime_style_tf.stages import STAGES, chosen_stages
from tests.conventions.sources import ROOT, python_files, tree

PRESETS = [path for path in python_files("configs") if not path.name.startswith("_")]
SECTIONS = [(preset, stage) for preset in PRESETS for stage in STAGES]
# Stages whose rows are what runs: each is given the settings of its name.
TABLES = {"evaluate": "MEASURES", "explore": "PICTURES"}
REQUIRED = {"paper.py", "portraits.py", "demo.py", "smoke.py"}


def load(preset):
    return runpy.run_path(str(ROOT / preset))["get_config"]()


def callable_of(stage, key, section):
    """The callable whose keyword arguments a part of a stage's section is."""
    module = importlib.import_module(f"anime_style_tf.stages.{stage}")
    if (stage, key) == ("records", "source_options"):
        return module.SOURCES[section.source]
    if (stage, key) == ("style", "prune"):
        return module.choose_code_size
    chosen = getattr(module, "callables", lambda section: module.CALLABLES)
    return chosen(section)[key]


def explicit_arguments(function):
    """Names that a callable declares; a catch-all `**kwargs` would let a misspelled one in."""
    parameters = inspect.signature(function).parameters.values()
    return {p.name for p in parameters if p.kind in (p.KEYWORD_ONLY, p.POSITIONAL_OR_KEYWORD)}


def test_the_presets_that_the_readme_promises_are_there():
    assert {preset.name for preset in PRESETS} >= REQUIRED


@pytest.mark.parametrize("preset", PRESETS, ids=str)
def test_a_preset_says_what_it_is_and_has_every_key_that_a_stage_reads(preset):
    config = load(preset)
    assert config.name == preset.stem
    keras.dtype_policies.get(config.precision)
    needed = {key for stage in STAGES.values() for key in stage.reads}
    assert set(config) - {"stages", "measured", "warning"} == needed
    assert chosen_stages(config)
    json.dumps(config.to_dict())


@pytest.mark.parametrize("preset", PRESETS, ids=str)
def test_no_two_places_of_a_preset_are_one_section(preset):
    """A `ConfigDict` keeps shared parts shared: changing one by its name would change the other."""

    def sections(config):
        for value in config.values():
            if isinstance(value, ConfigDict):
                yield id(value)
                yield from sections(value)

    found = list(sections(load(preset)))
    assert len(found) == len(set(found))


@pytest.mark.parametrize("preset", PRESETS, ids=str)
def test_a_preset_states_command_hardware_time_and_results(preset):
    text = (ROOT / preset).read_text(encoding="utf-8")
    for word in ("Command:", "Hardware:", "Time:", "Results:"):
        assert word in text


def test_the_collections_converter_divides_works_as_its_run_does():
    text = (ROOT / "configs" / "collection.py").read_text(encoding="utf-8")
    flags = dict(re.findall(r"--(\w+)=([\d.]+)", text))
    config = load(pathlib.Path("configs/collection.py"))
    assert int(flags.pop("image_size")) == config.image_size
    assert {name: float(value) for name, value in flags.items()} == config.records.rules.to_dict()


@pytest.mark.parametrize(("preset", "stage"), SECTIONS, ids=str)
def test_every_part_of_a_section_binds_to_the_callable_it_names(preset, stage):
    section = load(preset)[stage]
    source = inspect.getsource(importlib.import_module(f"anime_style_tf.stages.{stage}"))
    for key, arguments in section.items():
        if isinstance(arguments, ConfigDict):
            function = callable_of(stage, key, section)
            inspect.signature(function).bind_partial(**arguments)
            assert set(arguments) <= explicit_arguments(function)
        else:
            assert f".{key}" in source


@pytest.mark.parametrize("stage", [stage for stage in STAGES if stage not in TABLES])
def test_a_stage_gives_each_part_of_its_section_to_the_callable_of_its_table(stage):
    """`CALLABLES` is what settings are checked with before a run, and not what runs."""
    path = f"anime_style_tf/stages/{stage}.py"
    module = importlib.import_module(path.removesuffix(".py").replace("/", "."))
    table = {key: {function.__name__} for key, function in module.CALLABLES.items()}
    if stage == "gan":
        table["discriminator"] = {function.__name__ for function in module.JUDGES.values()}
    called = {key: set() for key in table}
    for call in (node for node in ast.walk(tree(path)) if isinstance(node, ast.Call)):
        unpacked = [keyword.value for keyword in call.keywords if keyword.arg is None]
        for part in (node for value in unpacked for node in ast.walk(value)):
            if isinstance(part, ast.Attribute) and part.attr in table:
                called[part.attr].add(ast.unparse(call.func).rpartition(".")[2])
    assert called == table


@pytest.mark.parametrize(("stage", "table"), TABLES.items())
def test_the_callables_of_a_stage_that_is_a_table_are_those_of_its_rows(stage, table):
    module = importlib.import_module(f"anime_style_tf.stages.{stage}")
    rows = getattr(module, table)
    assert module.CALLABLES
    assert module.CALLABLES.items() <= {key: row.function for key, row in rows.items()}.items()


@pytest.mark.parametrize(("preset", "stage"), SECTIONS, ids=str)
def test_every_callable_of_a_stage_has_its_part_in_the_section(preset, stage):
    module = importlib.import_module(f"anime_style_tf.stages.{stage}")
    section = load(preset)[stage]
    chosen = getattr(module, "callables", lambda section: getattr(module, "CALLABLES", {}))
    assert set(chosen(section)) <= set(section)


def test_presets_load_without_tensorflow():
    program = (
        "import runpy, sys\n"
        "for path in sys.argv[1:]:\n"
        "    runpy.run_path(path)['get_config']()\n"
        "print(sorted({'anime_style_tf', 'keras', 'tensorflow'} & {*sys.modules}))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, *map(str, PRESETS)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout == "[]\n"


TEXTS = [ROOT / "README.md", *ROOT.glob("*/README.md"), *ROOT.glob("anime_style_tf/**/*.py")]
# What the converter has as flags, a run has as settings, and messages of both name them.
OF_THE_RECORDS = {
    f"records.{section}.{key}"
    for section, keys in {
        "rules": ("min_works", "test_fraction", "test_minimum"),
        "rendering": ("detector", "min_likelihood", "crop_scale"),
        "writer": ("opt_out", "rejects"),
    }.items()
    for key in keys
}


def test_every_preset_has_the_settings_of_the_records_that_texts_name():
    named = {
        f"records.{setting}"
        for path in TEXTS
        for setting in re.findall(
            r"records\.((?:rules|rendering|writer)\.[a-z_]+)", path.read_text("utf-8")
        )
    }
    assert "records.rules.min_works" in named
    for preset in PRESETS:
        given = {f"records.{section}.{key}" for section in ("rules", "rendering", "writer")
                 for key in load(preset).records[section]}  # fmt: skip
        assert given >= named | OF_THE_RECORDS, preset
