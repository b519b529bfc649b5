"""Makes a page on which to reject portraits: `anime-style review --records=DIR`.

The page needs a browser and nothing else. It saves the rejects as CSV, which the converter reads.
"""

import json
import pathlib

from absl import flags

from anime_style_tf.data.inspection.review import Candidate, write_review
from anime_style_tf.errors import InputError
from anime_style_tf.terminal.startup import load_tensorflow
from anime_style_tf.terminal.tool import there
from anime_style_tf.terminal.typed import typed

_RECORDS = flags.DEFINE_string("records", None, "Folder with info.json.", required=True)
_OUTPUT = flags.DEFINE_string("output", None, "The page; review.html in the folder of the "
                              "records if not given.")  # fmt: skip
_ARTISTS = flags.DEFINE_list("artists", None, "Names of artists; all if not given.")
_SPLIT = flags.DEFINE_enum("split", "all", ["train", "test", "all"], "Works to show.")
_COLUMNS = flags.DEFINE_integer("columns", None, "Thumbnails in a row; as many as the window "
                                "holds if not given.", lower_bound=1)  # fmt: skip
_WORKS = flags.DEFINE_integer("works_per_page", 3000, "Portraits on a page; what does not fit "
                              "is on further pages.", lower_bound=1)  # fmt: skip


def candidates(records, *, split="all", artists=None):
    """Yields the portraits of a set of records, a `Candidate` each.

    Args:
        records: a `Records`.
        split: `train`, `test` or `all`.
        artists: names; None takes all artists.

    Raises:
        InputError: an artist is not in the records.
    """
    import tensorflow as tf

    from anime_style_tf.data import decoding
    from anime_style_tf.data.shards import shards_of

    unknown = sorted(set(artists or ()) - set(records.artists))
    if unknown:
        raise InputError(
            f"artists: expected names that are in {records.path}, received {', '.join(unknown)}; "
            f"{typed('inspect', records=records.path)} lists them"
        )
    wanted = set(records.artists if artists is None else artists)
    for side in ("train", "test") if split == "all" else (split,):
        files = shards_of(records.info["files"], side)
        shards = [str(records.path / file["name"]) for file in files]
        serialized = tf.data.TFRecordDataset(shards) if shards else ()
        for record in map(decoding.parse, serialized):
            artist = _text(record["artist_name"])
            if artist in wanted:
                yield Candidate(
                    source=_text(record["source"]),
                    face=json.loads(_text(record["face"])),
                    artist=artist,
                    split=side,
                    image=record["image_png"].numpy(),
                )


def _text(value):
    return value.numpy().decode("utf-8", "surrogateescape")


def main():
    """Writes the pages and says what to do with them."""
    there(_RECORDS)
    load_tensorflow()
    from anime_style_tf.data.reader import Records

    records = Records(_RECORDS.value, cache=False)
    pages = write_review(
        candidates(records, split=_SPLIT.value, artists=_ARTISTS.value),
        _OUTPUT.value or records.path / "review.html",
        name=records.path.resolve().name,
        checksum=records.checksum,
        works_per_page=_WORKS.value,
        columns=_COLUMNS.value,
    )
    for page in pages:
        print(f"{page}: {page.stat().st_size / 2**20:.1f} MiB")
    print(
        f"Open {pathlib.Path(pages[0]).name} in a browser, reject what does not belong, save the "
        f"CSV, and give it to\n{typed('convert', '--overwrite', '...', rejects='rejects.csv')}"
    )
    return 0
