import shutil

import numpy as np
import pytest
from PIL import Image

from anime_style_tf import load
from anime_style_tf.errors import InputError
from anime_style_tf.workdir.trained import Trained
from tests.library.drawable import CONTENTS, MEAN_STYLES, make_drawable
from tests.stages.searchable import make_index, make_run


@pytest.fixture(scope="module")
def workdir(tmp_path_factory):
    workdir = make_drawable(tmp_path_factory.mktemp("run"))
    make_index(workdir)
    return workdir


@pytest.fixture
def space(workdir):
    return load(workdir)


@pytest.fixture(scope="module")
def paths(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    rng = np.random.default_rng(3)
    for name in "abcd":
        pixels = rng.integers(0, 256, (16, 16, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(folder / f"{name}.png")
    return sorted(folder.iterdir())


def test_the_same_pictures_give_the_same_codes_whichever_way_they_are_given(space, workdir, paths):
    arrays = np.stack([np.asarray(Image.open(path)) for path in paths])
    codes = space.style(paths)
    assert codes.shape == (4, 2)
    given = (paths[0].parent, [Image.open(path) for path in paths], arrays, list(arrays / 255))
    for pictures in given:
        np.testing.assert_array_equal(space.style(pictures), codes)
    style, content = Trained(workdir).encode(arrays)
    np.testing.assert_allclose(codes, style, atol=1e-6)
    np.testing.assert_allclose(space.content(paths), content, atol=1e-6)


def test_a_seed_draws_the_same_bytes_however_many_are_drawn_at_once(space):
    many = space.generate("ann", seed=5, count=11)
    assert many.shape == (11, 16, 16, 3)
    assert many.dtype == np.uint8
    np.testing.assert_array_equal(space.generate("ann", seed=5, count=2), many[:2])
    np.testing.assert_array_equal(space.generate("ann", seed=14), many[9:10])
    assert (many[0] != many[1]).any()
    assert (space.generate(seed=5) != space.generate(seed=6)).any()


def test_content_is_drawn_as_contents_of_works_lie(space):
    content = [CONTENTS.sample(np.random.default_rng((seed, 1)), 1) for seed in (5, 6)]
    assert np.abs(content).max() > 1.5
    wanted = space.draw(MEAN_STYLES[0], np.concatenate(content), seed=[5, 6])
    np.testing.assert_array_equal(space.generate("ann", seed=5, count=2), wanted)


def test_what_is_drawn_is_the_generator_at_the_codes(space, workdir, paths):
    style, content = space.style(paths[:1]), space.content(paths[1:2])
    drawn = space.transfer(content=paths[1], style=paths[0])
    wanted = Trained(workdir).generate(style, content)
    assert np.abs(drawn / 255 - wanted).max() <= 0.5 / 255 + 1e-6
    np.testing.assert_array_equal(
        space.reconstruct(paths[0]), space.transfer(content=paths[0], style=paths[0])
    )


def test_a_blend_is_the_weighted_mean_of_the_artists(space):
    np.testing.assert_allclose(space.artist_style("Bob"), MEAN_STYLES[1])
    blend = space.artist_style({"ann": 3, "bob": 1})
    np.testing.assert_allclose(blend, 0.75 * MEAN_STYLES[0] + 0.25 * MEAN_STYLES[1])


def test_a_grid_of_two_crosses_style_and_content(space, paths):
    grid = space.grid(paths[:2], rows=3, columns=2)
    assert grid.shape == (3, 2, 16, 16, 3)
    np.testing.assert_array_equal(grid[0, 0], space.reconstruct(paths[0])[0])
    np.testing.assert_array_equal(grid[2, 1], space.reconstruct(paths[1])[0])
    np.testing.assert_array_equal(grid[0, 1], space.transfer(content=paths[0], style=paths[1])[0])
    np.testing.assert_array_equal(grid[2, 0], space.transfer(content=paths[1], style=paths[0])[0])


def test_a_grid_of_four_has_them_in_its_corners(space, paths):
    grid = space.grid(paths, rows=2, columns=3)
    corners = np.stack([grid[0, 0], grid[0, 2], grid[1, 0], grid[1, 2]])
    np.testing.assert_array_equal(corners, space.reconstruct(paths))


def test_a_slide_and_an_edit_move_one_dimension_of_the_style(space, paths):
    style, content = space.style(paths[0]), space.content(paths[0])
    at_two = style.copy()
    at_two[:, 1] = 2
    slide = space.slide(paths[0], 1, (float(style[0, 1]), 2))
    np.testing.assert_array_equal(slide[0], space.reconstruct(paths[0])[0])
    np.testing.assert_array_equal(slide[1], space.draw(at_two, content)[0])
    moved = style.copy()
    moved[:, 0] -= 1.5
    np.testing.assert_array_equal(space.edit(paths[0], {0: -1.5}), space.draw(moved, content))


def test_who_drew_it_and_what_is_nearest_are_answered(space, workdir):
    image = space._networks.catalog.picture(7)
    ((first, second),) = space.nearest(image, 2)
    assert first["source"] == space._networks.catalog.work(7)["source"]
    assert first["distance"] == pytest.approx(0, abs=1e-6)
    assert second["distance"] >= 0
    (answer,) = space.who_drew(image, count=2)
    assert answer["artist"] in ("ann", "bob", "cat")
    assert 0 <= answer["probability"] <= 1
    assert len(answer["ranked"]) == 2


def test_an_enrolled_artist_is_drawn_and_found_by_name(space, workdir, paths):
    lines = space.enroll("new", paths[:3])
    try:
        assert lines[0] == "new: enrolled from 3 portraits"
        assert space.artists == ["ann", "bob", "cat", "new"]
        assert space.generate("new").shape == (1, 16, 16, 3)
        assert space.nearest(paths[0], 1)[0][0]["artist"] == "new"
    finally:
        shutil.rmtree(workdir / "enrolled")


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda space, path: space.style("nowhere.png"), "no such file"),
        (lambda space, path: space.style([]), "received none"),
        (lambda space, path: space.generate("anna"), "for instance ann"),
        (lambda space, path: space.generate({"ann": 0}), "weights above 0"),
        (lambda space, path: space.generate(count=0), "at least 1"),
        (lambda space, path: space.generate(seed=-1), "seed of 0"),
        (lambda space, path: space.generate(["ann", "bob"]), "no artist is called"),
        (lambda space, path: space.generate({"ann": np.inf}), "finite weights"),
        (lambda space, path: space.generate("ann", content=[path] * 2, count=3), "one picture"),
        (lambda space, path: space.transfer(content=[path] * 3, style=[path] * 2), "one for each"),
        (lambda space, path: space.draw(np.zeros(3), np.zeros(2)), "style codes of 2"),
        (lambda space, path: space.slide([path] * 2, 0), "one picture"),
        (lambda space, path: space.slide(path, 0, [np.nan]), "finite"),
        (lambda space, path: space.slide(path, 0, []), "one for each"),
        (lambda space, path: space.slide(path, 0.5), "from 0 to 1"),
        (lambda space, path: space.grid([path] * 3), "2 or 4 pictures"),
        (lambda space, path: space.slide(path, 2), "from 0 to 1"),
        (lambda space, path: space.edit(path, {-1: 1.0}), "from 0 to 1"),
    ],
)
def test_what_cannot_be_done_is_one_line(space, paths, ask, words):
    with pytest.raises(InputError, match=words) as refused:
        ask(space, paths[0])
    assert "\n" not in str(refused.value)


def test_a_run_of_the_style_alone_encodes_and_says_what_drawing_needs(tmp_path, paths):
    with pytest.raises(InputError, match="no run with a trained style encoder"):
        load(tmp_path)
    alone = load(make_run(tmp_path / "alone"))
    assert alone.style(paths).shape == (4, 2)
    with pytest.raises(InputError, match="--stage=content"):
        alone.reconstruct(paths)
