"""SavedModels with named signatures."""

from pathlib import Path

from anime_style_tf.explorer.page_data import FOLDER, write_page_data
from anime_style_tf.library.bundled_networks import CONTENTS_FILE
from anime_style_tf.library.named_styles import NamedStyles
from anime_style_tf.library.served_answers import served_answers
from anime_style_tf.pretrained.weights import PUBLISHED
from anime_style_tf.serving.portraits import Portraits
from anime_style_tf.serving.saved_model import export_portraits
from anime_style_tf.workdir.provenance import code_and_data
from anime_style_tf.workdir.trained import Trained


def run(config, workdir):
    """Writes one SavedModel per network that there is, and the bundle where all three are there.

    Args:
        config: with `name`, `image_size` and the section `export`; `export.works_shown` is how
            many works the explorer shows at most, if it is there.
        workdir: folder of the run.

    Returns:
        Lines on what is lacking, then with the folders.
    """
    workdir = Path(workdir)
    trained = Trained(workdir)
    answers, lines = served_answers(workdir)
    portraits = Portraits(
        style_encoder=trained.style_encoder,
        content_encoder=None if trained.lacks("content") else trained.content_encoder,
        generator=None if trained.lacks("content", "gan") else trained.generator,
        image_size=config.image_size,
        **answers,
    )

    shown = {"works": config.export.works_shown} if "works_shown" in config.export else {}

    def add_to(bundle):
        trained.content_density.save(bundle / CONTENTS_FILE)
        lines.extend(write_page_data(trained, bundle / "assets.extra" / FOLDER, **shown))

    exported = export_portraits(
        portraits,
        workdir / "export",
        artists=NamedStyles.of_run(trained).codes,
        provenance={"name": config.name, **code_and_data(workdir)}
        | weights_of_others(trained.style_encoder),
        complete=add_to,
        **config.export.saved_model,
    )
    return [*lines, *(each["path"] for each in exported.values())]


def weights_of_others(style_encoder):
    """Names the pretrained weights inside a style encoder, whose license goes where they go.

    Args:
        style_encoder: `PrunedEncoder` of a `StyleEncoder`.

    Returns:
        JSON values; empty where the encoder was trained from nothing.
    """
    frozen = style_encoder.encoder.frozen
    return {} if frozen is None else {"pretrained": PUBLISHED[frozen.variant].credit()}


CALLABLES = {"saved_model": export_portraits}
