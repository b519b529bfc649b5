import hashlib
import json
import pathlib
import shutil
import zipfile

import numpy as np
import pytest
from PIL import Image

from anime_style_tf.errors import InputError
from anime_style_tf.library import enrollment
from anime_style_tf.library.embedding import StyleCoder
from anime_style_tf.library.enrolled_artists import read_enrolled
from anime_style_tf.library.index_folder import open_index, run_attribution
from anime_style_tf.library.portrait_sources import RecordedPortraits
from anime_style_tf.workdir.networks import load_network, save_network
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
def pictures(tmp_path):
    """Two pictures, a broken one, a copy, and an archive beside them with a third."""
    generator = np.random.default_rng(0)
    archived, tmp_path = tmp_path / "more.zip", tmp_path / "in"
    tmp_path.mkdir()
    for name in ("a.png", "b.png", "c.png"):
        Image.fromarray(generator.integers(0, 256, (16, 16, 3), np.uint8)).save(tmp_path / name)
    with zipfile.ZipFile(archived, "w") as archive:
        archive.write(tmp_path / "c.png", "c.png")
    (tmp_path / "c.png").write_bytes(b"no picture")
    shutil.copy(tmp_path / "a.png", tmp_path / "d.png")
    return tmp_path


def styles(workdir):
    return json.loads((workdir / "enrolled" / "styles.json").read_text("utf-8"))


def test_an_artist_is_enrolled_and_what_cannot_be_used_is_named(workdir, pictures):
    lines, aside = enrollment.enroll(workdir, " 手塚 ", [pictures, pictures.parent / "more.zip"])
    assert lines == ["手塚: enrolled from 3 portraits"]
    (bad, reason), (copy, why) = aside
    assert (bad, copy) == (f"{pictures}/c.png", f"{pictures}/d.png")
    assert reason.startswith("unreadable: no picture")
    assert why == f"duplicate of {pictures}/a.png"
    (each,) = read_enrolled(workdir)
    assert each.artist == "手塚"
    assert set(each.works["artist"]) == {"手塚"}
    assert each.images == (str(pictures), f"{pictures.parent}/more.zip")
    coder = StyleCoder(workdir)
    image = np.array(Image.open(pictures / "a.png"))
    np.testing.assert_allclose(each.works["code"][0], coder([image])[0], atol=1e-6)
    assert list(styles(workdir)["artists"]) == ["手塚"]


def test_the_same_file_twice_is_one_work(workdir, pictures):
    _, aside = enrollment.enroll(workdir, "Bo", [pictures / "a.png", pictures / "a.png"])
    assert aside == [(f"{pictures}/a.png", "given twice")]
    assert styles(workdir)["works"] == {"Bo": 1}


def test_the_style_is_that_of_the_attribution_in_generator_units(workdir, pictures):
    enrollment.enroll(workdir, "Bo", [pictures / "a.png", pictures / "b.png"])
    model = run_attribution(workdir, open_index(workdir)[2])
    codes = read_enrolled(workdir)[0].works["code"]
    style = model.enroll("Bo", codes).mean_styles[-1]
    pruned = load_network(workdir / "style" / "pruned_style_encoder.keras")
    expected = (style - pruned.mean.numpy()) / pruned.deviation.numpy()
    np.testing.assert_allclose(styles(workdir)["artists"]["Bo"], expected, rtol=1e-5)


def test_names_that_are_taken_are_refused_and_an_enrolled_one_can_be_replaced(workdir, pictures):
    enrollment.enroll(workdir, "Zoë", [pictures / "a.png"])
    with pytest.raises(InputError, match="'Zoë' is enrolled already: add --overwrite to replace"):
        enrollment.enroll(workdir, "Zoe\u0308", [pictures / "b.png"])  # The same, decomposed.
    with pytest.raises(InputError, match="trained on an artist 'ann': give the new one another"):
        enrollment.enroll(workdir, "ann", [pictures / "a.png"], overwrite=True)
    enrollment.enroll(workdir, "Zoë", [pictures / "a.png", pictures / "b.png"], overwrite=True)
    assert styles(workdir)["works"] == {"Zoë": 2}
    for name in ("", "  ", "two\nlines"):
        with pytest.raises(InputError, match="--artist: expected a name on one line"):
            enrollment.enroll(workdir, name, [pictures / "a.png"])


def test_names_are_compared_as_a_person_reads_them(workdir, pictures):
    with pytest.raises(InputError, match="trained on an artist 'ann'"):
        enrollment.enroll(workdir, "\uff21NN", [pictures / "a.png"])
    enrollment.enroll(workdir, "Tezuka Osamu", [pictures / "a.png"])
    with pytest.raises(InputError, match="'Tezuka Osamu' is enrolled already"):
        enrollment.enroll(workdir, "tezuka_osamu", [pictures / "b.png"])
    enrollment.enroll(workdir, "tezuka_osamu", [pictures / "b.png"], overwrite=True)
    assert [each.artist for each in read_enrolled(workdir)] == ["Tezuka Osamu"]
    enrollment.remove(workdir, "TEZUKA OSAMU")
    assert read_enrolled(workdir) == []
    assert styles(workdir)["artists"] == {}


