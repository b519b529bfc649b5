"""The benchmark of the order on made codes: which drawings it compares, and what it finds."""

import json

import numpy as np
import pytest

from tests.benchmarks.commands import run

SIZE = 40


def write_codes(path, codes, artists, subjects, held_out):
    np.savez(
        path,
        **{
            f"{part}_{name}": values[rows]
            for part, rows in (("train", ~held_out), ("test", held_out), ("unseen", held_out))
            for name, values in (("codes", codes), ("artists", artists), ("subjects", subjects))
        },
        artist_names=np.array(["a", "b", "c", "d"]),
        unseen_is_test=np.ones(np.sum(held_out), bool),
    )


@pytest.mark.slow
def test_drawings_held_out_of_both_are_matched_and_a_turned_prefix_is_found_again(tmp_path):
    generator = np.random.default_rng(0)
    artists, subjects = np.repeat([0, 1], 240), np.tile(np.arange(240) // 2, 2).astype(str)
    codes = generator.normal(size=(480, SIZE)) * np.linspace(3, 1, SIZE)
    turned = codes.copy()
    turned[:, :2] = codes[:, :2] @ [[0.6, -0.8], [0.8, 0.6]]
    number = subjects.astype(int)
    for name, values, held_out in (("a", codes, number < 80), ("b", turned, number >= 30)):
        write_codes(tmp_path / f"{name}.npz", values, artists, subjects, held_out)
    codes = f"--codes={tmp_path / 'a.npz'},{tmp_path / 'b.npz'}"
    done = run("style_emoji_order", codes, f"--output={tmp_path / 'order.json'}")
    result = json.loads((tmp_path / "order.json").read_text())
    assert len(result["pairs"]) == 2
    for pair in result["pairs"]:
        assert pair["drawings"] == 2 * 2 * 50  # artists, drawings of a subject, subjects 30 to 79
        explained = dict(zip(result["lengths"], pair["explained"], strict=True))
        assert explained[1] < 0.9
        np.testing.assert_allclose([explained[2], explained[8], explained[32]], 1, atol=1e-6)
        assert pair["random"][2] < 0.5
    assert "| 2 | 1.000 (1.000-1.000) |" in done.stdout
