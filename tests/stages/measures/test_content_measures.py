import types

from anime_style_tf.stages.measures.content_measures import measure_content
from tests.stages.made_up_run import make_trained


def test_the_content_code_is_reported_as_its_stage_measured_it(tmp_path):
    content = measure_content(types.SimpleNamespace(trained=make_trained(tmp_path)))
    assert content["k_C"] == {"value": 1, "definition": "the rule of content"}
    curve = content["reconstruction_against_length"]
    assert (curve["value"], curve["interval"]) == ([0.5], [[0.4], [0.6]])
    assert (curve["count"], curve["split"]) == (7, "some of content")
