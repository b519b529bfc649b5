"""All but the packages is declared in pyproject.toml, which cannot say that one is elsewhere."""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages(include=["anime_style_tf*"]), "anime_style_tf.presets"],
    # So that `--config=demo` is there without a checkout.
    package_dir={"anime_style_tf.presets": "configs"},
)
