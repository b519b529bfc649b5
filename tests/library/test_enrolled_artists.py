import json
import shlex

import numpy as np
import pytest

from anime_style_tf import attribution
from anime_style_tf.data.pictures import encode_png
from anime_style_tf.errors import InputError
from anime_style_tf.library.embedding import COLUMNS
from anime_style_tf.library.enrolled_artists import (
    EnrolledArtist,
    forget_enrolled,
    read_enrolled,
    save_enrolled,
    usable,
    write_styles,
)
from anime_style_tf.terminal.typed import anime_style
from anime_style_tf.workdir.networks import load_network
from tests.stages.searchable import make_run

NAMES = ["Ōtomo", "手塚 治虫", "a/../b\\c", "عمر", "🖌️"]


def artist(name, count=3, *, encoder="e", images=("/p/a.png",)):
    generator = np.random.default_rng(sum(map(ord, name)))
    works = {column: [None] * count for column in COLUMNS}
    works |= {
        "artist": [name] * count,
        "source": [f"{number}.png" for number in range(count)],
        "code": generator.normal(0.3, 0.1, (count, 2)).astype(np.float32),
        "portrait_png": [encode_png(np.full((4, 4, 3), n, np.uint8)) for n in range(count)],
    }
    return EnrolledArtist(artist=name, encoder_sha256=encoder, images=images, works=works)


@pytest.fixture
def workdir(tmp_path):
    (tmp_path / "enrolled").mkdir()
    return tmp_path


def test_names_in_any_script_come_back_with_codes_and_portraits(workdir):
    for name in NAMES:
        save_enrolled(workdir, artist(name))
    found = read_enrolled(workdir)
    assert [each.artist for each in found] == sorted(NAMES)
    for each in found:
        expected = artist(each.artist)
        np.testing.assert_array_equal(each.works["code"], expected.works["code"])
        assert each.works["portrait_png"] == expected.works["portrait_png"]
        assert each.works["source"] == expected.works["source"]
        assert (each.images, each.encoder_sha256) == (("/p/a.png",), "e")
    left = {path.name for path in (workdir / "enrolled").iterdir()}
    assert len(left) == len(NAMES)
    assert all(name.endswith(".parquet") for name in left)


def test_saving_a_name_again_replaces_it(workdir):
    save_enrolled(workdir, artist("Bo", 3))
    save_enrolled(workdir, artist("Bo", 5))
    (only,) = read_enrolled(workdir)
    assert len(only.works["code"]) == 5


def test_a_folder_without_enrolled_artists_has_none(tmp_path):
    assert read_enrolled(tmp_path) == []


def test_a_damaged_file_is_named_with_what_to_do(workdir):
    save_enrolled(workdir, artist("Bo"))
    (file,) = (workdir / "enrolled").glob("*.parquet")
    file.write_bytes(file.read_bytes()[:-40])
    with pytest.raises(InputError, match=rf"{file.name} must hold .*: delete it, and enroll"):
        read_enrolled(workdir)


def test_those_of_another_encoder_or_a_taken_name_are_left_out_with_what_to_type(workdir):
    images = ("/p/a b.png", "/p/c,d")
    all_three = [artist("Ann"), artist("Bo", encoder="old", images=images), artist("Cy")]
    kept, lines = usable(all_three, "runs/x", "e", {"Cy"})
    assert [each.artist for each in kept] == ["Ann"]
    outdated, taken = lines
    command = outdated.partition("again: ")[2]
    assert shlex.split(command) == [
        *anime_style(), "enroll", "--workdir=runs/x", "--artist=Bo",
        '--images=/p/a b.png,"/p/c,d"', "--overwrite",
    ]  # fmt: skip
    assert taken.endswith("enroll --workdir=runs/x --remove=Cy")


def test_styles_are_in_the_units_of_the_pruned_encoder(workdir):
    make_run(workdir)
    pruned = load_network(workdir / "style" / "pruned_style_encoder.keras")
    center, unit = pruned.mean.numpy(), pruned.deviation.numpy()
    one = artist("Bo", 4)
    write_styles(workdir, [one], None)
    told = json.loads((workdir / "enrolled" / "styles.json").read_text("utf-8"))
    plain = one.works["code"].mean(axis=0)
    np.testing.assert_allclose(told["artists"]["Bo"], (plain - center) / unit, rtol=1e-5)
    assert told["deviations"] == {"Bo": None}
    assert (told["works"], told["sizes"]) == ({"Bo": 4}, {"k_S": 2})

    generator = np.random.default_rng(0)
    labels = np.repeat([0, 1, 2], 20)
    codes = generator.normal(labels[:, None], 0.3, (60, 2))
    model = attribution.fit(("x", "y", "z"), codes, labels, codes, labels)
    write_styles(workdir, [one], model)
    told = json.loads((workdir / "enrolled" / "styles.json").read_text("utf-8"))
    style, deviation = (part[-1] for part in model.enroll("Bo", one.works["code"]).styles)
    np.testing.assert_allclose(told["artists"]["Bo"], (style - center) / unit, rtol=1e-5)
    np.testing.assert_allclose(told["deviations"]["Bo"], deviation / unit, rtol=1e-5)
    assert set(told["definitions"]) == {"artists", "deviations", "works"}


def test_forgetting_takes_the_file_and_the_style(workdir):
    make_run(workdir)
    both = [artist("Ann"), artist("Bo")]
    for each in both:
        save_enrolled(workdir, each)
    write_styles(workdir, both, None)
    forget_enrolled(workdir, "Bo")
    assert [each.artist for each in read_enrolled(workdir)] == ["Ann"]
    told = json.loads((workdir / "enrolled" / "styles.json").read_text("utf-8"))
    assert list(told["artists"]) == list(told["works"]) == list(told["deviations"]) == ["Ann"]
    with pytest.raises(InputError, match=r"--remove: expected an enrolled artist, .*'Bo': Ann"):
        forget_enrolled(workdir, "Bo")
