"""Style codes of the emoji by a trained encoder, for `style_emoji_unseen.py`.

`style_emoji.py` keeps `encoder.keras` beside its checkpoints at each measurement. The codes are of
the eight hands' training and held-out drawings, and of the two hands with too few drawings, which
nothing was trained on.

    python benchmarks/style_emoji_codes.py --input=emoji64.zip --encoder=PATH --output=codes.npz
"""

import keras
import numpy as np
from absl import app, flags
from emoji_drawings import held_out_groups, load, names, split

from anime_style_tf.stages.networks import over_images
from anime_style_tf.style_encoder import StyleEncoder

_INPUT = flags.DEFINE_string("input", None, "The archive of drawings.", required=True)
_ENCODER = flags.DEFINE_string("encoder", None, "An encoder.keras.", required=True)
_SEED = flags.DEFINE_integer("seed", 0, "The seed that it was trained with.")
_OUTPUT = flags.DEFINE_string("output", "codes.npz", "The codes.")


def main(argv):
    """Encodes all drawings."""
    del argv
    encoder = keras.saving.load_model(_ENCODER.value, {"StyleEncoder": StyleEncoder}, compile=False)
    drawings, unseen = load(_INPUT.value), load(_INPUT.value, rare=True)
    arrays = {
        "hand_names": names(_INPUT.value) + names(_INPUT.value, rare=True),
        "unseen_is_test": np.isin(unseen.groups, held_out_groups(drawings, _SEED.value)),
    }
    training, held_out = split(drawings, _SEED.value)
    for part, some in {"train": training, "test": held_out, "unseen": unseen}.items():
        arrays[f"{part}_codes"] = over_images(encoder, some.images)
        arrays[f"{part}_hands"] = some.hands
        arrays[f"{part}_subjects"] = some.groups
    with open(_OUTPUT.value, "wb") as file:
        np.savez(file, **arrays)


if __name__ == "__main__":
    app.run(main)
