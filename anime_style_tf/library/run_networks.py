"""What a `StyleSpace` asks of a run's folder."""

import functools

import numpy as np

from anime_style_tf.errors import InputError
from anime_style_tf.library.catalog import Catalog
from anime_style_tf.library.enrollment import enroll_portraits
from anime_style_tf.library.inversion import Inversion
from anime_style_tf.library.named_styles import NamedStyles
from anime_style_tf.library.portrait_sources import pictured_portraits
from anime_style_tf.serving.free_code import free_code
from anime_style_tf.workdir.trained import Trained


class RunNetworks:
    """A run's networks, each read when it is first used, its index, and who is enrolled.

    Args:
        workdir: `pathlib.Path` of the run's folder.

    Raises:
        InputError: no run there.
    """

    def __init__(self, workdir):
        if not (workdir / "style" / "pruned_style_encoder.keras").is_file():
            raise InputError(
                f"{workdir} is no run with a trained style encoder: expected the folder that was "
                "given as --workdir, after --stage=style, or that of an exported bundle"
            )
        self.workdir = workdir
        self.trained = Trained(workdir)

    @property
    def image_size(self):
        """Height and width of a portrait, pixels."""
        return self.trained.records.image_size

    @property
    def style_size(self):
        """k_S."""
        return self.trained.style_encoder.code_size

    @property
    def content_size(self):
        """k_C."""
        return self.trained.content_encoder.code_size

    @property
    def content_density(self):
        """`ContentDensity`, from which contents are drawn."""
        return self.trained.content_density

    @functools.cached_property
    def styles(self):
        """`NamedStyles` of the run's artists and of the enrolled ones."""
        return NamedStyles.of_run(self.trained)

    @functools.cached_property
    def catalog(self):
        """`Catalog` of the run's works."""
        return Catalog(self.workdir)

    def need(self, *parts):
        """Refuses to go on without parts of a run, keys of `workdir.trained.PARTS`."""
        if reason := self.trained.lacks(*parts):
            raise InputError(f"{self.workdir}: {reason}")

    def portraits(self, source):
        """Makes portraits of a source of pictures as those of the run's records were made."""
        return pictured_portraits(source, self.workdir, workers=1)

    def encode_style(self, images):
        """Style codes `[images, k_S]` of uint8 `[images, height, width, 3]`, sRGB."""
        return self.trained.encode_style(images)

    def encode(self, images):
        """The same, and content codes `[images, k_C]`."""
        self.need("content")
        return self.trained.encode(images)

    def draw(self, style, content, seeds, free=None):
        """Draws codes `[batch, k_S]` and `[batch, k_C]`: float32 sRGB in [0, 1].

        Args:
            style: standardized.
            content: as C gives it.
            seeds: int64 `[batch]` for the free code; None leaves it zero.
            free: `[batch, f]`, the free code itself, in their place.
        """
        size = self.trained.free_size
        if free is None:
            free = np.zeros((len(style), size)) if seeds is None else free_code(seeds, size).numpy()
        return self.trained.generate(style, content, free)

    def refined(self, images, style, content, *, steps):
        """Codes that draw pictures better than the encoders', see `library.inversion`."""
        return self._inversion.refined(images, style, content, steps=steps)

    @functools.cached_property
    def _inversion(self):
        return Inversion(self.trained)

    def enroll(self, artist, made, *, overwrite):
        """Enrolls an artist from a list of `Portrait`; see `library.enrollment`."""
        answer = enroll_portraits(self.workdir, artist, made, overwrite=overwrite)
        for name in ("catalog", "styles"):  # Both are read anew, with the artist.
            self.__dict__.pop(name, None)
        return answer
