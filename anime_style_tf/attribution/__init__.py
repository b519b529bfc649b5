"""Who drew this? Artists with probabilities, "none of those I know", artists from a few works.

Style codes in, arrays out; NumPy, SciPy and scikit-learn only.
"""

from anime_style_tf.attribution.answering import answering_arrays
from anime_style_tf.attribution.archive import from_arrays, to_arrays
from anime_style_tf.attribution.estimation import fit
from anime_style_tf.attribution.model import ArtistProbabilities, Attribution

__all__ = [
    "ArtistProbabilities",
    "Attribution",
    "answering_arrays",
    "fit",
    "from_arrays",
    "to_arrays",
]
