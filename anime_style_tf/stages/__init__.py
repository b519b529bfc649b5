"""The stages of a run in the paper's order.

A stage is a module here with `run(config, workdir)`: it takes its settings and the files of
the stages that it needs, fits or measures, and leaves files in `<workdir>/<stage>/`.
"""

import dataclasses
import inspect

from anime_style_tf.errors import InputError


@dataclasses.dataclass(frozen=True)
class Stage:
    """What the runner must know of a stage before it loads its module.

    Attributes:
        does: One phrase for the line that announces it.
        needs: Stages whose files it reads.
        uses: Further ones, whose files it reads where they are finished; without them it leaves out
            what rests on those, and says so.
        reads: Top-level keys of the configuration that it is given; all others are withheld,
            so that the settings written beside its results are all the settings that made them.
        result: What its results are called in the summary of a run; empty for a stage that
            only later stages use.
        then: Commands that it makes possible, each a word and its flags beside `workdir`.
        renews_its_files: To be redone it needs what it left before, and replaces it itself; the
            folder of any other stage is emptied first.
    """

    does: str
    needs: tuple[str, ...]
    reads: tuple[str, ...]
    uses: tuple[str, ...] = ()
    result: str = ""
    then: tuple[tuple[str, dict], ...] = ()
    renews_its_files: bool = False


_TRAINED = ("image_size", "precision", "seed")

STAGES = {
    "records": Stage(
        does="portraits into sharded records",
        needs=(),
        reads=("image_size", "seed", "records"),
        renews_its_files=True,  # Which works test is settled once, whatever is added later.
    ),
    "style": Stage(
        does="style encoder, by metric learning over artists",
        needs=("records",),
        reads=(*_TRAINED, "style"),
    ),
    "content": Stage(
        does="content encoder: a VAE that is told the style",
        needs=("records", "style"),
        reads=(*_TRAINED, "content"),
    ),
    "gan": Stage(
        does="generator from style, content and a free rest",
        needs=("records", "style", "content"),
        reads=(*_TRAINED, "gan"),
        then=(("draw", {"what": "transfer", "images": "A,B", "output": "drawn"}),),
    ),
    "evaluate": Stage(
        does="numbers: accuracy, variance ratios, retrieval, attribution, recovery",
        needs=("records", "style"),
        uses=("content", "gan"),
        reads=(*_TRAINED, "evaluate"),
        result="numbers",
    ),
    "explore": Stage(
        does="pictures: the paper's figures",
        needs=("records", "style", "evaluate"),
        uses=("content", "gan"),
        reads=(*_TRAINED, "explore"),
        result="pictures",
    ),
    "index": Stage(
        does="index over the style codes, to search and to look at",
        needs=("records", "style"),
        reads=(*_TRAINED, "index"),
        result="index",
        then=(
            ("query", {"images": "PICTURE", "output": "answers"}),
            ("enroll", {"artist": "NAME", "images": "FOLDER"}),
            ("embed", {"input": "PICTURES", "output": "codes.parquet"}),
        ),
    ),
    "export": Stage(
        does="SavedModels with named signatures",
        needs=("records", "style"),
        uses=("content", "gan", "explore", "index"),
        reads=("name", *_TRAINED, "export"),
        result="SavedModel",
    ),
}


def chosen_stages(config):
    """Returns the names of the stages that `all` runs, in order.

    Args:
        config: where it has `stages`, these; else all there are.

    Raises:
        InputError: a name that is none of a stage's.
    """
    chosen = config.get("stages", tuple(STAGES))
    if unknown := [name for name in chosen if name not in STAGES]:
        raise InputError(
            f"stages: expected some of {', '.join(STAGES)}, received also {', '.join(unknown)}"
        )
    return [name for name in STAGES if name in chosen]


def callables_of(rows):
    """Returns what a section of the configuration binds to, of a stage that is a table.

    Args:
        rows: dict name -> value with `function`, whose keyword-only arguments are the settings of
            that name.

    Returns:
        Dict name -> function, of those with settings.
    """

    def has_settings(function):
        parameters = inspect.signature(function).parameters.values()
        return any(parameter.kind is parameter.KEYWORD_ONLY for parameter in parameters)

    return {name: row.function for name, row in rows.items() if has_settings(row.function)}
