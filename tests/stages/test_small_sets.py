"""The numbers and figures of sets that are too small for some of them."""

import dataclasses
import json
import shutil

import keras
import numpy as np
import pytest
from ml_collections import ConfigDict

from anime_style_tf.content_encoder import ContentEncoder
from anime_style_tf.data.conversion.plan import Plan
from anime_style_tf.data.conversion.rendering import Settings
from anime_style_tf.data.conversion.selection import Rules
from anime_style_tf.data.conversion.writer import write_records
from anime_style_tf.decoder import Decoder
from anime_style_tf.stages import evaluate, explore
from anime_style_tf.style_encoder import StyleEncoder
from anime_style_tf.workdir.networks import prune, save_network
from tests.data.drawings import Drawings

ARTISTS = ["ann", "bob", "cat", "eve"]
NETWORK = {"image_size": 16, "levels": (4, 6)}
EVALUATE = {"recovery": {"images": 8}, "reattribution": {"images_per_artist": 2}}
EXPLORE = {
    "figure_2": {"rows": 1, "columns": 2}, "figure_3": {"side": 2}, "figure_6": {"works": 2},
    "figure_4_5": {"samples": 1, "works": 6}, "figure_7": {"rows": 1, "columns": 2},
    "style_map": {}, "dimension_dictionary": {"works": 2, "resamples": 5},
}  # fmt: skip


class OneIdentity(Drawings):
    """Drawings of the same subjects by every artist."""

    def artworks(self):
        return (dataclasses.replace(each, work_id=str(each.number)) for each in super().artworks())


def make_run(workdir):
    """Leaves records of one test work by each artist, and networks that have learned nothing."""
    write_records(
        Plan(
            source=OneIdentity(dict.fromkeys(ARTISTS, 4)),
            output=workdir / "records",
            rendering=Settings(image_size=16),
            rules=Rules(min_works=2, test_fraction=0.0, test_minimum=1),
            workers=1,
            progress=False,
        )
    )
    artists, random = len(ARTISTS), np.random.default_rng(0)
    keras.utils.set_random_seed(0)
    style = StyleEncoder(**NETWORK, code_size=4)
    style.build()
    content = ContentEncoder(**NETWORK, code_size=3, hidden_size=4)
    content.build()
    generator = Decoder(**NETWORK, code_size=2 + 3 + 1, hidden_size=4)
    generator.build()
    for folder in ("style", "content", "gan", "evaluate", "explore"):
        (workdir / folder).mkdir()
    for folder, name, network in (
        ("style", "style_encoder", style),
        ("style", "classifier_encoder", style),
        ("style", "pruned_style_encoder", prune(style, 2, random.normal(size=(9, 4)))),
        ("content", "pruned_content_encoder", prune(content, 3, random.normal(size=(9, 3)))),
        ("gan", "generator", generator),
    ):
        save_network(network, workdir / folder / f"{name}.keras")
    np.savez(
        workdir / "style" / "artists.npz",
        presumed_styles=random.normal(size=(artists, 4)), scales=np.ones(4),
        mean_styles=random.normal(size=(artists, 2)),
        classifier_kernel=random.normal(size=(4, artists)), classifier_bias=np.zeros(artists),
    )  # fmt: skip
    about = {"code_size": 2, "rule": "by hand", "split": "none", "count": 2}
    (workdir / "style" / "pruning.json").write_text(json.dumps(about))
    curve = {"lengths": [1, 2, 3], "squared_error": [3, 2, 1], "standard_error": [0, 0, 0]}
    (workdir / "content" / "pruning.json").write_text(json.dumps(about | curve))
    for folder in ("content", "gan"):
        (workdir / folder / "done.json").write_text("{}")
    return workdir


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A run on one test work of each of four artists, all of one identity."""
    workdir = make_run(tmp_path_factory.mktemp("run"))
    said = evaluate.run(ConfigDict({"seed": 0, "evaluate": EVALUATE}).lock(), workdir)
    drawn = explore.run(ConfigDict({"seed": 0, "explore": EXPLORE}).lock(), workdir)
    metrics = json.loads((workdir / "evaluate" / "metrics.json").read_text("utf-8"))
    return workdir, metrics, said, drawn


def test_what_one_test_work_of_each_artist_cannot_show_is_left_out_with_its_reason(small):
    _, metrics, said, _ = small
    ratio = metrics["style"]["variance_ratio_at_k_S"]["metric_learning"]
    assert ratio["not_measured"].startswith("a variance ratio needs two artists, and two works")
    assert "received 1: measure more" in metrics["retrieval"]["not_measured"]
    gaps = metrics["validity"]["discrimination_gaps"]
    assert set(gaps) == set(ARTISTS)
    assert all(list(gap) == ["not_measured"] for gap in gaps.values())
    assert metrics["robustness"] == ratio  # in units of two works by one artist
    assert "7 test works" in metrics["attribution"]["not_measured"]
    (line,) = [line for line in said if "variance_ratio" in line]
    assert line.startswith("not measured: style.variance_ratio_at_k_S.metric_learning and 6 more: ")


def test_everything_else_is_measured_all_the_same(small):
    _, metrics, said, _ = small
    assert metrics["style"]["accuracy_at_k_S"]["count"] == 2
    assert metrics["validity"]["precision_by_chance"]["value"] == pytest.approx(1 / 4)
    assert metrics["recovery"]["style"]["value"] > 0
    assert "variance ratio not measured, classifier not measured" in said[1]


def test_the_figures_that_need_more_works_are_missing_and_named(small):
    workdir, _, _, drawn = small
    left = {path.name for path in (workdir / "explore").glob("*.png")}
    missing = {"dimensions.png", "retrieval.png", "calibration.png"}
    assert left == {
        *(f"figure_{number}.png" for number in range(1, 8)), "content_curve.png", "style_map.png",
    }  # fmt: skip
    assert {line.split(":")[0] for line in drawn[1:4]} == {f"no {name}" for name in missing}
    assert not any(name in drawn[0] for name in missing)
    numbers = json.loads((workdir / "explore" / "dimensions.json").read_text("utf-8"))
    assert list(numbers) == ["not_measured"]


def test_the_style_code_alone_is_measured_and_drawn(small, tmp_path):
    """As on the whole run, from files, without the folders of the other networks."""
    for name in ("records", "style"):
        shutil.copytree(small[0] / name, tmp_path / name)
    for stage, settings in ((evaluate, EVALUATE), (explore, EXPLORE)):
        name = stage.__name__.rpartition(".")[2]
        (tmp_path / name).mkdir()
        said = stage.run(ConfigDict({"seed": 0, name: settings}).lock(), tmp_path)
    metrics = json.loads((tmp_path / "evaluate" / "metrics.json").read_text("utf-8"))
    assert metrics["style"] == small[1]["style"]
    assert "run --stage=content" in metrics["recovery"]["not_measured"]
    places = [json.loads((folder / "explore" / "style_map.json").read_text("utf-8"))
              for folder in (small[0], tmp_path)]  # fmt: skip
    assert places[0] == places[1]
    assert said[1].startswith("no figure_2.png, ")
    assert said[1].endswith("run --stage=content with the same --workdir")
