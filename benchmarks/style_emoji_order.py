"""Do trainings with other seeds order the style code alike?

Input: what `style_emoji_codes.py` wrote of two encoders or more, each trained with a seed of its
own and so with other drawings. Every ordered pair is compared on the drawings that neither of the
two was trained on: how much of the first d dimensions of one code do the first d dimensions of the
other tell, and how much do as many random directions tell (`contenders/stability.py`)?

    python -m benchmarks.style_emoji_order --codes=codes0.npz,codes1.npz --output=order.json
"""

import itertools

import numpy as np
from absl import flags

from anime_style_tf.terminal.tool import run_tool
from benchmarks.command import define_output, write_json
from benchmarks.contenders.stability import order_stability
from benchmarks.unseen_works import load

_CODES = flags.DEFINE_list("codes", None, "Style codes, .npz, two or more.", required=True)
_OUTPUT = define_output("order.json")

LENGTHS = (1, 2, 3, 4, 6, 8, 16, 32)


def held_out_twice(first, second):
    """Codes by both encoders of the drawings that neither was trained on.

    Subjects are held out whole, and drawings lie in the archive's order, so that those of the
    common subjects are the same ones in the same order.

    Args:
        first: `Works`, held out of one training.
        second: `Works`, held out of the other.

    Returns:
        `(codes, others, subjects)`.
    """
    mine = first.select(np.isin(first.subjects, second.subjects))
    theirs = second.select(np.isin(second.subjects, first.subjects))
    return mine.codes, theirs.codes, mine.subjects


def table(result):
    """Markdown table: mean over the pairs, with the range."""
    lines = ["| d | leading dimensions of the other code | random directions |", "|---" * 3 + "|"]
    for column, length in enumerate(result["lengths"]):
        cells = []
        for name in ("explained", "random"):
            values = [pair[name][column] for pair in result["pairs"]]
            cells.append(f"{np.mean(values):.3f} ({min(values):.3f}-{max(values):.3f})")
        lines.append(f"| {length} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main():
    """Compares all pairs, writes the results and prints the table."""
    held_out = [load(path)[2] for path in _CODES.value]
    pairs = []
    for first, second in itertools.permutations(range(len(held_out)), 2):
        codes, others, subjects = held_out_twice(held_out[first], held_out[second])
        found = order_stability(codes, others, subjects, lengths=LENGTHS)
        pairs.append(
            {
                "told": _CODES.value[first],
                "by": _CODES.value[second],
                "drawings": len(codes),
                "explained": found.explained.tolist(),
                "random": found.random.tolist(),
            }
        )
    result = {"lengths": LENGTHS, "pairs": pairs}
    write_json(_OUTPUT.value, result)
    print(table(result))


if __name__ == "__main__":
    run_tool(main)
