"""The paper's figures 1 to 7, a map of the artists and a dictionary of dimensions."""

import os
from pathlib import Path

import numpy as np

from anime_style_tf import exploration
from anime_style_tf.errors import TooFewError
from anime_style_tf.evaluation.uncertainty.measurements import NOT_MEASURED
from anime_style_tf.figures import dimensions, grids, random_styles, reconstruction
from anime_style_tf.stages.measures.attribution_measures import calibration_figure
from anime_style_tf.stages.pictures import curves
from anime_style_tf.stages.pictures.dimension_dictionary import dimension_dictionary
from anime_style_tf.stages.pictures.style_map import style_map
from anime_style_tf.workdir import networks
from anime_style_tf.workdir.figure_files import boxes, save_figure
from anime_style_tf.workdir.provenance import read_json, write_json
from anime_style_tf.workdir.trained import Trained


def run(config, workdir):
    """Draws every figure.

    Args:
        config: with `seed` and the section `explore`.
        workdir: folder of the run.

    Returns:
        Line with the folder; further ones if a figure cannot be drawn, or if no font has some
        letters of the names.
    """
    workdir = Path(workdir)
    folder = workdir / "explore"
    section = config.explore
    shown = _Shown(Trained(workdir), config.seed)
    metrics = read_json(workdir / "evaluate" / "metrics.json")
    artists = len(shown.names)
    save_figure(curves.figure_1(metrics, artists=artists), folder / "figure_1.png")
    save_figure(curves.content_curve(metrics), folder / "content_curve.png")
    save_figure(figure_2(shown, **section.figure_2), folder / "figure_2.png")
    save_figure(figure_3(shown, **section.figure_3), folder / "figure_3.png")
    pages = figure_4_5(shown, **section.figure_4_5)
    for number, page in zip((4, 5), pages, strict=True):
        save_figure(page, folder / f"figure_{number}.png")
    save_figure(figure_6(shown, **section.figure_6), folder / "figure_6.png")
    save_figure(figure_7(shown, **section.figure_7), folder / "figure_7.png")
    chart, places = style_map(shown, **section.style_map)
    try:
        dictionary, numbers = dimension_dictionary(shown, **section.dimension_dictionary)
    except TooFewError as reason:
        dictionary, numbers = None, {NOT_MEASURED: str(reason)}
    write_json(folder / "style_map.json", places)
    write_json(folder / "dimensions.json", numbers)
    attribution = metrics.get("attribution", {NOT_MEASURED: "redo the stage evaluate"})
    drawn = ["figure_1.png ... figure_7.png", "content_curve.png"]
    missing = []
    for name, figure, measures in (
        ("style_map.png", chart, places),
        ("dimensions.png", dictionary, numbers),
        ("retrieval.png", curves.retrieval_curves(metrics, artists=artists), metrics["retrieval"]),
        ("calibration.png", calibration_figure(attribution, artists=artists), attribution),
    ):
        if figure is None:
            missing.append(f"no {name}: {measures[NOT_MEASURED]}")
        else:
            save_figure(figure, folder / name)
            drawn.append(name)
    return [
        f"{folder}{os.sep}{', '.join(drawn)}",
        *missing,
        *boxes(shown.names, "redo this stage with --overwrite"),
    ]


_SHOWN = "test split of the style encoder; VAE and GAN were trained on all works, these too"


class _Shown:
    """The test works and codes that the figures share.

    Args:
        trained: `Trained`.
        seed: of every random choice.
    """

    def __init__(self, trained, seed):
        self.trained = trained
        self.seed = seed
        self.names = trained.records.artists
        batches = list(trained.records.batches("test", 64, repeat=False))
        self.images, self.coverage, self.work_ids = (
            np.concatenate([batch[key].numpy() for batch in batches])
            for key in ("image", "coverage", "work_id")
        )
        self.labels = trained.records.labels("test")
        self.styles, self.contents = trained.encode(self.images)
        self.means = trained.artists["mean_styles"]
        deviation, mean = trained.style_encoder.deviation, trained.style_encoder.mean
        # As the encoder gives them, before S^ standardizes them: distances count so.
        self.raw_styles = self.styles * deviation.numpy() + mean.numpy()

    def training_works(self, rows):
        """Returns the images of some training works, in the order of `rows`."""
        wanted, images, first = set(rows), {}, 0
        for batch in self.trained.records.batches("train", 64, repeat=False):
            works = batch["image"].numpy()
            here = wanted.intersection(range(first, first + len(works)))
            images |= {row: works[row - first] for row in here}
            first += len(works)
        return np.stack([images[row] for row in rows])

    def random(self, figure):
        """Returns a generator of its own for each figure."""
        return np.random.default_rng((self.seed, figure))

    def contents_at_random(self, figure, count):
        """Returns content codes `[count, k_C]` from the standard normal."""
        return self.random(figure).standard_normal((count, self.contents.shape[1]))

    def spread_artists(self, count):
        """Returns labels of at most `count` artists, evenly over those who have test works."""
        shown = np.unique(self.labels)
        count = min(count, len(shown))
        return shown[np.linspace(0, len(shown) - 1, count).round().astype(int)]

    def works_of(self, labels, figure):
        """Returns the index of one random test work of each artist."""
        generator = self.random(figure)
        return np.array([generator.choice(np.flatnonzero(self.labels == a)) for a in labels])

    def examples(self, labels):
        """Returns the most typical test work of each artist, `[artists, height, width, 3]`."""
        index = [exploration.medoid_works(self.styles, self.labels, a, 1)[0] for a in labels]
        return self.images[index]


