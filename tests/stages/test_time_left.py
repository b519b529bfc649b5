import json

import pytest
from ml_collections import ConfigDict

from anime_style_tf.stages.time_left import duration, seconds_left


@pytest.fixture
def config():
    return ConfigDict(
        {
            "name": "mine",
            "style": {"fit": {"steps": 100}},
            "measured": {
                "preset": "mine",
                "seconds": {"records": 10, "style": 30, "index": 5},
                "steps": {"style": 100},
            },
        }
    )


@pytest.mark.parametrize(
    ("seconds", "said"), [(41.6, "42 s"), (185, "3 min 05 s"), (3725, "1 h 02 min")]
)
def test_a_duration_is_said_as_a_person_does(seconds, said):
    assert duration(seconds) == said


def test_time_left_is_that_of_the_preset_until_a_stage_has_ended(config, tmp_path):
    assert seconds_left(config, tmp_path, ["records", "style", "index"]) == 45
    config.style.fit.steps = 300
    assert seconds_left(config, tmp_path, ["style", "index"]) == 95


def test_a_machine_that_took_twice_as_long_will_again(config, tmp_path):
    (tmp_path / "records").mkdir()
    (tmp_path / "records" / "done.json").write_text(json.dumps({"duration_seconds": 20.0}))
    assert seconds_left(config, tmp_path, ["style", "index"]) == 70


def test_nothing_is_said_of_what_was_not_measured(config, tmp_path):
    assert seconds_left(config, tmp_path, ["gan"]) is None
    config.name = "another"  # made from `mine`, of other sizes
    assert seconds_left(config, tmp_path, ["style"]) is None
    assert seconds_left(ConfigDict({"name": "mine"}), tmp_path, ["style"]) is None
