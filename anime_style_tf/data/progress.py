"""A bar with the time left, on standard error."""

import sys

from tqdm import tqdm


def bar(things, what, unit, *, total, done=0, shown=True):
    """Wraps an iterable to show how far its reader is; a log file gets a line now and then.

    Args:
        things: the iterable.
        what: word before the bar.
        unit: what is counted, with a space before it.
        total: how many there are, with those done before.
        done: how many were done before; the time left is reckoned without them.
        shown: False shows nothing.
    """
    often = {} if sys.stderr.isatty() else {"mininterval": 30, "maxinterval": 60}
    return tqdm(
        things,
        total=total,
        initial=done,
        desc=what,
        unit=unit,
        disable=not shown,
        miniters=1,  # else a quick start hides the slow works that follow
        smoothing=0,  # works take from a moment to seconds: only their mean tells the time left
        **often,
    )
