"""Drawings of shapes and graded damage to them, on which every measure must say the same order."""

import numpy as np
from PIL import Image, ImageDraw
from scipy import ndimage

from anime_style_tf.evaluation.perturbations import as_jpeg


def drawings(count, seed, side=64):
    """Outlined ellipses and boxes in flat colors, drawn at four times the size and averaged."""
    generator = np.random.default_rng(seed)
    pictures = []
    for _ in range(count):
        picture = Image.new("RGB", (4 * side, 4 * side), tuple(generator.integers(150, 256, 3)))
        pen = ImageDraw.Draw(picture)
        for _ in range(4):
            (left, top), (width, height) = generator.integers(0, 2 * side, (2, 2))
            corners = (left, top, left + width + side // 2, top + height + side // 2)
            draw = pen.ellipse if generator.random() < 0.5 else pen.rectangle
            fill = tuple(generator.integers(0, 256, 3))
            draw(corners, fill=fill, outline=(20, 20, 20), width=8)
        pictures.append(np.asarray(picture.reduce(4)))
    return np.stack(pictures)


def blurred(images, deviation):
    smooth = ndimage.gaussian_filter(images.astype(float), (0, deviation, deviation, 0))
    return np.round(smooth).astype(np.uint8)


def noisy(images, deviation):
    noise = np.random.default_rng(0).normal(0, deviation, images.shape)
    return np.clip(np.round(images + noise), 0, 255).astype(np.uint8)


def shuffled(images, side):
    """Squares of `side` pixels of each image in random order."""
    generator = np.random.default_rng(0)
    count, height = len(images), images.shape[1] // side
    squares = images.reshape(count, height, side, height, side, 3).swapaxes(2, 3)
    squares = squares.reshape(count, height**2, side, side, 3)
    mixed = np.stack([each[generator.permutation(height**2)] for each in squares])
    mixed = mixed.reshape(count, height, height, side, side, 3).swapaxes(2, 3)
    return mixed.reshape(images.shape)


GRADES = {
    "blur": (blurred, (0.5, 1.0, 2.0)),
    "noise": (noisy, (10, 20, 40)),
    "JPEG": (lambda images, quality: as_jpeg(images, quality=quality), (80, 30, 5)),
    "patches in random order": (shuffled, (32, 16, 8)),
}
