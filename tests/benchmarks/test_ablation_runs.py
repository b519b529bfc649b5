import pytest

from benchmarks.ablation_runs import OPTIONS, numbers, table, without
from configs import demo


@pytest.mark.parametrize("option", OPTIONS)
def test_without_an_option_only_what_it_names_differs(option):
    section = demo.get_config().gan
    before = section.to_json()
    plain = without(section, option)
    assert section.to_json() == before
    named = OPTIONS[option]
    for key in section:
        if key not in named:
            assert plain[key] == section[key]
    for key, value in named.items():
        if isinstance(value, dict):
            expected = section[key].to_dict() | value if value else {}
            assert plain[key].to_dict() == expected != section[key].to_dict()


def test_the_paper_has_none_of_the_options():
    plain = without(demo.get_config().gan, "all but the paper's").model
    assert plain.mixture is plain.perturbation is None
    assert {plain[name] for name in plain if name.endswith("_weight")} == {1.0, 0.0}


def test_a_cell_is_the_mean_of_seeds_with_their_range():
    def trained(steps, share):
        ones = ("kernel_distance", "recall", "nyquist_ratio", "edge_ratio")
        fidelity = {name: {"generated_as_drawn": {"value": 1}} for name in ones}
        fidelity["moved_by"] = {"free": {"value": 2.25}}
        sections = {
            "reattribution": {
                "by_classifier": {"share_as_drawn": {"value": share}},
                "by_hand_made_features": {"share_as_drawn": {"value": 0.125}},
            },
            "fidelity": fidelity,
            "recovery": {"style_as_drawn": {"value": 0.5}, "content_as_drawn": {"value": 0.25}},
        }
        return {"steps": steps, "numbers": numbers(sections)}

    rows = {"mismatch": {"0": trained(100, 0.5), "1": trained(120, 0.75)}}
    line = table(rows).splitlines()[-1]
    assert line.startswith("| mismatch | 110 (100-120) | 0.625 (0.500-0.750) | 0.125 (0.125-0.125)")
