import pytest

from tests.conventions.sources import imported_modules, package_files

PORTABLE = [
    path for path in package_files() if {"layers", "losses", "image"} & set(path.parts[:-1])
]


@pytest.mark.parametrize("path", PORTABLE, ids=str)
def test_layers_losses_and_images_run_on_any_backend_of_keras(path):
    roots = {name.split(".")[0] for name in imported_modules(path)}
    assert roots <= {"keras", "numpy", "anime_style_tf"}


def test_there_are_layers_losses_and_images_to_check():
    assert len(PORTABLE) >= 15
