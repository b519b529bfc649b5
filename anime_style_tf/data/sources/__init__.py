"""Where artworks come from: `SOURCES` maps a name to a class.

A source has keyword-only constructor arguments, `artworks()` (yields `Artwork`),
`description()` (a dict for `info.json`) and `attribution()` (Markdown to keep beside the
records, or None).
"""

from anime_style_tf.data.sources.dicebear import DicebearSource
from anime_style_tf.data.sources.folder import FolderSource

SOURCES = {"folder": FolderSource, "dicebear": DicebearSource}
