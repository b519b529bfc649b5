import numpy as np

from anime_style_tf.explorer.dimension_cards import dimension_cards

STYLES = np.array([[0.5, -1], [-2, 0], [1, 1], [0, 2], [3, -3]])
ENTRIES = {
    "properties": [
        {"name": "warmth", "more": "warmer colors", "less": "cooler colors"},
        {"name": "edges", "more": "more edges", "less": "fewer edges"},
    ],
    "dimensions": [
        {
            "goes_with": ["edges", "warmth"],
            "correlation": {"value": [0.3, -0.8]},
            "f_ratio": {"interval": [1.5, 9.0]},
        },
        {
            "goes_with": [],
            "correlation": {"value": [0.0, 0.0]},
            "f_ratio": {"interval": [0.5, 9.0]},
        },
    ],
}


def test_the_ends_are_the_works_with_the_least_and_the_most_of_it():
    first, second = dimension_cards(STYLES, None)
    assert (first["dimension"], second["dimension"]) == (1, 2)
    assert (first["lowest"], first["highest"]) == ([1, 3, 0, 2], [4, 2, 0, 3])
    assert second["range"] == [-3, 2]


def test_words_name_what_grows_towards_each_end_strongest_first():
    first, second = dimension_cards(STYLES, ENTRIES)
    assert first["more"] == ["fewer edges", "warmer colors"]
    assert first["less"] == ["more edges", "cooler colors"]
    assert second["more"] == second["less"] == []


def test_a_mark_says_what_was_shown():
    def marks(*trusted):
        entries = [
            entry | {"edits_trusted": {"value": value}}
            for entry, value in zip(ENTRIES["dimensions"], trusted, strict=True)
        ]
        cards = dimension_cards(STYLES, ENTRIES | {"dimensions": entries})
        return [card["trust"]["mark"] for card in cards]

    assert marks(True, True) == [2, 2]
    assert marks(False, False) == marks(None, None) == [1, 0]
    first, second = dimension_cards(STYLES, ENTRIES)
    assert (first["trust"]["mark"], second["trust"]["mark"]) == (1, 0)
    assert first["trust"]["says"].endswith("not measured")
    assert [card["trust"]["mark"] for card in dimension_cards(STYLES, None)] == [0, 0]


def test_a_dictionary_that_was_not_measured_leaves_only_the_works():
    cards = dimension_cards(STYLES, {"not_measured": "too few artists"})
    assert [card["more"] for card in cards] == [[], []]
