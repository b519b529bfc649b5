"""What documents print is what committed results say; and a wrong digit is seen."""

import json

import pytest

from tests.conventions import numbers
from tests.conventions.sources import ROOT

DOCUMENTS = ["README.md", "benchmarks/README.md"]
SECTIONS = [
    (name, section)
    for name in DOCUMENTS
    for section in numbers.sections((ROOT / name).read_text("utf-8"))
]
DECLARED = [each for each in SECTIONS if numbers.declared(each[1])]
CONTENT = {
    "seeds": [{"method": "ours", "P@1": 0.8104}, {"method": "ours", "P@1": 0.9396}],
    "accuracy": {"value": 0.9444, "interval": [0.9296, 0.9512]},
    "seconds": 12.345,
    "images": 1680,
}


@pytest.mark.parametrize(("name", "section"), DECLARED, ids=lambda text: text.split("\n")[0][:40])
def test_every_number_is_in_a_committed_file(name, section):
    files, _, _ = numbers.declared(section)
    contents = [json.loads((ROOT / file).read_text("utf-8")) for file in files]
    assert numbers.numbers_not_found(section, contents) == []


def test_every_section_with_a_table_of_results_names_its_files():
    demo = (ROOT / "benchmarks" / "results" / "demo.json").exists()
    unnamed = [
        section.split("\n")[0]
        for name, section in SECTIONS
        if (name == "benchmarks/README.md" and "|---" in section)
        or (section.startswith("## What the demo gives") and demo)
        if not numbers.declared(section)
    ]
    assert unnamed == []


def missing(text, comment="made_up.json"):
    return numbers.numbers_not_found(f"<!-- numbers: {comment} -->\n{text}", [CONTENT])


@pytest.mark.parametrize(
    "text",
    [
        "It finds .944 (.930-.951) of them.",
        "| what | value |\n|---|---|\n| accuracy | .944 (.930 - .951) |\n| images | 1,680 |",
        "| what | mean |\n|---|---|\n| P@1 | .875 (.810-.940) |",
        "| what | seconds |\n|---|---|\n| ours | 12.3 |",
        "It takes 12.35 s; `0.777` is a setting, [this](2.17.md) a link.",
        "It finds 94.4 %.",
    ],
)
def test_numbers_that_are_there_are_found(text):
    assert missing(text) == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("It finds .945 (.930-.951) of them.", ".945 (.930-.951)"),
        ("It finds .944 (.930-.952) of them.", ".944 (.930-.952)"),
        ("| what | mean |\n|---|---|\n| P@1 | .876 (.810-.940) |", ".876 (.810-.940)"),
        ("| what | value |\n|---|---|\n| images | 1,681 |", "1,681"),
        ("| what | seconds |\n|---|---|\n| ours | 12.4 |", "12.4"),
        ("It finds 94.5 %.", "94.5"),
    ],
)
def test_a_wrong_digit_is_seen(text, wrong):
    assert missing(text) == [wrong]


def test_a_value_is_not_taken_with_the_interval_of_another():
    assert missing(".875 (.930-.951)") == [".875 (.930-.951)"]


def test_settings_and_numbers_with_a_reason_are_left_out_and_no_others():
    table = "| what | size | value |\n|---|---|---|\n| accuracy | 64 | .5 |\n\nThe goal is .99."
    assert missing(table) == ["64", ".5", ".99"]
    assert missing(table, "a.json; settings: size; without: .99 (the goal)") == [".5"]
