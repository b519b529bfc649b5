"""The paper's figures 1 to 7, a map of the artists and a dictionary of dimensions: which files."""

import dataclasses
import os
from collections.abc import Callable
from pathlib import Path

from anime_style_tf.evaluation.uncertainty.measurements import NOT_MEASURED, measured
from anime_style_tf.stages import callables_of
from anime_style_tf.stages.pictures import generated, prefix_curves
from anime_style_tf.stages.pictures.artist_map import artist_map
from anime_style_tf.stages.pictures.dimension_entries import dimension_entries
from anime_style_tf.stages.pictures.exhibits import Exhibits
from anime_style_tf.stages.pictures.reliability import reliability_diagram
from anime_style_tf.workdir.figure_files import save_figure, unwritable
from anime_style_tf.workdir.provenance import write_json
from anime_style_tf.workdir.trained import Trained


@dataclasses.dataclass(frozen=True)
class Picture:
    """One or more files of the stage.

    Attributes:
        files: names; a `.json` holds the numbers of the figure before it.
        shows: what is seen, one phrase.
        function: from `Exhibits`, and the settings of the row's name where the configuration has
            some, to the content of the files in this order, or of the only one.
        needs: parts of the run, keys of `trained.PARTS`, beside records, style code and numbers.
    """

    files: tuple[str, ...]
    shows: str
    function: Callable
    needs: tuple[str, ...] = ()


GENERATED = ("content", "gan")
PICTURES = {
    "figure_1": Picture(
        ("figure_1.png",), "accuracy and variance ratio against the number of style dimensions",
        prefix_curves.figure_1,
    ),
    "figure_2": Picture(
        ("figure_2.png",), "generated: rows share content, columns the mean style of an artist",
        generated.figure_2, needs=GENERATED,
    ),
    "figure_3": Picture(
        ("figure_3.png",), "generated: one content in random styles, and between four artists",
        generated.figure_3, needs=GENERATED,
    ),
    "figure_4_5": Picture(
        ("figure_4.png", "figure_5.png"), "what each style dimension does, down and up",
        generated.figure_4_5, needs=GENERATED,
    ),
    "figure_6": Picture(
        ("figure_6.png",), "works, and what is generated from their codes",
        generated.figure_6, needs=GENERATED,
    ),
    "figure_7": Picture(
        ("figure_7.png",), "style transfer: the content of one work in the style of another",
        generated.figure_7, needs=GENERATED,
    ),
    "content_curve": Picture(
        ("content_curve.png",), "the VAE's error against the number of content dimensions",
        prefix_curves.content_curve, needs=("content",),
    ),
    "style_map": Picture(
        ("style_map.png", "style_map.json"), "artists in the plane, near where their styles are",
        artist_map,
    ),
    "dimension_dictionary": Picture(
        ("dimensions.png", "dimensions.json"), "what each style dimension goes with in the works",
        dimension_entries,
    ),
    "retrieval_curves": Picture(
        ("retrieval.png",), "each measure of retrieval against the number of style dimensions",
        prefix_curves.retrieval_curves,
    ),
    "reliability_diagram": Picture(
        ("calibration.png",), "how often stated probabilities of artists are right",
        reliability_diagram,
    ),
}  # fmt: skip
CALLABLES = callables_of(PICTURES)
_SEVEN = ", ".join(f"figure_{number}.png" for number in range(1, 8))


def run(config, workdir):
    """Draws every figure; one that lacks something is left out with its reason.

    Args:
        config: with `seed` and the section `explore`.
        workdir: folder of the run.

    Returns:
        Line with the folder; further ones if figures cannot be drawn, or if no font has some
        letters of the names.
    """
    trained = Trained(Path(workdir))
    folder = trained.workdir / "explore"
    exhibits = Exhibits(trained, seed=config.seed)
    drawn, reasons = [], {}
    for name, picture in PICTURES.items():
        figures = [file for file in picture.files if file.endswith(".png")]
        contents = _contents(picture, exhibits, config.explore.get(name, {}))
        if NOT_MEASURED in contents:
            reason = contents[NOT_MEASURED]
            reasons.setdefault(reason, []).extend(figures)
            # Whoever reads the numbers of the figure finds why there are none.
            contents = {file: contents for file in picture.files if file not in figures}
        else:
            drawn += figures
        for file, content in contents.items():
            if file in figures:
                save_figure(content, folder / file)
            else:
                write_json(folder / file, content)
    return [
        f"{folder}{os.sep}{', '.join(drawn).replace(_SEVEN, 'figure_1.png ... figure_7.png')}",
        *(f"no {', '.join(files)}: {reason}" for reason, files in reasons.items()),
        *unwritable(exhibits.names, "redo this stage with --overwrite"),
    ]


def _contents(picture, exhibits, settings):
    """Returns file -> figure or JSON object; `not_measured`, the reason, where there is none."""
    if reason := exhibits.trained.lacks(*picture.needs):
        return {NOT_MEASURED: reason}
    contents = measured(picture.function, exhibits, **settings)
    if isinstance(contents, dict):
        return contents
    if len(picture.files) == 1:
        contents = [contents]
    return dict(zip(picture.files, contents, strict=True))
