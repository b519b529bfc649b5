import importlib.util
import io
import json

import numpy as np
import pytest
from PIL import Image

from anime_style_tf.data.artwork import DamagedArtworkError
from anime_style_tf.data.pictures import fit_square
from anime_style_tf.data.sources import dicebear
from anime_style_tf.data.sources.dicebear import DicebearSource
from anime_style_tf.data.sources.dicebear_content import (
    STYLES,
    style_options,
    subject_factors,
)
from anime_style_tf.errors import InputError

DESIGNERS = {
    "adventurer": "Lisa Wischofsky", "lorelei": "Lisa Wischofsky",
    "avataaars": "Pablo Stanley", "open-peeps": "Pablo Stanley",
    "big-ears": "The Visual Team", "big-smile": "Ashley Seo", "croodles": "vijay verma",
    "dylan": "Natalia Spivak", "micah": "Micah Lanier", "miniavs": "Webpixels",
    "notionists": "Zoish", "personas": "Draftbit", "pixel-art": "DiceBear",
    "toon-head": "Johan Melin",
}  # fmt: skip


def definition(style):
    return dicebear._definition(style)


def drawn(work, size=32):
    data, _ = work.read()
    return np.asarray(work.decode(data, image_size=size, max_pixels=10**7))


def test_there_are_fourteen_portrait_styles_each_with_its_designer_in_the_attribution():
    assert set(DicebearSource().styles) == set(DESIGNERS)
    lines = DicebearSource().attribution().splitlines()
    for style, designer in DESIGNERS.items():
        (line,) = [line for line in lines if line.startswith(f"| {style} |")]
        assert designer in line
        assert definition(style)["meta"]["license"]["url"] in line


@pytest.mark.parametrize("style", STYLES)
def test_every_option_asked_of_a_style_exists_in_its_definition(style):
    colors = {"background", *definition(style)["colors"]}
    components = definition(style)["components"]
    for subject in range(60):
        options, _ = style_options(style, subject_factors(0, subject))
        for name, value in options.items():
            if name.endswith("Color"):
                assert name.removesuffix("Color") in colors, name
            elif name.endswith("Variant"):
                component = components[name.removesuffix("Variant")]
                values = [value] if isinstance(value, str) else value
                assert set(values) <= set(component["variants"]), name
            elif name != "flip":
                assert name.removesuffix("Probability") in components, name


def test_the_styles_show_one_subject_with_the_same_content():
    works = list(DicebearSource(works_per_artist=1, styles=["dylan", "micah"]).artworks())
    one, other = (work.read()[1] for work in works)
    assert works[0].work_id == works[1].work_id
    shared = set(one) & set(other) - {"options"}
    assert {"background", "flip", "skin", "hair", "mood"} <= shared
    assert all(one[factor] == other[factor] for factor in shared)
    background = [int(one["background"][start : start + 2], 16) for start in (1, 3, 5)]
    for work in works:
        np.testing.assert_allclose(drawn(work)[0, 0], [*background, 255], atol=1)
        assert (drawn(work)[..., 3] == 255).all()


def test_the_recorded_factors_are_what_the_style_drew():
    (work,) = DicebearSource(works_per_artist=1, styles=["dylan"]).artworks()
    factors = json.loads(json.dumps(work.read()[1]))
    assert factors["options"]["skinColor"] == [factors["skin"]]
    assert factors["options"]["backgroundColor"] == [factors["background"]]


def test_another_seed_or_subject_gives_another_drawing():
    first, second = DicebearSource(works_per_artist=2, styles=["pixel-art"]).artworks()
    (other,) = DicebearSource(works_per_artist=1, seed=1, styles=["pixel-art"]).artworks()
    drawings = [drawn(work).tobytes() for work in (first, second, other)]
    assert len(set(drawings)) == 3


def test_the_drawing_is_the_svg_at_twice_the_size_averaged():
    import resvg_py

    (work,) = DicebearSource(works_per_artist=1, styles=["lorelei"]).artworks()
    data, _ = work.read()
    svg = data.decode().replace("<svg", "<svg width='128' height='128'", 1)
    png = resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True)
    twice = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), np.float64)
    assert twice.shape == (128, 128, 3)
    average = twice.reshape(64, 2, 64, 2, 3).mean((1, 3))
    np.testing.assert_allclose(drawn(work, 64)[..., :3], average, atol=0.5)


def test_fitting_changes_no_pixel_of_a_drawing():
    (work,) = DicebearSource(works_per_artist=1, styles=["dylan"]).artworks()
    data, _ = work.read()
    picture = work.decode(data, image_size=32, max_pixels=10**7)
    image, coverage = fit_square(picture, 32)
    np.testing.assert_array_equal(np.dstack([image, coverage]), np.asarray(picture))


def test_the_pixel_limit_holds_for_drawings_too():
    (work,) = DicebearSource(works_per_artist=1, styles=["dylan"]).artworks()
    with pytest.raises(DamagedArtworkError, match="64 x 64 pixels, the limit is 4095"):
        work.decode(b"<svg />", image_size=32, max_pixels=4095)


def test_more_works_change_none_of_the_first():
    few = DicebearSource(works_per_artist=2, styles=["dylan"]).artworks()
    many = DicebearSource(works_per_artist=5, styles=["dylan"]).artworks()
    assert list(many)[:2] == list(few)


def test_a_missing_package_says_what_to_install(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"pip install 'anime_style_tf\[dicebear\]'"):
        DicebearSource()


def test_wrong_styles_and_counts_are_errors():
    with pytest.raises(InputError, match="received manga"):
        DicebearSource(styles=["dylan", "manga"])
    with pytest.raises(InputError, match="at least 1, received 0"):
        DicebearSource(works_per_artist=0)
