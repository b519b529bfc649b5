import shutil

import numpy as np
import pytest
from PIL import Image

from anime_style_tf.errors import InputError
from anime_style_tf.library.answer_sheet import ask
from anime_style_tf.library.catalog import Catalog
from anime_style_tf.library.embedding import StyleCoder
from anime_style_tf.library.enrolled_artists import read_enrolled
from anime_style_tf.library.enrollment import enroll, enroll_portraits, remove
from anime_style_tf.library.index_folder import open_index, run_attribution
from anime_style_tf.library.portrait_sources import Portrait
from tests.stages.searchable import MANY, make_index, make_run


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    workdir = make_run(tmp_path_factory.mktemp("run"), works=MANY)
    make_index(workdir)
    return workdir


@pytest.fixture
def workdir(run):
    yield run
    shutil.rmtree(run / "enrolled", ignore_errors=True)


@pytest.fixture
def images(tmp_path):
    """Three pictures, nothing like the noise of the records."""
    colors = ("teal", "navy", "gold")
    for color in colors:
        Image.new("RGB", (16, 16), color).save(tmp_path / f"{color}.png")
    return [tmp_path / f"{color}.png" for color in colors]


def portraits(paths):
    return [Portrait(source=str(path), image=np.array(Image.open(path))) for path in paths]


def answers_to(workdir, images, *, count=8, artists=None):
    catalog = Catalog(workdir)
    return ask(catalog, portraits(images), count=count, artists=catalog.named(artists))


def test_codes_are_asked_with_without_a_picture_or_a_file(workdir, images):
    enroll_portraits(workdir, "new", portraits(images))
    catalog = Catalog(workdir)
    assert catalog.artists == ["ann", "bob", "cat", "new"]
    codes = catalog.coder([portrait.image for portrait in portraits(images)])
    near = catalog.nearest(codes, 1)
    np.testing.assert_allclose(near.distances, 0, atol=1e-5)
    assert [catalog.work(row)["source"] for row in near.rows[:, 0]] == [
        str(path) for path in images
    ]
    for image, row in zip(portraits(images), near.rows[:, 0], strict=True):
        np.testing.assert_array_equal(catalog.picture(row), image.image)
    (attribution, ranked), *_ = catalog.who_drew(codes)
    assert attribution["artist"] == ranked[0]["artist"]
    assert sum(artist["probability"] for artist in ranked) == pytest.approx(1)
    (_, (only,)), *_ = catalog.who_drew(codes, artists=["bob"])
    (same,) = [artist for artist in ranked if artist["artist"] == "bob"]
    assert only == same


def test_portraits_name_their_sources_where_no_path_was_given(workdir, images):
    lines, unusable = enroll_portraits(workdir, "new", iter(portraits([*images, images[0]])))
    assert lines == ["new: enrolled from 3 portraits"]
    assert unusable == [(str(images[0]), "given twice")]
    assert read_enrolled(workdir)[0].images == tuple(map(str, images))


def test_answers_are_those_of_the_attribution_on_the_same_codes(workdir, images):
    catalog = Catalog(workdir, error_rate=0.2)
    rows, answers = ask(catalog, portraits(images), count=8)
    model = run_attribution(workdir, open_index(workdir)[2])
    codes = StyleCoder(workdir)([each.image for each in portraits(images)])
    whole = model.attribute(codes)
    known = whole.probabilities[:, :-1] / whole.probabilities[:, :-1].sum(axis=1, keepdims=True)
    for row, answer, chances, p_value in zip(rows, answers, known, whole.p_values, strict=True):
        listed = {each["artist"]: each["probability"] for each in answer["artists"]}
        assert listed == pytest.approx(dict(zip(model.names, chances, strict=True)))
        assert list(listed.values()) == sorted(listed.values(), reverse=True)
        assert [each["rank"] for each in answer["artists"]] == [1, 2, 3]
        said = answer["attribution"]
        assert said["artist"] == answer["artists"][0]["artist"]
        assert (said["p_value"], said["unknown"]) == (p_value, p_value <= 0.2)
        assert row.answers[0][0] == ("unknown" if said["unknown"] else said["artist"])
    assert catalog.notes == []
    assert set(catalog.definitions) == {"neighbors", "artists", "probability", "p_value", "unknown"}


