"""The paper's figures 2 to 7, which show what the generator draws."""

import numpy as np

from anime_style_tf import exploration
from anime_style_tf.figures import dimensions, grids, random_styles, reconstruction
from anime_style_tf.stages.pictures.exhibits import SPLIT


def figure_2(exhibits, *, rows=6, columns=10):
    """Generated grid: rows share content, columns share the mean style of an artist.

    Args:
        exhibits: `Exhibits`.
        rows: content codes.
        columns: artists.

    Returns:
        matplotlib figure.
    """
    artists = exhibits.spread_artists(columns)
    contents = exhibits.random_contents(2, rows)
    return grids.figure_2(
        exhibits.trained.generate(exhibits.means[artists][None], contents[:, None]),
        [exhibits.names[artist] for artist in artists],
        exhibits.images[exhibits.typical_works(artists)],
        split=SPLIT,
    )


def figure_3(exhibits, *, side=5):
    """One content: random styles, and between the styles of four artists.

    Args:
        exhibits: `Exhibits`.
        side: images per row and column of each panel.

    Returns:
        matplotlib figure.
    """
    content = exhibits.random_contents(3, 1)[0]
    styles = exhibits.random(3).standard_normal((side, side, exhibits.means.shape[1]))
    artists = np.resize(exhibits.spread_artists(4), 4)
    between = exploration.interpolate_bilinear(exhibits.means[artists], side, side)
    return random_styles.figure_3(
        exhibits.trained.generate(styles, content),
        exhibits.trained.generate(between, content),
        [exhibits.names[artist] for artist in artists],
    )


def figure_4_5(exhibits, *, samples=3, works=6):
    """What each style dimension does; as the paper's, beside the ends of all training works.

    Args:
        exhibits: `Exhibits`.
        samples: generated portraits for each dimension.
        works: originals at each end of it.

    Returns:
        Two matplotlib figures.
    """
    generator = exhibits.random(4)
    styles = generator.standard_normal((samples, exhibits.means.shape[1]))
    contents = exhibits.trained.content_density.sample(generator, samples)[:, None]
    ranked_codes = exhibits.training_codes()
    works = min(works, len(ranked_codes))
    edits, ends = [], []
    for dimension in range(styles.shape[1]):
        edited = exploration.edit_dimension(styles, dimension)
        edits.append(exhibits.trained.generate(edited, contents))
        ends.append(exploration.rank_works(ranked_codes, dimension, works))
    ends = np.array(ends)
    originals = exhibits.training_images(ends.ravel().tolist())
    lowest, highest = np.moveaxis(originals.reshape(*ends.shape, *originals.shape[1:]), 1, 0)
    which = f"all {len(ranked_codes):,} works that the style encoder was trained on"
    return dimensions.figure_4_5(np.stack(edits), lowest, highest, split=which)


def figure_6(exhibits, *, works=10):
    """Reconstruction, G([S(x), C(x), 0]).

    Args:
        exhibits: `Exhibits`.
        works: how many.

    Returns:
        matplotlib figure.
    """
    artists = exhibits.spread_artists(works)
    index = exhibits.random_works(artists, 6)
    return reconstruction.figure_6(
        exhibits.images[index],
        exhibits.trained.generate(exhibits.styles[index], exhibits.contents[index]),
        [exhibits.names[artist] for artist in artists],
        split=SPLIT,
    )


def figure_7(exhibits, *, rows=6, columns=8):
    """Style transfer, G([S(y), C(x), 0]).

    Args:
        exhibits: `Exhibits`.
        rows: works x that give content.
        columns: works y that give style.

    Returns:
        matplotlib figure.
    """
    artists = exhibits.spread_artists(columns)
    gives_style = exhibits.random_works(artists, 7)
    gives_content = exhibits.random_works(exhibits.spread_artists(rows), 8)
    return grids.figure_7(
        exhibits.images[gives_style],
        exhibits.images[gives_content],
        exhibits.trained.generate(
            exhibits.styles[gives_style][None], exhibits.contents[gives_content][:, None]
        ),
        [exhibits.names[artist] for artist in artists],
        split=SPLIT,
    )
