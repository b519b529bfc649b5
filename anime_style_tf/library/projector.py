"""Files for TensorBoard's embedding projector, which the Keras callback cannot write."""

import math
import pathlib

import numpy as np
from google.protobuf import text_format
from PIL import Image
from tensorboard.plugins.projector import ProjectorConfig

from anime_style_tf.text import one_line

CONFIG = "projector_config.pbtxt"
SPRITE_SIDE = 8192  # pixels; what TensorBoard takes at most
_AXES = 3  # it draws three


def write_projector(folder, table, images, *, works=5000, thumbnail_side=64):
    """Writes codes, labels and thumbnails for `tensorboard --logdir=FOLDER`.

    Args:
        folder: to write to; made if missing.
        table: dict of lists: `code` `[works][k_S]`, `artist`, `work_id`, `split`, `source`.
        images: function from a list of rows of the table to pictures, uint8 `[height, width, 3]`
            each.
        works: how many are shown at most, evenly over the artists; TensorBoard holds all in
            memory and slows down beyond some 10,000.
        thumbnail_side: of the pictures, in pixels; smaller where more would not fit.

    Returns:
        Number of works shown.
    """
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    rows = spread(table["artist"], works)
    codes = np.array([table["code"][row] for row in rows], np.float32)
    codes = np.pad(codes, ((0, 0), (0, max(0, _AXES - codes.shape[1]))))
    # As text: the plugin takes any file for text that happens to be valid UTF-8.
    np.savetxt(folder / "tensors.tsv", codes, fmt="%.9g", delimiter="\t")
    names = ("artist", "work_id", "split", "source")
    lines = [names] + [[one_line(str(table[name][row])) for name in names] for row in rows]
    (folder / "metadata.tsv").write_text("".join("\t".join(line) + "\n" for line in lines), "utf-8")
    columns = max(1, math.isqrt(max(0, len(rows) - 1)) + 1)
    side = min(thumbnail_side, SPRITE_SIDE // columns)
    _sprite(images, rows, columns, side).save(folder / "sprite.png")
    config = ProjectorConfig()
    embedding = config.embeddings.add(
        tensor_name="style", tensor_path="tensors.tsv", metadata_path="metadata.tsv"
    )
    embedding.sprite.image_path = "sprite.png"
    embedding.sprite.single_image_dim.extend((side, side))
    (folder / CONFIG).write_text(text_format.MessageToString(config), "utf-8")
    return len(rows)


def spread(artists, count):
    """Chooses rows evenly over artists.

    Args:
        artists: name of each row's artist.
        count: how many rows at most.

    Returns:
        List of rows, ascending: the first of each artist before the second of any.
    """
    turn, order = {}, []
    for row, artist in enumerate(artists):
        turn[artist] = turn.get(artist, 0) + 1
        order.append((turn[artist], row))
    return sorted(row for _, row in sorted(order)[:count])


def _sprite(images, rows, columns, side):
    """One sheet of thumbnails, row by row, read a few at a time."""
    sheet = Image.new("RGB", (columns * side, max(1, -(-len(rows) // columns)) * side))
    for start in range(0, len(rows), columns):
        for column, image in enumerate(images(rows[start : start + columns])):
            picture = Image.fromarray(image).resize((side, side), Image.Resampling.LANCZOS)
            sheet.paste(picture, (column * side, start // columns * side))
    return sheet
