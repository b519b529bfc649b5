"""What the export is given of a run whose styles are known."""

import types

import numpy as np
from ml_collections import ConfigDict

from anime_style_tf.stages import export
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
    monkeypatch.setattr(export, "export_portraits", export_portraits)
    config = {"name": "made up", "image_size": 16, "export": {"saved_model": {"tolerance": 0.5}}}
    assert export.run(ConfigDict(config).lock(), tmp_path) == ["somewhere"]
    assert given["folder"] == tmp_path / "export"
    assert list(given["artists"]) == ARTISTS
    for name, corner in zip(ARTISTS, CORNERS, strict=True):
        np.testing.assert_array_equal(given["artists"][name], corner[:2])
    assert given["portraits"].style_encoder is trained.style_encoder
    assert given["portraits"].content_encoder is trained.content_encoder
    assert given["portraits"].generator == "G"
    assert (given["tolerance"], given["provenance"]["name"]) == (0.5, "made up")
