"""What exported models answer is what the run answers in Python."""

import shutil

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from anime_style_tf.library.catalog import Catalog
from anime_style_tf.library.enrollment import enroll_portraits
from anime_style_tf.library.portrait_sources import Portrait
from anime_style_tf.library.served_answers import served_answers
from tests.stages.searchable import MANY, make_index, make_run


@pytest.fixture(scope="module")
def workdir(tmp_path_factory):
    workdir = make_run(tmp_path_factory.mktemp("run"), works=MANY)
    make_index(workdir)
    pictures = [
        Portrait(source=color, image=np.array(Image.new("RGB", (16, 16), color)))
        for color in ("teal", "navy", "gold")
    ]
    enroll_portraits(workdir, "new", pictures)
    return workdir


def test_works_and_artists_are_those_of_the_catalog_enrolled_ones_included(workdir):
    catalog = Catalog(workdir)
    answers, lines = served_answers(workdir)
    assert lines == []
    codes = catalog.index.codes[::7]
    near = answers["works"](tf.constant(codes, tf.float64))
    expected = catalog.nearest(codes, answers["works"].count)
    np.testing.assert_allclose(near["distances"], expected.distances, atol=1e-5)
    identities = catalog.index.identities[expected.rows]
    assert [[name.decode() for name in row] for row in near["works"].numpy()] == identities.tolist()

    ranked = answers["artists"](tf.constant(codes, tf.float64))
    assert answers["artists"].count == len(catalog.artists) == 4
    probabilities, p_values = ranked["probabilities"].numpy(), ranked["p_value"].numpy()
    for row, (attribution, _) in enumerate(catalog.who_drew(codes)):
        assert ranked["artists"].numpy()[row, 0].decode() == attribution["artist"]
        assert probabilities[row, 0] == pytest.approx(attribution["probability"], abs=1e-5)
        assert p_values[row] == pytest.approx(attribution["p_value"], abs=1e-5)


def test_a_run_without_an_index_answers_neither_and_says_so(workdir, tmp_path):
    shutil.copytree(workdir, tmp_path / "run")
    shutil.rmtree(tmp_path / "run" / "index")
    answers, (line,) = served_answers(tmp_path / "run")
    assert answers == {}
    assert "neither nearest_bytes nor attribute_bytes is exported" in line
    assert "has no index" in line
