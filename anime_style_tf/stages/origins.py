"""What a stage was made from, and what has become of it since."""

from anime_style_tf.stages import STAGES
from anime_style_tf.workdir import provenance


def is_finished(workdir, name):
    """Tells whether a stage has ended.

    Args:
        workdir: path of the run's folder.
        name: a key of `STAGES`.
    """
    return (workdir / name / "done.json").is_file()


def sources(workdir, name):
    """Returns the stages whose results a stage reads."""
    stage = STAGES[name]
    return [*stage.needs, *(used for used in stage.uses if is_finished(workdir, used))]


def inputs(workdir, name):
    """Returns for each input of a stage a checksum that changes when it is redone.

    `done.json` holds the moment it was written, so redoing a stage always changes it.
    """
    return {
        source: provenance.checksum(workdir / source / "done.json")
        for source in sources(workdir, name)
    }


def changed_since(workdir, name):
    """Returns what became of those inputs of a stage that are not what it began with.

    Returns:
        Dict name -> "finished", where it did not have that input yet, "redone" or "removed".
    """
    before = provenance.read_json(workdir / name / "inputs.json")
    if before is None:
        return {}
    now, stage = inputs(workdir, name), STAGES[name]
    return {
        key: "finished" if key not in before else "redone" if key in now else "removed"
        for key in stage.needs + stage.uses
        if before.get(key) != now.get(key)
        # An earlier revision's stage may not have read what today's does.
        and (key in before or not _finished_before(workdir, key, name))
    }


def _finished_before(workdir, one, other):
    """Whether a stage had ended when another one did."""
    ended = [provenance.read_json(workdir / each / "done.json") for each in (one, other)]
    moments = [done and done.get("finished") for done in ended]
    return all(moments) and moments[0] < moments[1]


def doubt(workdir, name):
    """Returns what has made a stage stale, such as "style was redone since", or None."""
    changes = _changes_above(workdir, name)
    earliest = next((source for source in STAGES if source in changes), None)
    return earliest and f"{earliest} was {changes[earliest]} since"


def _changes_above(workdir, name):
    """What became of the inputs of a stage, and of those that its inputs were made from."""
    if not (workdir / name / "inputs.json").is_file():
        return {}
    changes = {}
    for source in sources(workdir, name):
        changes |= _changes_above(workdir, source)
    return changes | changed_since(workdir, name)
