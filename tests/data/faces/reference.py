"""What animeface 2.0.3 itself finds, through its own Python module, which needs Pillow 11.

Made again, in an environment of its own and with the repository on `PYTHONPATH`, by

    pip install animeface==2.0.3 pillow==11.3.0 numpy
    python tests/data/faces/reference.py
"""

import json
from pathlib import Path

import numpy as np
from PIL import Image

FOLDER = Path(__file__).parent
SELF_TEST = FOLDER.parents[2] / "anime_style_tf" / "data" / "faces" / "self_test.png"
FOUND = FOLDER / "animeface_2_0_3.json"


def pictures():
    """Pictures by name, uint8 `[height, width, 3]`: the same pixels everywhere."""
    with Image.open(SELF_TEST) as picture:
        face = np.asarray(picture.convert("RGB"))
    noise = np.random.default_rng(0).integers(-12, 13, face.shape)
    return {
        "as it is": face,
        "mirrored": face[:, ::-1],
        "upside down": face[::-1],
        "half as large": face[::2, ::2],
        "twice as large": face.repeat(2, axis=0).repeat(2, axis=1),
        "stretched": face.repeat(2, axis=0)[:, :-7],
        "cropped": face[21:170, 33:],
        "other colors": face[..., ::-1] // 2 + 90,
        "dark": face // 3,
        "grainy": (face + noise).clip(0, 255).astype(np.uint8),
        "two": np.concatenate([face, face[::-1, ::-1], face[:, ::-1]], axis=1),
        "tiny": face[:5, :3],
        "empty": np.full((90, 120, 3), 200, np.uint8),
    }


def main():
    """Writes what the package finds."""
    import animeface

    def sides(part):
        return [part.pos.x, part.pos.y, part.pos.width, part.pos.height]

    found = {
        name: [
            {
                "likelihood": face.likelihood,
                "box": sides(face.face),
                "left_eye": sides(face.left_eye),
                "right_eye": sides(face.right_eye),
            }
            for face in animeface.detect(Image.fromarray(np.ascontiguousarray(pixels)))
        ]
        for name, pixels in pictures().items()
    }
    FOUND.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
