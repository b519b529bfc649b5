"""What a `StyleSpace` asks of an exported bundle: its signatures, and nothing of the run."""

import json
import pathlib

import numpy as np
import tensorflow as tf

from anime_style_tf.content_density import ContentDensity
from anime_style_tf.data.sources.names import artist_name, spelled_as
from anime_style_tf.errors import InputError
from anime_style_tf.library.bundled_catalog import BundledCatalog
from anime_style_tf.library.named_styles import NamedStyles
from anime_style_tf.library.portrait_sources import PicturedPortraits
from anime_style_tf.serving.saved_model import DESCRIPTION_FILE

# Beside the code, so that a package that brings a model needs no network.
PRETRAINED = pathlib.Path(__file__).parents[1] / "pretrained_portraits"
CONTENTS_FILE = "contents.json"  # beside the graph
_GRAPH = "saved_model.pb"
_AT_ONCE = 64


def bundle_in(folder):
    """Returns the folder of an exported model: `folder`, or its newest version; None if none."""
    versions = [path for path in folder.glob("*") if path.name.isdecimal()]
    newest = max(versions, key=lambda path: int(path.name), default=folder)
    return next((path for path in (folder, newest) if (path / _GRAPH).is_file()), None)


class BundledNetworks:
    """A SavedModel with named signatures, and the artists that its `model.json` names.

    Args:
        folder: `pathlib.Path`, as `bundle_in` gives it.

    Raises:
        InputError: it cannot be read, or was not exported by this package.
    """

    def __init__(self, folder):
        self.folder = folder
        try:
            description = json.loads((folder / DESCRIPTION_FILE).read_text("utf-8"))
            sizes = description["sizes"]
            self.image_size, self.style_size = sizes["size"], sizes["k_S"]
            self.content_size, self._free_size = sizes["k_C"], sizes["free"]
            self.content_density = ContentDensity.standard(self.content_size)
            if (folder / CONTENTS_FILE).is_file():  # bundles of before have none
                self.content_density = ContentDensity.load(folder / CONTENTS_FILE)
            self.styles = NamedStyles(
                {
                    artist_name(name): np.asarray(code, "float32")
                    for name, code in description["artists"].items()
                }
            )
            self._signatures = tf.saved_model.load(str(folder)).signatures
            self.catalog = BundledCatalog(self._answers)
            self._enrolled = set()
        except (OSError, ValueError, KeyError, TypeError, AttributeError, tf.errors.OpError) as why:
            raise InputError(
                f"{folder} cannot be read ({type(why).__name__}): expected a SavedModel with the "
                f"{DESCRIPTION_FILE} that the stage export leaves beside it; export it again"
            ) from why

    def enroll(self, artist, made, *, overwrite):
        """Names the mean style of some portraits, for this object alone.

        Args:
            artist: name.
            made: list of `Portrait`.
            overwrite: give a name that was enrolled before to these.

        Returns:
            `(lines, set_aside)`, as `library.enrollment.enroll` does.

        Raises:
            InputError: the name is taken, or there is no portrait.
        """
        artist, usable = artist_name(artist.strip()), [one for one in made if one.image is not None]
        same = spelled_as(artist, self.styles.codes)
        if not artist or (same and not (overwrite and same in self._enrolled)):
            raise InputError(f"artist: expected a name that nobody has, received {artist!r}")
        if not usable:
            raise InputError(f"pictures: expected some to enroll {artist!r} from, received none")
        codes = self.encode_style(np.stack([one.image for one in usable]))
        self.styles.codes[same or artist] = codes.mean(axis=0)
        self._enrolled.add(same or artist)
        line = (
            f"{artist}: enrolled from {len(usable)} portraits until the program ends; an exported "
            "model is not written to, and does not find this artist"
        )
        return [line], [(one.source, one.reason) for one in made if one.image is None]

    def need(self, *parts):
        """Passes: what a bundle lacks is said when its signature is called."""

    def portraits(self, source):
        """Makes portraits of a source of pictures at the bundle's size; no faces are cut out."""
        return PicturedPortraits(source, {"image_size": self.image_size}, workers=1)

    def encode_style(self, images):
        """Style codes `[images, k_S]` of uint8 `[images, height, width, 3]`, sRGB."""
        return self._call("encode_style", "style", images=images)

    def encode(self, images):
        """The same, and content codes `[images, k_C]`."""
        content = self._call("encode_content", "content", images=images)
        return self.encode_style(images), content

    def draw(self, style, content, seeds, free=None):
        """Draws codes `[batch, k_S]` and `[batch, k_C]`: float32 sRGB in [0, 1].

        Args:
            style: standardized.
            content: as C gives it.
            seeds: int64 `[batch]` for the free code; None leaves it zero.
            free: `[batch, f]`, the free code itself, in their place.
        """
        codes = {"style": style, "content": content}
        if seeds is not None:
            return self._call("generate", "images", **codes, seed=seeds)
        if free is not None or "draw" in self._signatures:
            if free is None:
                free = np.zeros((len(style), self._free_size), "float32")
            return self._call("draw", "images", **codes, free=free)
        # Bundles of before have no signature that takes a free code.
        return self._call("generate", "images", **codes, seed=np.zeros(len(style), "int64"))

    def refined(self, images, style, content, *, steps):
        """No gradients flow through a bundle: an `InputError`."""
        raise self._only_a_run("codes are refined with the networks of")

    def _call(self, name, output, **inputs):
        return self._answers(name, **inputs)[output]

    def _answers(self, name, **inputs):
        """All outputs of a signature, by name."""
        if name not in self._signatures:
            raise InputError(
                f"{self.folder} has no signature {name}: open the bundle of all of them, "
                "RUN/export/portraits"
            )
        count = len(next(iter(inputs.values())))
        parts = [
            {key: tf.constant(value[i : i + _AT_ONCE]) for key, value in inputs.items()}
            for i in range(0, count, _AT_ONCE)
        ]
        function = self._signatures[name]
        answers = [function(**part) for part in parts]
        return {key: np.concatenate([each[key].numpy() for each in answers]) for key in answers[0]}

    def _only_a_run(self, what):
        return InputError(
            f"{self.folder} is an exported model: {what} a run; open the folder "
            'that was given as --workdir, anime_style_tf.load("runs/demo")'
        )
