import json
import re

import pytest
from ml_collections import ConfigDict

from anime_style_tf.data.conversion.outcome import summary
from anime_style_tf.data.reader import Records
from anime_style_tf.errors import InputError
from anime_style_tf.stages import records
from tests.stages.tiny_runs import run


def config(**section):
    return ConfigDict(
        {
            "image_size": 16,
            "seed": 0,
            "records": {
                "source": "dicebear",
                "source_options": {"works_per_artist": 6, "styles": ["dylan", "pixel-art"]},
                "rendering": {},
                "rules": {"min_works": 5, "test_minimum": 2},
                "writer": {"workers": 1, "progress": False},
            }
            | section,
        }
    ).lock()


def test_the_stage_leaves_records_with_their_attribution(tmp_path):
    line, *verdicts = records.run(config(), tmp_path)
    written = Records(tmp_path / "records")
    assert written.artists == ["dylan", "pixel-art"]
    assert written.image_size == 16
    assert written.verify() == []
    assert "Natalia Spivak" in (tmp_path / "records" / "ATTRIBUTION.md").read_text("utf-8")
    assert "2 artists, 8 training and 4 test portraits" in line
    assert verdicts == [f"{tmp_path / 'records'}: 12 files = 12 kept"]


def test_the_stage_can_run_again_over_what_an_interrupted_run_left(tmp_path):
    records.run(config(), tmp_path)
    records.run(config(), tmp_path)
    assert Records(tmp_path / "records").count("all") == 12


def test_options_of_another_source_are_refused_with_those_there_are(tmp_path):
    message = "'folder' takes path, cache, .*received also styles, works_per_artist: start from"
    with pytest.raises(InputError, match=message):
        records.run(config(source="folder"), tmp_path)


def test_overwriting_keeps_which_works_test(tmp_path):
    """Twice the works, and yet none of the first has changed sides."""
    settings = ConfigDict({"name": "tiny", "precision": "float32"} | dict(config()))
    run(tmp_path, "records", settings=settings)
    before = json.loads((tmp_path / "records" / "info.json").read_text("utf-8"))
    more = settings.copy_and_resolve_references()
    more.records.source_options.works_per_artist = 12
    lines = run(tmp_path, "records", settings=more, overwrite=True)
    after = json.loads((tmp_path / "records" / "info.json").read_text("utf-8"))
    assert lines[0] == "[1/8] records: replacing the old results (--overwrite)"
    assert Records(tmp_path / "records").count() == 24
    thresholds = [[artist["threshold"] for artist in each["artists"]] for each in (before, after)]
    assert thresholds[0] == thresholds[1]
    assert (
        json.loads((tmp_path / "records" / "config.json").read_text("utf-8"))
        == (json.loads((tmp_path / "records" / "done.json").read_text("utf-8"))["settings"])
    )


def test_an_unknown_source_is_an_error_that_lists_the_known(tmp_path):
    with pytest.raises(
        InputError, match="expected one of folder, manifest, danbooru, dicebear, received 'web'"
    ):
        records.run(config(source="web"), tmp_path)


def test_the_settings_that_a_refusal_names_are_enough(tmp_path):
    for rules in ({}, {"min_works": 6}):
        with pytest.raises(InputError) as refusal:
            records.run(config(rules=rules), tmp_path)
        named = dict(re.findall(r"--config\.records\.rules\.(\w+)=(\d+)", str(refusal.value)))
        assert named == {"min_works": "6", "test_minimum": "3"}
    records.run(config(rules={name: int(value) for name, value in named.items()}), tmp_path)
    assert Records(tmp_path / "records").count("all") == 12


def test_the_summary_says_how_to_keep_more_artists():
    info = {
        "artists": [{}] * 26, "counts": {"train": 9, "test": 3}, "verdicts": {},
        "rules": {"min_works": 50, "test_minimum": 10},
        "dropped_artists": [{"name": f"a{n}", "works": 5 if n < 35 else 4} for n in range(86)],
    }  # fmt: skip
    assert summary(info)[-2:] == [
        "26 artists kept of 112; 86 have fewer than min_works = 50; "
        "--min_works=5 --test_minimum=2 keeps 61",
        "a dropped artist can be enrolled once all is trained: anime-style enroll",
    ]
    info["dropped_artists"] = []
    assert not any("kept of" in line for line in summary(info))
