"""From pictures to upright portraits: `DETECTORS` maps a name to what makes a `Detector`.

A detector is made without arguments, tests itself then, and raises `InputError` where its package
is missing or does not work; another one is one file and one entry here. Importing this imports
no detector's package. Portraits that are ready need none: that is for the caller to decide.
"""

from anime_style_tf.data.faces.animeface import AnimeFace

DETECTORS = {"animeface": AnimeFace}
