"""Style codes of the emoji by a trained encoder, for `style_emoji_unseen.py`.

`style_emoji.py` keeps `encoder.keras` beside its checkpoints at each measurement. The codes are of
the eight hands' training and held-out drawings, and of the two hands with too few drawings, which
nothing was trained on; or, of an encoder trained `--without` some hands, of these in their place.

    python benchmarks/style_emoji_codes.py --input=emoji64.zip --encoder=PATH --output=codes.npz
"""

import keras
import numpy as np
from absl import app, flags
from emoji_drawings import load, names, split, validation_split

from anime_style_tf.style_encoder import StyleEncoder
from anime_style_tf.workdir.networks import over_images

_INPUT = flags.DEFINE_string("input", None, "The archive of drawings.", required=True)
_ENCODER = flags.DEFINE_string("encoder", None, "An encoder.keras.", required=True)
_SEED = flags.DEFINE_integer("seed", 0, "The seed that it was trained with.")
_WITHOUT = flags.DEFINE_list("without", [], "The hands that it was trained without.")
_VALIDATION = flags.DEFINE_list(
    "validation", [], "The seeds given to a training with --validation, in place of --seed."
)
_OUTPUT = flags.DEFINE_string("output", "codes.npz", "The codes.")


def main(argv):
    """Encodes all drawings."""
    del argv
    encoder = keras.saving.load_model(_ENCODER.value, {"StyleEncoder": StyleEncoder}, compile=False)
    known = [hand for hand in names(_INPUT.value) if hand not in _WITHOUT.value]
    unknown = _WITHOUT.value or names(_INPUT.value, rare=True)
    drawings, unseen = load(_INPUT.value, known), load(_INPUT.value, unknown)
    seeds = [int(seed) for seed in _VALIDATION.value]
    parts = validation_split(drawings, seeds) if seeds else split(drawings, _SEED.value)
    training, held_out = parts
    arrays = {
        "hand_names": known + unknown,
        "unseen_is_test": np.isin(unseen.groups, held_out.groups),
    }
    for part, some in {"train": training, "test": held_out, "unseen": unseen}.items():
        arrays[f"{part}_codes"] = over_images(encoder, some.images)
        arrays[f"{part}_hands"] = some.hands
        arrays[f"{part}_subjects"] = some.groups
    with open(_OUTPUT.value, "wb") as file:
        np.savez(file, **arrays)


if __name__ == "__main__":
    app.run(main)