@pytest.fixture
def refusing(tmp_path, pictures):
    """A run whose records refuse 手塚, under the name ozamu too, and the picture b.png."""
    workdir = make_run(tmp_path / "run", works=MANY)
    info = workdir / "records" / "info.json"
    content = json.loads(info.read_text("utf-8"))
    content["opt_outs"] = {
        "artists": ["手塚"], "aliases": [["ozamu", "手塚"]],
        "hashes": [hashlib.sha256((pictures / "b.png").read_bytes()).hexdigest()],
    }  # fmt: skip
    info.write_text(json.dumps(content), "utf-8")
    make_index(workdir)
    return workdir


def test_whom_and_what_the_records_refuse_is_not_enrolled(refusing, pictures):
    for name in ("手塚", " 手塚\u3000", "Ozamu"):
        with pytest.raises(InputError, match="is on the opt-out list of the records"):
            enrollment.enroll(refusing, name, [pictures / "a.png"])
    _, aside = enrollment.enroll(refusing, "new", [pictures / "a.png", pictures / "b.png"])
    assert aside == [(f"{pictures}/b.png", "rejected: on the opt-out list")]


def test_who_opts_out_after_being_enrolled_is_left_out_with_what_to_type(refusing, pictures):
    enrollment.enroll(refusing, "late", [pictures / "a.png"])
    info = refusing / "records" / "info.json"
    content = json.loads(info.read_text("utf-8"))
    content["opt_outs"]["artists"].append("LATE")
    info.write_text(json.dumps(content), "utf-8")
    (line,) = [line for line in enrollment.list_enrolled(refusing) if "left out" in line]
    assert line.startswith("late is left out: on the opt-out list of the records; forget")
    assert f"--workdir={refusing} --remove=late" in line
    assert make_index(refusing)[-1] == line
    assert styles(refusing)["artists"] == {}


def test_the_same_pictures_under_another_name_are_noted(workdir, pictures):
    enrollment.enroll(workdir, "Bo", [pictures / "a.png", pictures / "b.png"])
    lines, _ = enrollment.enroll(workdir, "Di", [pictures / "a.png"])
    assert lines[1].startswith("Di: 1 of these portraits are enrolled for 'Bo' too")
    lines, _ = enrollment.enroll(workdir, "Di", [pictures / "a.png"], overwrite=True)
    assert len(lines) == 2  # not for its own earlier works


def test_works_that_the_run_knows_by_another_name_are_noted(workdir, tmp_path):
    records = RecordedPortraits(workdir / "records")
    known = [made for (made,) in records.works([]) if made.artist == "ann"][:3]
    for number, made in enumerate(known):
        Image.fromarray(made.image).save(tmp_path / f"{number}.png")
    Image.fromarray(known[0].image ^ 1).save(tmp_path / "other.png")
    lines, _ = enrollment.enroll(workdir, "Bo", [tmp_path])
    assert lines[1:] == [
        "Bo: 3 of these portraits are works by 'ann', whom the run knows, and both share their "
        "probability"
    ]


def test_nothing_is_written_where_no_picture_can_be_used(workdir, pictures):
    with pytest.raises(InputError, match=r"received none that can be used \(.*unreadable"):
        enrollment.enroll(workdir, "Bo", [pictures / "c.png", pictures / "gone.png"])
    assert {path.name for path in (workdir / "enrolled").iterdir()} == {".lock"}


def test_killed_before_the_end_nothing_is_enrolled_and_the_command_goes_through(
    workdir, pictures, monkeypatch
):
    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(enrollment, "save_enrolled", killed)
        with pytest.raises(KeyboardInterrupt):
            enrollment.enroll(workdir, "Bo", [pictures / "a.png"])
    assert read_enrolled(workdir) == []
    enrollment.enroll(workdir, "Bo", [pictures / "a.png"])
    assert styles(workdir)["works"] == {"Bo": 1}


def test_the_enrolled_are_listed_and_removed(workdir, pictures):
    assert enrollment.list_enrolled(workdir) == ["no artist is enrolled"]
    enrollment.enroll(workdir, "Bo", [pictures / "a.png"])
    assert enrollment.list_enrolled(workdir) == [f"Bo: 1 portraits, from {pictures}/a.png"]
    assert enrollment.remove(workdir, "Bo") == ["Bo: forgotten"]
    assert read_enrolled(workdir) == []
    assert styles(workdir)["artists"] == {}
    with pytest.raises(InputError, match="received 'Bo': none"):
        enrollment.remove(workdir, "Bo")
    with pytest.raises(InputError, match="--workdir: expected a run with records"):
        enrollment.list_enrolled(pictures)


def test_an_index_of_another_encoder_says_how_to_enroll_again(tmp_path, pictures):
    workdir = make_run(tmp_path / "run", works=MANY)
    make_index(workdir)
    enrollment.enroll(workdir, "Bo", [pictures / "a.png"])
    other = load_network(make_run(tmp_path / "other", seed=1) / "style" / "style_encoder.keras")
    save_network(other, workdir / "style" / "style_encoder.keras")
    (line,) = enrollment.list_enrolled(workdir)[1:]
    assert line.startswith("Bo is left out: enrolled with another encoder than the index")
    lines = make_index(workdir)
    assert line in lines
    assert line.endswith(f"--artist=Bo --images={pathlib.Path(pictures)}/a.png --overwrite")
    assert styles(workdir)["artists"] == {}
    enrollment.enroll(workdir, "Bo", [pictures / "a.png"], overwrite=True)
    assert list(styles(workdir)["artists"]) == ["Bo"]
    assert len(enrollment.list_enrolled(workdir)) == 1
