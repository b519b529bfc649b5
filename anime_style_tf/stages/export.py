"""SavedModels with named signatures."""

from pathlib import Path

from anime_style_tf.serving.portraits import Portraits
from anime_style_tf.serving.saved_model import export_portraits
from anime_style_tf.workdir.provenance import code_and_data
from anime_style_tf.workdir.trained import Trained


def run(config, workdir):
    """Writes one SavedModel per network and the bundle.

    Args:
        config: with `name`, `image_size` and the section `export`.
        workdir: folder of the run.

    Returns:
        Lines with the folders.
    """
    workdir = Path(workdir)
    trained = Trained(workdir)
    portraits = Portraits(
        style_encoder=trained.style_encoder,
        content_encoder=trained.content_encoder,
        generator=trained.generator,
        image_size=config.image_size,
    )
    exported = export_portraits(
        portraits,
        workdir / "export",
        artists=dict(zip(trained.records.artists, trained.artists["mean_styles"], strict=True)),
        provenance={"name": config.name, **code_and_data(workdir)},
        **config.export.saved_model,
    )
    return [each["path"] for each in exported.values()]


CALLABLES = {"saved_model": export_portraits}
