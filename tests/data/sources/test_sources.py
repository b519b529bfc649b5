"""What every source must do; a new one joins with a row."""

import inspect
import pickle

import numpy as np
import pytest
from PIL import Image

from anime_style_tf.data.sources import SOURCES

OPTIONS = {
    "folder": lambda path: {"path": path},
    "dicebear": lambda path: {"works_per_artist": 2, "styles": ["dylan", "pixel-art"]},
}


@pytest.fixture(params=SOURCES)
def source(request, tmp_path):
    for artist in ("ann", "bob"):
        (tmp_path / artist).mkdir()
        for number in range(2):
            Image.new("RGB", (9, 5), (99, 0, number)).save(tmp_path / artist / f"{number}.png")
    return SOURCES[request.param](**OPTIONS[request.param](tmp_path))


def test_constructor_arguments_are_keywords_only(source):
    parameters = list(inspect.signature(type(source)).parameters.values())
    assert all(parameter.kind == parameter.KEYWORD_ONLY for parameter in parameters)


def test_artworks_come_in_the_same_order_each_time_with_identities_unique_per_artist(source):
    works = list(source.artworks())
    assert works == list(source.artworks())
    assert len({(work.artist, work.work_id) for work in works}) == len(works) == 4


def test_artworks_survive_pickling_and_render_the_same_there(source):
    work = next(source.artworks())
    again = pickle.loads(pickle.dumps(work))
    assert again == work
    first, second = work.render(16), again.render(16)
    np.testing.assert_array_equal(first.image, second.image)
    assert first.factors == second.factors


def test_a_rendered_work_is_square_srgb_with_a_coverage_mask(source):
    picture = next(source.artworks()).render(16)
    assert (picture.image.shape, picture.image.dtype) == ((16, 16, 3), np.uint8)
    assert (picture.coverage.shape, picture.coverage.dtype) == ((16, 16), np.uint8)
    assert not picture.image[picture.coverage == 0].any()


def test_the_description_names_the_source(source):
    assert SOURCES[source.description()["name"]] is type(source)
