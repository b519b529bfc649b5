"""Nearest works in style space, exactly: one engine, for the index and for what is measured.

`proposals` finds by float32 products which works may be near, and bounds the rounding; distances
that decide are direct sums in float64. On it stand `style_index` (a persistent index: rows and
distances, ties in the order of identities), `nearest` (a stream of blocks with complete sets of
ties, for measures over a whole ranking's head) and, beside it, `distances` (all of them). NumPy and
SciPy only: codes in, rows and distances out.
"""

from anime_style_tf.search.scans import BACKENDS
from anime_style_tf.search.style_index import NearestWorks, StyleIndex

__all__ = ["BACKENDS", "NearestWorks", "StyleIndex"]
