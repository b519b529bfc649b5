"""Small pictures to draw with, and what can be asked of any finished figure."""

import numpy as np
import pytest


@pytest.fixture(scope="session")
def pictures():
    """Makes random uint8 images `[..., 8, 6, 3]`: not square, so that stretching shows."""
    generator = np.random.default_rng(0)

    def make(*shape):
        return generator.integers(256, size=(*shape, 8, 6, 3), dtype=np.uint8)

    return make


class Drawn:
    """A figure after drawing, opened up for questions."""

    def __init__(self, figure):
        figure.canvas.draw()
        self.renderer = figure.canvas.get_renderer()
        self.figure = figure
        self.pixels = np.asarray(figure.canvas.buffer_rgba())[..., :3]

    def texts(self, gid=None):
        """All words of the figure's page, or those with one role."""
        found = [text for axes in self.figure.axes for text in axes.texts]
        return [t.get_text() for t in found if gid is None or t.get_gid() == gid]

    def caption(self):
        (caption,) = self.texts("caption")
        return caption.replace("\n", " ")

    def title(self):
        (title,) = self.texts("title")
        return title.replace("\n", " ")

    def scales(self):
        """Page pixels per image pixel, across and down, of every image."""
        scales = []
        for axes in self.figure.axes:
            for image in axes.images:
                box = image.get_window_extent(self.renderer)
                height, width = image.get_array().shape[:2]
                scales.append((box.width / width, box.height / height))
        return np.array(scales)

    def shown(self, index):
        """The page pixels where image number `index` lies, taken down to its own size."""
        image = self.figure.axes[0].images[index]
        box = image.get_window_extent(self.renderer)
        top = round(self.pixels.shape[0] - box.y1)
        part = self.pixels[top : top + round(box.height), round(box.x0) : round(box.x1)]
        scale = round(box.width / image.get_array().shape[1])
        return part[scale // 2 :: scale, scale // 2 :: scale]

    def text_lies_within_the_page(self):
        for axes in self.figure.axes:
            for text in axes.texts:
                box = text.get_window_extent(self.renderer)
                inside = box.x0 >= 0 and box.y0 >= 0 and box.x1 <= self.figure.bbox.width
                if not inside or box.y1 > self.figure.bbox.height:
                    return False
        return True


@pytest.fixture(scope="session")
def drawn():
    return Drawn
