"""Every pair that may be one picture is picked out, and few others are."""

import itertools

import numpy as np
from scipy.fft import dctn
from scipy.ndimage import gaussian_filter, zoom

from anime_style_tf.data.near_duplicates import likeness
from anime_style_tf.data.near_duplicates.likeness import Album

SIDE = 32


def smooth(seed, side=SIDE):
    noise = np.random.default_rng(seed).normal(size=(3, side, side))
    soft = gaussian_filter(noise, (0, side / 10, side / 10))
    soft *= np.array([40, 15, 15])[:, None, None] / soft.std((1, 2), keepdims=True)
    soft[0] += 128
    return soft.astype(np.float32)


def pairs(thumbnails, blocks=1):
    album = Album(len(thumbnails))
    found = []
    for block in np.array_split(np.stack(thumbnails), blocks):
        before = len(album)
        album.add(block)
        found.append(album.alike(before))
    return np.concatenate(found)


def unordered(found):
    return {tuple(sorted(pair)) for pair in found[["still", "moving"]].tolist()}


def test_copies_and_mirror_images_are_found_and_strangers_are_not():
    pictures = [smooth(seed) for seed in range(40)]
    found = pairs([*pictures, pictures[3], pictures[7][..., ::-1]])
    assert unordered(found) == {(3, 40), (7, 41)}
    mirrored = {tuple(sorted(row[:2])): row[2] for row in found.tolist()}
    assert mirrored == {(3, 40): False, (7, 41): True}


def test_a_crop_is_found_as_a_crop():
    large = smooth(0, side=64)
    whole, inner = (
        zoom(each, (1, SIDE / each.shape[1], SIDE / each.shape[1]), order=1)
        for each in (large, large[:, 4:-4, 4:-4])
    )
    found = pairs([whole, smooth(1), inner])
    crops = found[found["scale"] < 1]
    assert crops[["still", "moving"]].tolist()[0] == (2, 0)


def test_a_tint_does_not_hide_a_copy():
    tinted = 1.1 * smooth(0) + np.array([5, 8, -8])[:, None, None]
    assert unordered(pairs([smooth(0), tinted.astype(np.float32)])) == {(0, 1)}


def test_blank_thumbnails_are_alike():
    gray = np.zeros((3, SIDE, SIDE), np.float32)
    gray[0] = 90
    assert unordered(pairs([gray, gray, smooth(0)])) == {(0, 1)}


def test_blocks_and_chunks_find_the_same(monkeypatch):
    pictures = [smooth(seed) for seed in (*range(20), *range(0, 20, 3), *range(5))]
    at_once = unordered(pairs(pictures))
    assert len(at_once) == len(
        [
            pair
            for pair in itertools.combinations((*range(20), *range(0, 20, 3), *range(5)), 2)
            if pair[0] == pair[1]
        ]
    )
    monkeypatch.setattr(likeness, "_COLUMNS", 7)
    monkeypatch.setattr(likeness, "_PAIRS", 3)
    assert unordered(pairs(pictures, blocks=5)) == at_once


def test_what_is_not_kept_is_forgotten():
    album = Album(6)
    album.add(np.stack([smooth(0), smooth(1), smooth(2)]))
    album.keep(0, np.array([True, False, True]))
    album.add(np.stack([smooth(1), smooth(2)]))
    assert len(album) == 4
    assert unordered(album.alike(2)) == {(1, 3)}


def test_a_form_is_the_cosine_transform_with_the_odd_waves_last():
    form = likeness._forms(smooth(0)[None])[0]
    luma, *chromas = dctn(smooth(0), axes=(1, 2), norm="ortho")
    parts = [luma[:6, :6].copy(), *(chroma[:3, :3] / 2 for chroma in chromas)]
    parts[0][0, 0] = 0
    even = np.concatenate([part[:, ::2].ravel() for part in parts])[1:]
    odd = np.concatenate([part[:, 1::2].ravel() for part in parts])
    expected = np.concatenate([[2 * SIDE], even, odd])
    np.testing.assert_allclose(form, expected / np.linalg.norm(expected), atol=1e-5)
