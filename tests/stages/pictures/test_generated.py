"""Which works the figures show, of a run whose images are known."""

import types

import numpy as np
import pytest
import tensorflow as tf

from anime_style_tf.content_density import ContentDensity
from anime_style_tf.figures import sheet
from anime_style_tf.stages.pictures import generated
from anime_style_tf.stages.pictures.exhibits import Exhibits
from anime_style_tf.workdir import networks

COUNTS = {"train": 130, "test": 20}


def gray(levels):
    return np.tile(np.uint8(levels)[:, None, None, None], (1, 4, 4, 3))


@pytest.fixture
def exhibits(monkeypatch):
    """The first style dimension of a work is its lightness; training works are the odd levels."""
    generator = np.random.default_rng(0)
    images = {
        "train": gray(generator.permutation(np.arange(1, 255, 2).repeat(2)[: COUNTS["train"]])),
        "test": gray(generator.permutation(np.arange(0, 200, 10))),
    }

    def batches(split, size, *, repeat):
        for first in range(0, COUNTS[split], size):
            part = images[split][first : first + size]
            batch = {
                "image": part,
                "coverage": part[..., :1],
                "work_id": np.arange(first, first + len(part)).astype("S"),
            }
            yield {key: tf.constant(value) for key, value in batch.items()}

    def encode(pictures):
        level = pictures[:, 0, 0, :1].astype(float)
        return np.concatenate([level, -level], axis=1), np.ones((len(pictures), 3))

    monkeypatch.setattr(networks, "over_records", lambda *_: encode(images["train"])[0])
    records = types.SimpleNamespace(
        artists=["Ann", "Bo"],
        batches=batches,
        labels=lambda split: np.arange(COUNTS[split]) % 2,
    )
    trained = types.SimpleNamespace(
        records=records,
        artists={"mean_styles": np.zeros((2, 2))},
        style_encoder=types.SimpleNamespace(deviation=tf.ones(2), mean=tf.zeros(2)),
        content_encoder=types.SimpleNamespace(code_size=3),
        content_density=ContentDensity.standard(3),
        encode=encode,
        encode_style=lambda pictures: encode(pictures)[0],
        generate=lambda style, content, free=None: np.zeros(
            (*np.broadcast_shapes(style.shape[:-1], content.shape[:-1]), 4, 4, 3), np.float32
        ),
    )
    return Exhibits(trained, seed=0), images


@pytest.fixture
def captions(monkeypatch):
    said = []
    make = sheet.Sheet

    def noted(*sizes, title, caption, **options):
        said.append(caption)
        return make(*sizes, title=title, caption=caption, **options)

    monkeypatch.setattr(sheet, "Sheet", noted)
    return said


def levels_shown(page):
    return [int(image.get_array()[0, 0, 0]) for image in page.axes[0].images]


def test_the_ends_of_a_dimension_are_those_of_all_training_works(exhibits, captions):
    exhibits, images = exhibits
    pages = generated.figure_4_5(exhibits, samples=1, works=4)
    ordered = np.sort(images["train"][:, 0, 0, 0])
    lowest, highest = ordered[:4].tolist(), ordered[::-1][:4].tolist()
    assert levels_shown(pages[0])[3:] == lowest + highest
    assert levels_shown(pages[1])[3:] == highest + lowest
    for caption in captions:
        assert "all 130 works that the style encoder was trained on" in caption
        assert "our reading" in caption


@pytest.mark.parametrize(
    ("figure", "options"),
    [
        (generated.figure_2, {"rows": 1, "columns": 2}),
        (generated.figure_6, {"works": 2}),
        (generated.figure_7, {"rows": 1, "columns": 2}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_figure_of_test_works_says_who_was_trained_on_them(exhibits, captions, figure, options):
    figure(exhibits[0], **options)
    assert "test split of the style encoder; VAE and GAN were trained on all" in captions[0]
