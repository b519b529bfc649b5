import pathlib

import pytest

from anime_style_tf.errors import InputError
from anime_style_tf.terminal.command_line import (
    check_given,
    presets,
    with_presets,
    words_to_repeat,
)
from anime_style_tf.terminal.typed import anime_style

PRESET = """
from ml_collections import ConfigDict

def get_config(steps="3"):
    return ConfigDict({"seed": 1, "style": {"fit": {"steps": int(steps), "flip": True}}})
"""


@pytest.fixture
def preset(tmp_path):
    path = tmp_path / "preset.py"
    path.write_text(PRESET)
    return path


@pytest.mark.parametrize(
    "override",
    [
        "--config.seed=2",
        "--config.style.fit.steps=4",
        "--noconfig.style.fit.flip",
        "--workdir=x",
        "-config.seed=2",
    ],
)
@pytest.mark.parametrize("form", ["--config={}", "--config {}", "-config={}", "--config={}:5"])
def test_right_keys_pass(preset, form, override):
    with_presets(["anime-style", *form.format(preset).split(), override])


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("seeed", "seed"),
        ("stile.fit.steps", "style.fit.steps"),
        ("style.fit.setps", "style.fit.steps"),
        ("style.fit.stpes.x", "style.fit.steps"),
        ("style.steps", "style.fit.steps"),
    ],
)
def test_a_wrong_key_is_answered_with_the_right_one(preset, wrong, right):
    with pytest.raises(InputError, match=rf"'{wrong}': did you mean --config.{right}\?"):
        with_presets(["anime-style", f"--config={preset}", f"--config.{wrong}=1"])


def test_a_key_like_no_other_is_answered_with_those_there_are(preset):
    with pytest.raises(InputError, match=r"'style.zzzzzzzzz': there are style.fit"):
        with_presets(["anime-style", f"--config={preset}", "--config.style.zzzzzzzzz=1"])


def test_a_key_in_a_section_like_no_other_is_answered_with_the_sections(preset):
    with pytest.raises(InputError, match=r"'qqqq.zzzzzzzzz': there are seed, style$"):
        with_presets(["anime-style", f"--config={preset}", "--config.qqqq.zzzzzzzzz=1"])


def test_a_missing_file_is_answered_with_the_presets_there_are():
    with pytest.raises(InputError, match=r"received 'demo.py'.*give one of collection, demo, "):
        with_presets(["anime-style", "--config=demo.py"])


@pytest.mark.parametrize("form", ["--config={}", "--config {}", "-config={}"])
def test_a_preset_is_named_without_its_path_and_with_its_word(form):
    words = with_presets(["anime-style", *form.format("demo:folder").split(), "--workdir=demo"])
    assert " ".join(words[1:-1]).endswith("/demo.py:folder")
    assert pathlib.Path(words[-2].rpartition("=")[2].partition(":")[0]).is_file()
    assert words[-1] == "--workdir=demo"


def test_presets_are_those_of_the_checkout(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    everything = ["collection", "demo", "paper", "portraits", "pretrained", "smoke"]
    assert list(presets()) == everything


def test_a_wrong_key_is_not_answered_with_its_section_or_a_neighbor_of_another_name(tmp_path):
    path = tmp_path / "preset.py"
    path.write_text(PRESET.replace('"seed": 1', '"records": {"options": {"seed": 1}}'))
    with pytest.raises(InputError, match=r"'records.options.path': there are records.options.seed"):
        with_presets(["anime-style", f"--config={path}", "--config.records.options.path=x"])


def test_a_word_that_a_preset_does_not_take_is_one_line(preset):
    with pytest.raises(InputError, match=r"with 'many' after its colon \(ValueError: .*the top of"):
        with_presets(["anime-style", f"--config={preset}:many"])


@pytest.mark.parametrize("preset", ["smoke", "demo", "portraits"])
def test_a_source_that_a_preset_does_not_have_is_answered_with_those_it_has(preset):
    with pytest.raises(
        InputError, match=r"expected (dicebear or folder|folder or dicebear), received 'foldr'"
    ):
        with_presets(["anime-style", f"--config={preset}:foldr"])


def test_an_override_before_its_file_is_refused(preset):
    with pytest.raises(InputError, match="must come before"):
        with_presets(["anime-style", "--config.seed=2", f"--config={preset}"])


def test_a_file_that_gives_no_configuration_is_refused(tmp_path):
    path = tmp_path / "preset.py"
    path.write_text("def get_config():\n    return {'seed': 1}\n")
    with pytest.raises(InputError, match="received dict"):
        with_presets(["anime-style", f"--config={path}"])


def test_words_after_two_dashes_are_not_looked_at():
    with_presets(["anime-style", "--", "--config=missing.py"])


def test_a_flag_that_is_missing_is_answered_with_an_example():
    check_given(config="demo", workdir="runs/demo")
    with pytest.raises(InputError, match=r"--workdir is missing: give .*--workdir=runs/demo"):
        check_given(config="demo", workdir=None)


@pytest.mark.parametrize("chosen", ["--stage=gan", "--stage gan", "-stage=gan", "--overwrite"])
def test_the_repeated_command_leaves_stage_and_overwrite_to_be_chosen(chosen):
    typed = ["anime-style", "--config=a.py", *chosen.split(), "--workdir=w"]
    words = words_to_repeat(typed)
    assert words == [*anime_style(), "train", "--config=a.py", "--workdir=w"]


def test_a_key_in_a_section_without_any_is_answered_with_where_to_write_it(tmp_path):
    path = tmp_path / "preset.py"
    path.write_text(PRESET.replace('"seed": 1', '"writer": {}'))
    with pytest.raises(InputError, match=r"'writer\.zzz': writer is empty: write what .* file$"):
        with_presets(["anime-style", f"--config={path}", "--config.writer.zzz=x"])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("x", "NameError"),
        ("def get_config(:", "SyntaxError"),
        ("def get_config():\n    raise RuntimeError('no')", "RuntimeError: no"),
    ],
)
def test_a_file_that_does_not_run_is_named_with_what_it_raised(tmp_path, text, why):
    path = tmp_path / "preset.py"
    path.write_text(text)
    with pytest.raises(InputError, match=f"preset.py is no configuration file .{why}"):
        with_presets(["anime-style", f"--config={path}"])
