"""Style codes of the emoji by a trained encoder, for `style_emoji_unseen.py`.

`style_emoji.py` keeps `encoder.keras` beside its checkpoints at each measurement. The codes are of
the eight artists' training and held-out drawings, and of the two artists with too few drawings,
whom nothing was trained on; or, of an encoder trained `--without` some artists, of these in their
place.

    python -m benchmarks.style_emoji_codes --input=emoji64.zip --encoder=PATH --output=codes.npz
"""

import keras
import numpy as np
from absl import flags

from anime_style_tf.replacing import replacing
from anime_style_tf.style_encoder import StyleEncoder
from anime_style_tf.terminal.tool import run_tool
from anime_style_tf.workdir.networks import over_images
from benchmarks.command import define_input, define_numbers, define_output
from benchmarks.emoji_drawings import load, names, split, validation_split

_INPUT = define_input("input", "The archive of drawings.", required=True)
_ENCODER = define_input("encoder", "An encoder.keras.", required=True)
_SEED = flags.DEFINE_integer("seed", 0, "The seed that it was trained with.")
_WITHOUT = flags.DEFINE_list("without", [], "The artists that it was trained without.")
_VALIDATION = define_numbers(
    "validation", [], "The seeds given to a training with --validation, in place of --seed."
)
_OUTPUT = define_output("codes.npz", "The codes, .npz; replaced.")


def main():
    """Encodes all drawings."""
    encoder = keras.saving.load_model(_ENCODER.value, {"StyleEncoder": StyleEncoder}, compile=False)
    known = [artist for artist in names(_INPUT.value) if artist not in _WITHOUT.value]
    unknown = _WITHOUT.value or names(_INPUT.value, rare=True)
    drawings, unseen = load(_INPUT.value, known), load(_INPUT.value, unknown)
    training, held_out = (
        validation_split(drawings, _VALIDATION.value)
        if _VALIDATION.value
        else split(drawings, _SEED.value)
    )
    arrays = {
        "artist_names": known + unknown,
        "unseen_is_test": np.isin(unseen.groups, held_out.groups),
    }
    for part, own in {"train": training, "test": held_out, "unseen": unseen}.items():
        arrays[f"{part}_codes"] = over_images(encoder, own.images)
        arrays[f"{part}_artists"] = own.artists
        arrays[f"{part}_subjects"] = own.groups
    with replacing(_OUTPUT.value) as unfinished:
        np.savez(unfinished, **arrays)


if __name__ == "__main__":
    run_tool(main)
