"""Draws what a set of records holds: a row for each artist, with the name and some works."""

import heapq

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from anime_style_tf.data.schema import ARTIST, IMAGE, WORK_ID

ROWS_PER_SHEET = 40
_GAP, _NAME_WIDTH, _TITLE_HEIGHT, _LEAST_SIDE = 4, 200, 34, 64
_PAPER, _INK, _PALE = (255, 255, 255), (20, 20, 20), (110, 110, 110)
# Pillow's own font has Latin letters only; the first of these that is installed has more.
_FONTS = ("NotoSansCJK-Regular.ttc", "NotoSans-Regular.ttf", "DejaVuSans.ttf")


def contact_sheets(records, *, split="train", columns=10):
    """Draws the set, by artist.

    Args:
        records: a `reader.Records`.
        split: `train`, `test` or `all`.
        columns: works of each artist, those whose identity sorts first: where artists drew the
            same subjects, a column shows one subject.

    Yields:
        `PIL.Image.Image`, RGB, with up to `ROWS_PER_SHEET` artists.
    """
    works = _first_works(records, split, columns)
    for start in range(0, len(records.artists), ROWS_PER_SHEET):
        labels = range(start, min(start + ROWS_PER_SHEET, len(records.artists)))
        yield _draw_sheet(records, works, labels, split, columns)


def _first_works(records, split, columns):
    """Returns for each label its works, `(work_id, image)`, in the order of the identities."""
    chosen = [{} for _ in records.artists]
    for batch in records.batches(split, 64, repeat=False).as_numpy_iterator():
        for label, work_id, image in zip(batch[ARTIST], batch[WORK_ID], batch[IMAGE], strict=True):
            works = chosen[label]
            works[work_id] = image
            if len(works) > 2 * columns:
                kept = heapq.nsmallest(columns, works)
                chosen[label] = {identity: works[identity] for identity in kept}
    return [sorted(works.items(), key=lambda work: work[0])[:columns] for works in chosen]


def _draw_sheet(records, works, labels, split, columns):
    side = max(records.image_size, _LEAST_SIDE)
    cell = side + _GAP
    counts = records.info["counts"]
    title = (
        f"{len(records.artists)} artists, {counts['train']} training and {counts['test']} test "
        f"works, {records.image_size} px. Shown: works of split '{split}'."
    )
    titled = int(_font(15).getlength(title)) + 4 * _GAP
    width = max(_NAME_WIDTH + columns * cell + _GAP, titled)
    sheet = Image.new("RGB", (width, _TITLE_HEIGHT + len(labels) * cell + _GAP), _PAPER)
    pen = ImageDraw.Draw(sheet)
    pen.text((2 * _GAP, 2 * _GAP), title, _INK, font=_font(15))
    for row, label in enumerate(labels):
        top = _TITLE_HEIGHT + row * cell
        artist = records.info["artists"][label]
        name = artist["name"].encode("utf-8", "replace").decode()  # a file name may be no text
        name = name if _can_write(_font(14), name) else f"label {label}"  # which is in info.json
        name = _fitting(name, _font(14), _NAME_WIDTH - 3 * _GAP)
        pen.text((2 * _GAP, top + side // 2 - 18), name, _INK, font=_font(14))
        detail = f"{artist['train']} training, {artist['test']} test"
        pen.text((2 * _GAP, top + side // 2 + 2), detail, _PALE, font=_font(11))
        for column, (_, image) in enumerate(works[label]):
            picture = Image.fromarray(np.asarray(image)).resize((side, side))
            sheet.paste(picture, (_NAME_WIDTH + column * cell, top))
    return sheet


def _can_write(font, text):
    """Tells whether a font has all letters of a text: what it lacks is drawn as what is none."""
    lacking = bytes(font.getmask("\uffff"))
    return all(letter.isspace() or bytes(font.getmask(letter)) != lacking for letter in text)


def _fitting(text, font, width):
    """Returns a text, its end cut until it is at most `width` pixels wide."""
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(text + "…") > width:
        text = text[:-1]
    return text + "…"


def _font(size):
    for name in _FONTS:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return ImageFont.load_default(size)
