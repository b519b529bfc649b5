import pathlib

import numpy as np
import pytest

from anime_style_tf.library.run_networks import RunNetworks
from anime_style_tf.serving.free_code import free_code
from tests.library.drawable import FREE, make_drawable


@pytest.fixture(scope="module")
def networks(tmp_path_factory):
    return RunNetworks(pathlib.Path(make_drawable(tmp_path_factory.mktemp("run"))))


def test_a_seed_gives_the_served_free_code_and_none_gives_zero(networks):
    style, content = np.zeros((2, 2), "float32"), np.ones((2, 2), "float32")
    generate = networks.trained.generate
    seeds = np.array([3, 9])
    wanted = generate(style, content, free_code(seeds, FREE).numpy())
    np.testing.assert_allclose(networks.draw(style, content, seeds), wanted, atol=1e-6)
    wanted = generate(style, content, np.zeros((2, FREE)))
    np.testing.assert_allclose(networks.draw(style, content, None), wanted, atol=1e-6)
