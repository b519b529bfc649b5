"""The last lines of a run: where its results are, and what can be done with them."""

from anime_style_tf.stages import STAGES
from anime_style_tf.terminal.typed import typed
from anime_style_tf.workdir import provenance


def summary(workdir, names, *, warning=None):
    """Lines on finished stages.

    Args:
        workdir: folder of the run.
        names: of the stages, each finished.
        warning: what the preset says of its own results.

    Returns:
        List of the warning, one line for each result, then one for each command to type next.
    """
    lines = [f"{'mind':>10}  {warning}"] if warning else []
    for name in [name for name in names if STAGES[name].result]:
        left = provenance.read_json(workdir / name / "done.json")["left"]
        lines += [f"{STAGES[name].result:>10}  {line}" for line in left or [workdir / name]]
    for command, values in [command for name in names for command in STAGES[name].then]:
        lines.append(f"{'next':>10}  {typed(command, workdir=workdir, **values)}")
    return lines
