"""Where artworks come from: `SOURCES` maps a name to a class.

A source has keyword-only constructor arguments, `artworks()` (yields `Artwork`),
`description()` (a dict for `info.json`) and `attribution()` (Markdown to keep beside the
records, or None); one that knows other names of artists has them as `other_names`, an `Aliases`.
"""

from anime_style_tf.data.sources.danbooru import DanbooruSource
from anime_style_tf.data.sources.dicebear import DicebearSource
from anime_style_tf.data.sources.folder import FolderSource
from anime_style_tf.data.sources.manifest import ManifestSource

SOURCES = {
    "folder": FolderSource,
    "manifest": ManifestSource,
    "danbooru": DanbooruSource,
    "dicebear": DicebearSource,
}
