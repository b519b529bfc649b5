"""Who drew this? Artists with probabilities, "none of those I know", artists from a few works.

Style codes in, arrays out; NumPy, SciPy and scikit-learn only.
"""

from anime_style_tf.attribution.fitting import fit
from anime_style_tf.attribution.model import Answers, Attribution
from anime_style_tf.attribution.stored import from_arrays, to_arrays

__all__ = ["Answers", "Attribution", "fit", "from_arrays", "to_arrays"]
