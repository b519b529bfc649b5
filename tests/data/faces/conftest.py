"""The real detector, made once."""

import importlib.util

import pytest

from anime_style_tf.data.faces import DETECTORS


@pytest.fixture(scope="session")
def detector():
    if importlib.util.find_spec("animeface") is None:
        pytest.skip("the package animeface (extra [faces]) is not installed")
    return DETECTORS["animeface"]()
