"""What exported models answer beyond their networks: nearest works, and who drew a picture."""

from anime_style_tf.attribution import answering_arrays
from anime_style_tf.errors import InputError
from anime_style_tf.library.catalog import Catalog
from anime_style_tf.serving.known_artists import KnownArtists
from anime_style_tf.serving.nearest_works import NearestWorks


def served_answers(workdir):
    """Makes them from a run's index, enrolled artists included.

    Args:
        workdir: folder of the run.

    Returns:
        `(answers, lines)`: what `Portraits` takes as `works` and `artists`, those that the run
        allows; and lines on what is lacking, and why.
    """
    try:
        catalog = Catalog(workdir)
    except InputError as error:
        return {}, [f"neither nearest_bytes nor attribute_bytes is exported: {error}"]
    index, model = catalog.index, catalog.attribution
    answers = {"works": NearestWorks(index.codes, index.identities, index.artists)}
    if model is None:
        return answers, [f"attribute_bytes is not exported: {catalog.notes[-1]}"]
    return answers | {"artists": KnownArtists(model.names, answering_arrays(model))}, []