def figure_2(shown, *, rows=6, columns=10):
    """Generated grid: rows share content, columns share the mean style of an artist.

    Args:
        shown: `_Shown`.
        rows: content codes.
        columns: artists.

    Returns:
        matplotlib figure.
    """
    labels = shown.spread_artists(columns)
    contents = shown.contents_at_random(2, rows)
    return grids.figure_2(
        shown.trained.generate(shown.means[labels][None], contents[:, None]),
        [shown.names[label] for label in labels],
        shown.examples(labels),
        split=_SHOWN,
    )


def figure_3(shown, *, side=5):
    """One content: random styles, and between the styles of four artists.

    Args:
        shown: `_Shown`.
        side: images per row and column of each panel.

    Returns:
        matplotlib figure.
    """
    content = shown.contents_at_random(3, 1)[0]
    styles = shown.random(3).standard_normal((side, side, shown.means.shape[1]))
    labels = np.resize(shown.spread_artists(4), 4)
    between = exploration.interpolate_bilinear(shown.means[labels], side, side)
    return random_styles.figure_3(
        shown.trained.generate(styles, content),
        shown.trained.generate(between, content),
        [shown.names[label] for label in labels],
    )


def figure_4_5(shown, *, samples=3, works=6):
    """What each style dimension does; as the paper's, beside the ends of all training works.

    Args:
        shown: `_Shown`.
        samples: generated portraits for each dimension.
        works: originals at each end of it.

    Returns:
        Two matplotlib figures.
    """
    generator = shown.random(4)
    styles = generator.standard_normal((samples, shown.means.shape[1]))
    contents = generator.standard_normal((samples, 1, shown.contents.shape[1]))
    ranked_codes = networks.over_records(
        shown.trained.style_encoder, shown.trained.records, "train"
    )
    works = min(works, len(ranked_codes))
    edits, ends = [], []
    for dimension in range(styles.shape[1]):
        edited = exploration.edit_dimension(styles, dimension)
        edits.append(shown.trained.generate(edited, contents))
        ends.append(exploration.rank_works(ranked_codes, dimension, works))
    ends = np.array(ends)
    originals = shown.training_works(ends.ravel().tolist())
    lowest, highest = np.moveaxis(originals.reshape(*ends.shape, *originals.shape[1:]), 1, 0)
    which = f"all {len(ranked_codes):,} works that the style encoder was trained on"
    return dimensions.figure_4_5(np.stack(edits), lowest, highest, split=which)


def figure_6(shown, *, works=10):
    """Reconstruction, G([S(x), C(x), 0]).

    Args:
        shown: `_Shown`.
        works: how many.

    Returns:
        matplotlib figure.
    """
    labels = shown.spread_artists(works)
    index = shown.works_of(labels, 6)
    return reconstruction.figure_6(
        shown.images[index],
        shown.trained.generate(shown.styles[index], shown.contents[index]),
        [shown.names[label] for label in labels],
        split=_SHOWN,
    )


def figure_7(shown, *, rows=6, columns=8):
    """Style transfer, G([S(y), C(x), 0]).

    Args:
        shown: `_Shown`.
        rows: works x that give content.
        columns: works y that give style.

    Returns:
        matplotlib figure.
    """
    labels = shown.spread_artists(columns)
    gives_style = shown.works_of(labels, 7)
    gives_content = shown.works_of(shown.spread_artists(rows), 8)
    return grids.figure_7(
        shown.images[gives_style],
        shown.images[gives_content],
        shown.trained.generate(
            shown.styles[gives_style][None], shown.contents[gives_content][:, None]
        ),
        [shown.names[label] for label in labels],
        split=_SHOWN,
    )


CALLABLES = {
    "figure_2": figure_2,
    "figure_3": figure_3,
    "figure_4_5": figure_4_5,
    "figure_6": figure_6,
    "figure_7": figure_7,
    "style_map": style_map,
    "dimension_dictionary": dimension_dictionary,
}
