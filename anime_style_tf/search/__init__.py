"""Search in style space: the works nearest to a code, exactly, and ties always in one order.

NumPy and scikit-learn only: codes in, rows and distances out.
"""

from anime_style_tf.search.index import Neighbors, StyleIndex
from anime_style_tf.search.scans import BACKENDS

__all__ = ["BACKENDS", "Neighbors", "StyleIndex"]
