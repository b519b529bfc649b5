"""Sheets of thumbnails, so that a browser asks for a few files in place of thousands."""

import pathlib

from PIL import Image

from anime_style_tf.replacing import replacing

COLUMNS = 32  # and as many rows: at 64 pixels a sheet is 2048 wide, which any browser holds
_QUALITY = 82  # of WebP: some 2 KB a thumbnail


class Sheets:
    """Thumbnails side by side, row by row, in as many files as they need.

    Args:
        folder: to write to.
        side: of a thumbnail, in pixels.
    """

    def __init__(self, folder, *, side):
        self._folder, self._side = pathlib.Path(folder), side
        self._files, self._sheet, self._here = [], None, 0

    def add(self, images):
        """Adds pictures, uint8 `[height, width, 3]` each, sRGB, after those there are."""
        for image in images:
            if self._here == COLUMNS**2:
                self._save()
            if self._sheet is None:
                self._sheet = Image.new("RGB", (COLUMNS * self._side,) * 2)
            size = (self._side, self._side)
            small = Image.fromarray(image).resize(size, Image.Resampling.LANCZOS)
            row, column = divmod(self._here, COLUMNS)
            self._sheet.paste(small, (column * self._side, row * self._side))
            self._here += 1

    def finish(self):
        """Writes what is left.

        Returns:
            JSON values: `side` in pixels, `columns`, `per_sheet` and the names of the `files`, in
            order.
        """
        if self._sheet is not None:
            self._save()
        files = {"files": self._files}
        return {"side": self._side, "columns": COLUMNS, "per_sheet": COLUMNS**2, **files}

    def _save(self):
        name = f"thumbnails-{len(self._files):03}.webp"
        rows = -(-self._here // COLUMNS)
        with replacing(self._folder / name) as unfinished:
            sheet = self._sheet.crop((0, 0, COLUMNS * self._side, rows * self._side))
            sheet.save(unfinished, "WEBP", quality=_QUALITY)
        self._files.append(name)
        self._sheet, self._here = None, 0
