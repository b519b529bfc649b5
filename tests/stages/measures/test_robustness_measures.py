import types

import numpy as np
import pytest

from anime_style_tf.evaluation.arrays import Codes
from anime_style_tf.stages.measures import robustness_measures
from anime_style_tf.stages.measures.measured_run import SearchCodes, Works
from anime_style_tf.workdir import networks

PLACES = np.array([0, 3, 10, 14])  # of two works by each of two artists, on the kept dimension


@pytest.fixture
def effects(monkeypatch):
    """A picture's level is its code; one change does nothing, one exchanges the artists."""
    monkeypatch.setattr(
        robustness_measures, "PERTURBATIONS",
        {"nothing": lambda images: images, "artists exchanged": lambda images: images[::-1]},
    )  # fmt: skip
    monkeypatch.setattr(networks, "over_images", lambda encoder, images: encoder(images))
    images = np.tile(np.uint8(PLACES)[:, None, None, None], (1, 2, 2, 3))
    codes = Codes(PLACES[:, None], np.array([0, 0, 1, 1]))
    run = types.SimpleNamespace(
        first_works=lambda count: Works(images, codes.labels),
        kept=SearchCodes(codes, None),
        chosen=1,
        trained=types.SimpleNamespace(
            artists={"presumed_styles": np.array([[1.0, 99], [12.0, 0]])},
            network=lambda *_: lambda images: images[:, 0, 0, :2].astype(float),
        ),
        basis={"count": 7, "split": "test"},
    )
    return robustness_measures.measure_robustness(run)


def test_a_change_that_does_nothing_keeps_all_and_moves_nothing(effects):
    assert effects["nothing"]["attribution_kept"]["value"] == 1
    assert effects["nothing"]["median_move"]["value"] == 0
    assert effects["nothing"]["median_move"]["count"] == 4


def test_moves_are_in_units_of_the_distance_of_two_works_by_one_artist(effects):
    """Moves of 14, 7, 7 and 14; two works by one artist are 3 or 4 apart, in the root mean square

    sqrt((9 + 16) / 2).
    """
    exchanged = effects["artists exchanged"]
    assert exchanged["attribution_kept"]["value"] == 0
    assert exchanged["median_move"]["value"] == pytest.approx(10.5 / np.sqrt(12.5))
