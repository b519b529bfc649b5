"""Paired transfer: a subject drawn by one artist, as another would draw it, against what he drew.

Subjects of the dicebear source are drawn by every style with the same background, skin, hair and so
on, as far as a style has them; the rest is each style's own choice, so that no method can be right
in all. The subjects are new: no network of the run has seen them. Style comes from the artist's
training works. Intervals (95 %) take the pairs of one subject as one cluster.

    python -m benchmarks.transfer --run=runs/demo --output=transfer.json
"""

import pathlib

from absl import flags

from anime_style_tf.errors import InputError
from anime_style_tf.terminal.tool import run_tool
from anime_style_tf.workdir.trained import Trained
from benchmarks.command import define_output, write_json
from benchmarks.transfer_pairs import draw_subjects, measure, table

_RUN = flags.DEFINE_string("run", None, "Folder of a finished run on dicebear.", required=True)
_OUTPUT = define_output("transfer.json")
_SUBJECTS = flags.DEFINE_integer("subjects", 40, "How many; 14 styles draw each.", lower_bound=2)
_SEED = flags.DEFINE_integer("seed", 1000, "Of the subjects; another than the run's own.")


def main():
    """Draws the subjects, measures every method, writes the results and prints the table."""
    trained = Trained(pathlib.Path(_RUN.value))
    seeds = [each["seed"] for each in trained.records.info["inputs"] if each["name"] == "dicebear"]
    if len(seeds) != 1 or len(trained.records.info["inputs"]) != 1:
        raise InputError(
            "--run: expected a run on the source 'dicebear' alone, whose artists draw the same "
            f"subjects; received {[each['name'] for each in trained.records.info['inputs']]}"
        )
    if seeds[0] == _SEED.value:
        raise InputError(f"--seed: {_SEED.value} is that of the run's own subjects: give another")
    images = draw_subjects(
        trained.records.artists, subjects=_SUBJECTS.value, seed=_SEED.value,
        image_size=trained.records.image_size,
    )  # fmt: skip
    results = measure(trained, images, seed=_SEED.value)
    write_json(_OUTPUT.value, {"subjects": _SUBJECTS.value, "seed": _SEED.value, "by": results})
    print(table(results))


if __name__ == "__main__":
    run_tool(main)