def test_enrolled_works_are_neighbors_with_their_pictures_at_once(workdir, images):
    enroll(workdir, "新人", images[:2])
    rows, answers = answers_to(workdir, images[:1], count=2)
    first = answers[0]["neighbors"][0]
    assert first["distance"] < 1e-5
    assert (first["artist"], first["split"]) == ("新人", "enrolled")
    assert first["source"] == str(images[0])
    assert rows[0].artists[0] == "新人"
    np.testing.assert_array_equal(rows[0].neighbors[0], portraits(images[:1])[0].image)
    assert "新人" in {each["artist"] for each in answers[0]["artists"]}
    remove(workdir, "新人")
    _, answers = answers_to(workdir, images[:1], count=200)
    assert len(answers[0]["neighbors"]) == sum(MANY.values())
    assert len(answers[0]["artists"]) == 3


def test_an_enrolled_artist_is_attributed_with_the_others(workdir, images):
    enroll(workdir, "新人", images)
    _, answers = answers_to(workdir, images)
    model = run_attribution(workdir, open_index(workdir)[2])
    model = model.enroll("新人", read_enrolled(workdir)[0].works["code"])
    codes = StyleCoder(workdir)([each.image for each in portraits(images)])
    np.testing.assert_allclose(
        [answer["attribution"]["p_value"] for answer in answers], model.attribute(codes).p_values
    )


def test_those_asked_for_keep_their_probabilities_among_all(workdir, images):
    _, (all_of_them,) = answers_to(workdir, images[:1])
    _, (some,) = answers_to(workdir, images[:1], artists=["bob"])
    (bob,) = some["artists"]
    (same,) = [each for each in all_of_them["artists"] if each["artist"] == "bob"]
    assert bob == same | {"rank": 1}
    assert some["attribution"] == all_of_them["attribution"]


def test_an_enrolled_artist_can_be_the_only_one_asked_for(workdir, images):
    enroll(workdir, "new", images)
    rows, (answer,) = answers_to(workdir, images[:1], artists=["new"])
    assert {each["artist"] for each in answer["neighbors"]} == {"new"}
    assert len(rows[0].neighbors) == 3


def test_a_name_is_found_however_its_accent_is_stored_and_with_a_comma_in_it(workdir, images):
    enroll(workdir, "Café, Zoë", images)
    asked = ["Cafe\u0301, Zoe\u0308"]
    _, (answer,) = answers_to(workdir, images[:1], artists=asked)
    assert {each["artist"] for each in answer["neighbors"]} == {"Café, Zoë"}
    with pytest.raises(InputError, match="has none called 'Café'"):
        Catalog(workdir).named(["bob,Café, Zoë"])
    _, (answer,) = answers_to(workdir, images[:1], artists=["Bob, \uff43at"])
    assert {each["artist"] for each in answer["artists"]} == {"bob", "cat"}


def test_an_error_rate_that_cannot_be_kept_is_said(workdir, images):
    catalog = Catalog(workdir, error_rate=0.01)
    assert catalog.notes[0].startswith("nothing is called unknown: with")
    assert catalog.definitions["unknown"].endswith("held-out works no p-value is that small")
    with pytest.raises(InputError, match="--error_rate: expected a share"):
        Catalog(workdir, error_rate=1.5)


def test_an_index_from_before_there_was_an_attribution_says_what_to_do(workdir):
    path = workdir / "index" / "attribution.npz"
    kept = path.read_bytes()
    path.unlink()
    with pytest.raises(InputError, match=r"attribution\.npz cannot be read .*--overwrite"):
        Catalog(workdir)
    path.write_bytes(kept)
