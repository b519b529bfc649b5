import shutil

import numpy as np
import pytest
from PIL import Image

from anime_style_tf import load
from anime_style_tf.errors import InputError
from anime_style_tf.library import opened_networks
from anime_style_tf.library.bundled_networks import CONTENTS_FILE, bundle_in
from anime_style_tf.serving.portraits import Portraits
from anime_style_tf.serving.saved_model import export_portraits
from anime_style_tf.serving.signatures import SAVED_MODELS
from anime_style_tf.workdir.trained import Trained
from tests.library.drawable import CONTENTS, MEAN_STYLES, make_drawable

SEEDED_ALONE = tuple(name for name in SAVED_MODELS["portraits"] if not name.startswith("draw"))


@pytest.fixture(scope="module")
def workdir(tmp_path_factory):
    """A run with its export: version 1 as those of before, version 2 with all signatures."""
    workdir = make_drawable(tmp_path_factory.mktemp("run"))
    trained = Trained(workdir)
    portraits = Portraits(
        style_encoder=trained.style_encoder, content_encoder=trained.content_encoder,
        generator=trained.generator, image_size=16,
    )  # fmt: skip
    artists = dict(zip(("ann", "bob", "cat"), MEAN_STYLES.tolist(), strict=True))
    for signatures in (SEEDED_ALONE, SAVED_MODELS["portraits"]):
        with pytest.MonkeyPatch.context() as patch:
            only = {"portraits": signatures}
            patch.setattr("anime_style_tf.serving.portraits.SAVED_MODELS", only)
            export_portraits(
                portraits, workdir / "export", artists=artists,
                complete=lambda bundle: CONTENTS.save(bundle / CONTENTS_FILE),
            )  # fmt: skip
    return workdir


@pytest.fixture(scope="module")
def space(workdir):
    return load(workdir / "export" / "portraits")


@pytest.fixture(scope="module")
def paths(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    rng = np.random.default_rng(3)
    for name in "ab":
        pixels = rng.integers(0, 256, (16, 16, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(folder / f"{name}.png")
    return sorted(folder.iterdir())


ASKED = {
    "style": lambda space, pictures: space.style(pictures),
    "content": lambda space, pictures: space.content(pictures),
    "artist_style": lambda space, pictures: space.artist_style({"ann": 3, "Bob": 1}),
    "draw": lambda space, pictures: space.draw(np.ones((3, 2)), np.zeros(2), seed=[4, 5, 6]),
    "generate": lambda space, pictures: space.generate(seed=7, count=9),
    "transfer": lambda space, pictures: space.transfer(content=pictures, style=pictures[0]),
    "reconstruct": lambda space, pictures: space.reconstruct(pictures),
    "grid": lambda space, pictures: space.grid(pictures, rows=2, columns=3),
    "slide": lambda space, pictures: space.slide(pictures[0], 1),
    "edit": lambda space, pictures: space.edit(pictures, {0: 1.5}),
}


@pytest.mark.parametrize("name", ASKED)
def test_a_bundle_answers_as_its_run_does(workdir, space, paths, name):
    ask = ASKED[name]
    answer, wanted = ask(space, paths), ask(load(workdir), paths)
    assert (answer.shape, answer.dtype) == (wanted.shape, wanted.dtype)
    level = wanted.dtype == np.uint8  # a difference of rounding turns a value into the next one
    np.testing.assert_allclose(
        answer.astype(float), wanted.astype(float), atol=1 if level else 1e-5
    )


def test_the_newest_version_is_opened_and_names_its_artists(workdir, space):
    models = workdir / "export" / "portraits"
    assert bundle_in(models) == bundle_in(models / "2") == models / "2"
    assert bundle_in(workdir) is None
    assert (space.artists, space.image_size, space.style_size) == (["ann", "bob", "cat"], 16, 2)


def test_a_bundle_without_the_signature_draw_draws_with_the_free_code_of_seed_0(workdir, paths):
    old = load(workdir / "export" / "portraits" / "1")
    style, content = old.style(paths), old.content(paths)
    np.testing.assert_array_equal(old.reconstruct(paths), old.draw(style, content, seed=0))


def test_codes_are_refined_with_a_run(space, paths):
    with pytest.raises(InputError, match=r"refined with the .*open the folder .* --workdir"):
        space.reconstruct(paths[0], refine=3)


def test_an_artist_is_enrolled_until_the_program_ends(workdir, paths):
    space = load(workdir / "export" / "portraits")
    (line,) = space.enroll(" Zoë ", paths)
    assert line.startswith("Zoë: enrolled from 2 portraits until the program ends")
    np.testing.assert_allclose(
        space.artist_style("zoë"), space.style(paths).mean(axis=0), rtol=1e-6
    )
    for taken in ("ann", "ZOË"):
        with pytest.raises(InputError, match="a name that nobody has"):
            space.enroll(taken, paths)
    with pytest.raises(InputError, match="a name that nobody has"):
        space.enroll("ann", paths, overwrite=True)
    space.enroll("zoë", paths[:1], overwrite=True)
    np.testing.assert_allclose(space.artist_style("Zoë"), space.style(paths[0])[0], rtol=1e-6)
    assert "Zoë" not in load(workdir / "export" / "portraits").artists


def test_a_model_of_one_network_says_which_signature_it_lacks(workdir, tmp_path):
    folder = tmp_path / "style_encoder"
    shutil.copytree(workdir / "export" / "portraits" / "1", folder)
    alone = load(folder)
    alone._networks._signatures = {}
    with pytest.raises(InputError, match="has no signature generate: open the bundle"):
        alone.generate("ann")


@pytest.mark.parametrize("damage", [b"", b"{}", b'{"sizes": 3}', None])
def test_a_bundle_that_cannot_be_read_is_one_line(workdir, tmp_path, damage):
    folder = tmp_path / "1"
    shutil.copytree(workdir / "export" / "portraits" / "1", folder)
    if damage is None:
        (folder / "saved_model.pb").write_bytes(b"no graph")
    else:
        (folder / "model.json").write_bytes(damage)
    with pytest.raises(InputError, match=r"expected a SavedModel with the model\.json") as refused:
        load(folder)
    assert "\n" not in str(refused.value)


def test_the_pretrained_model_is_the_bundle_in_the_package(workdir, tmp_path, monkeypatch):
    monkeypatch.setattr(opened_networks, "PRETRAINED", tmp_path / "portraits")
    with pytest.raises(InputError, match="installed without a pretrained model: train one"):
        load("pretrained")
    shutil.copytree(workdir / "export" / "portraits" / "2", tmp_path / "portraits" / "1")
    assert load("pretrained").artists == ["ann", "bob", "cat"]
