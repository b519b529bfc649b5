"""AnimeFace through its library: as the package with Pillow 11, and refused where it is broken."""

import importlib.metadata
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from anime_style_tf.data.faces import DETECTORS, animeface
from anime_style_tf.errors import InputError
from tests.conventions.sources import ROOT
from tests.data.faces import reference

PICTURES = reference.pictures()
FOUND = json.loads(reference.FOUND.read_text())


def middle(box):
    return box[0] + box[2] / 2, box[1] + box[3] / 2


@pytest.mark.parametrize("name", PICTURES)
def test_finds_what_the_package_finds_with_pillow_11(detector, name):
    faces = detector(PICTURES[name])
    expected = sorted(FOUND[name], key=lambda face: (-face["likelihood"], face["box"]))
    assert [face.box for face in faces] == [tuple(face["box"]) for face in expected]
    # The package's left is the character's own.
    assert [face.left_eye for face in faces] == [middle(face["right_eye"]) for face in expected]
    assert [face.right_eye for face in faces] == [middle(face["left_eye"]) for face in expected]
    np.testing.assert_allclose(
        [face.likelihood for face in faces], [face["likelihood"] for face in expected], atol=1e-5
    )


def test_the_comparison_is_not_empty():
    assert sum(map(len, FOUND.values())) >= 10


def test_the_most_likely_face_comes_first(detector):
    likelihoods = [face.likelihood for face in detector(PICTURES["two"])]
    assert likelihoods == sorted(likelihoods, reverse=True)
    assert all(0 <= likelihood <= 1 for likelihood in likelihoods)


def test_a_read_only_picture_that_is_not_contiguous_is_fine_and_unchanged(detector):
    picture = PICTURES["as it is"][:, ::-1]
    before = picture.copy()
    picture.setflags(write=False)
    assert detector(picture) == detector(before)
    np.testing.assert_array_equal(picture, before)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_three_hundred_calls_keep_no_memory(detector):
    def resident_bytes():
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    picture = PICTURES["half as large"]  # 36 kB for each matrix of it
    for _ in range(20):
        detector(picture)
    before = resident_bytes()
    for _ in range(300):
        detector(picture)
    assert resident_bytes() - before < 3e6


def test_a_missing_package_is_named_with_its_remedy(monkeypatch):
    def files(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "files", files)
    with pytest.raises(InputError, match=r"animeface, which is not installed: .*\[faces\]"):
        DETECTORS["animeface"]()


def test_a_package_without_a_library_is_named(monkeypatch):
    monkeypatch.setattr(importlib.metadata, "files", lambda name: [])
    with pytest.raises(InputError, match="no library for this machine"):
        DETECTORS["animeface"]()


def test_a_detector_that_finds_nothing_is_noticed_at_once(detector, monkeypatch):
    monkeypatch.setattr(animeface.AnimeFace, "__call__", lambda self, image: [])
    with pytest.raises(InputError, match="not working: it finds no face"):
        DETECTORS["animeface"]()


def test_the_self_test_drawing_is_drawn_by_the_kept_script():
    pytest.importorskip("resvg_py")
    from benchmarks.face_drawings import self_test_drawing

    difference = np.abs(np.asarray(self_test_drawing(), int) - PICTURES["as it is"].astype(int))
    assert difference.mean() < 0.5  # versions of the renderer may round otherwise


def test_importing_and_calling_need_neither_tensorflow_nor_the_python_of_animeface(detector):
    program = """
import sys
for package in ("tensorflow", "keras", "animeface"):
    sys.modules[package] = None
import anime_style_tf.data.faces.align
import anime_style_tf.data.faces.search
assert list(anime_style_tf.data.faces.DETECTORS) == ["animeface"]
anime_style_tf.data.faces.DETECTORS["animeface"]()
"""
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT)
