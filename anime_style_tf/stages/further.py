"""Training a stage for more steps than it has had."""

import shutil

from anime_style_tf.replacing import refusing_a_full_disk
from anime_style_tf.workdir.provenance import differing_keys, plain, read_json


def more_steps(name, before, after):
    """Says what it means to resume a training for more steps, if that is all that differs.

    Args:
        name: of the stage.
        before: its settings when it was started, plain.
        after: those given now, plain.

    Returns:
        One phrase; None where anything else differs or the steps have not been raised.
    """
    key = f"{name}.fit.steps"
    if differing_keys(before, after) != [key]:
        return None
    had, steps = (settings[name]["fit"]["steps"] for settings in (before, after))
    if not (isinstance(had, int) and isinstance(steps, int) and steps > had):
        return None
    return (
        f"{key} raised from {had} to {steps}: trained further from the last checkpoint. Rates that "
        f"fall over the steps rise again there, so this is not equal to one training of {steps}; "
        "for that one add --overwrite"
    )


def is_possible(folder, settings):
    """Tells whether a finished stage can be trained as settings ask for by going on with it.

    Args:
        folder: of the stage, which is finished.
        settings: of the stage, as `ml_collections.ConfigDict`.
    """
    before = read_json(folder / "done.json", keys=("settings",))["settings"]
    left = any(folder.glob("checkpoints/ckpt-*.index"))
    return left and more_steps(folder.name, before, plain(settings)) is not None


def reopen(folder, aside):
    """Makes a finished stage one that was interrupted at its end.

    Args:
        folder: of the stage.
        aside: where a copy of the finished results waits until it is finished again.

    Raises:
        InputError: the disk is full; the finished results are as they were.
    """
    shutil.rmtree(aside, ignore_errors=True)
    try:
        with refusing_a_full_disk(aside):
            shutil.copytree(folder, aside)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    (folder / "done.json").unlink()
