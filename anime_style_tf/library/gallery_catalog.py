"""A folder of pictures to search without any run."""

import numpy as np

from anime_style_tf.data.progress import bar
from anime_style_tf.data.sources.pictures import Pictures
from anime_style_tf.errors import InputError
from anime_style_tf.library.catalog import Catalog
from anime_style_tf.library.embedding import CODE, COLUMNS
from anime_style_tf.library.index_folder import identities
from anime_style_tf.library.portrait_sources import PicturedPortraits
from anime_style_tf.library.pretrained_coder import IMAGE_SIZE, PretrainedCoder
from anime_style_tf.search import StyleIndex

DISTANCE = "Euclidean distance between color histograms and moments of pretrained maps, untrained"
_BATCH = 32


class GalleryCatalog(Catalog):
    """The pictures of a folder, embedded by published maps, ready to be asked like a run.

    All are kept in memory, 70 kB each. Who drew a work is answered by the nearest artist, where
    folders name artists: without training works there is no probability, and no "unknown".

    Args:
        gallery: path of a folder or an archive of pictures.
        backend: of the search; None is exact.
        workers: processes that read pictures.

    Raises:
        InputError: no picture there, no such backend, or the package of the weights is missing.
    """

    title = "Nearest works by color and pretrained maps, untrained"
    look_for = "Look along a row for like colors, shapes and lines; nothing was learned of artists."

    def __init__(self, gallery, *, backend=None, workers=1):
        self.coder = PretrainedCoder()
        works = [made for made in self._made(gallery, workers) if made.image is not None]
        if not works:
            raise InputError(f"--gallery: expected a folder with pictures, found none in {gallery}")
        self._images = [made.image for made in works]
        self._columns = {name: [getattr(made, name) for made in works] for name in COLUMNS}
        self._columns["artist"] = [artist or "(no name)" for artist in self._columns["artist"]]
        self._columns["split"] = ["gallery"] * len(works)
        starts = range(0, len(works), _BATCH)
        batches = bar(starts, "embedding", " batches", total=len(starts))
        codes = np.concatenate([self.coder(self._images[i : i + _BATCH]) for i in batches])
        self._columns[CODE] = codes
        names = identities(self._columns)
        self.index = StyleIndex(codes, names, self._columns["artist"], backend=backend or "exact")
        self._name_artists()
        self._attributor = None
        self.info = {
            "encoder_sha256": self.coder.origin["weights"]["sha256"],
            "code_size": self.coder.code_size,
        }
        self.definitions = {
            "neighbors": DISTANCE,
            "artists": f"{DISTANCE}: from the picture's to the mean of the artist's works",
        }

    def _made(self, gallery, workers):
        """Portraits of the gallery; notes what cannot be read."""
        source = self.portraits([gallery], workers=workers)
        made = [each for work in source.works([]) for each in work]
        self.notes = [f"set aside: {each.source}: {each.reason}" for each in made if each.reason]
        return made

    @staticmethod
    def portraits(paths, *, workers):
        """Returns the `PicturedPortraits` of pictures, as this catalog's coder reads them."""
        return PicturedPortraits(Pictures(paths), {"image_size": IMAGE_SIZE}, workers=workers)

    def picture(self, row):
        """Returns a work's picture, uint8 `[height, width, 3]`, sRGB."""
        return self._images[row]
