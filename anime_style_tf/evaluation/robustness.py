"""Robustness: does a change of the file that leaves the style alone leave the code alone?"""

import dataclasses

import numpy as np

from anime_style_tf.evaluation import arrays, prefixes
from anime_style_tf.evaluation.uncertainty import intervals
from anime_style_tf.evaluation.variance import variance_ratio


@dataclasses.dataclass(frozen=True)
class Robustness:
    """What a change of the images does to their codes and to their attribution.

    Attributes:
        moves: `[works]`, `|S(x') - S(x)|` in units of the root mean square distance between two
            works of one artist: at 1 the change is as large as that of taking another work.
        kept: bool `[works]`: attributed to the same artist as before, right or wrong.
    """

    moves: np.ndarray
    kept: np.ndarray

    @property
    def median_move(self) -> float:
        """The median of `moves`."""
        return float(np.median(self.moves))

    def kept_share(self, clusters=None, *, confidence: float = 0.95):
        """`(share, (low, high))` of works that keep their attribution.

        Args:
            clusters: labels `[works]`, for instance artists or subjects, or None.
            confidence: coverage in (0, 1).
        """
        interval = intervals.share_interval(self.kept, clusters, confidence=confidence)
        return float(self.kept.mean()), tuple(float(end) for end in interval)


def robustness(codes, changed, labels, styles) -> Robustness:
    """Compares the codes of the same works before and after a change.

    Args:
        codes: S(x), two works or more of some artist, `Codes` or `[works, code]`.
        changed: `[works, code]`, of the changed images.
        labels: int `[works]`, in `[0, artists)`, of two artists or more; None with `Codes`.
        styles: `[artists, code]`, presumed styles or means of training works; attribution is to the
            nearest.

    Returns:
        `Robustness`.

    Raises:
        ValueError: arrays of the wrong shape, or works of an artist that are all the same.
    """
    works = arrays.as_labeled(codes, labels, artists=len(styles))
    codes, changed = works.values, arrays.as_codes(changed, "changed")
    if codes.shape != changed.shape:
        raise ValueError(
            f"changed must have the shape of codes, {codes.shape}; received {changed.shape}: "
            "encode the same works twice."
        )
    spread = np.sqrt(2 * variance_ratio(works).within[-1])
    if not spread > 0:
        raise ValueError(
            "all works of each artist have one code, so that nothing says how large a move is; "
            "look for an encoder that has collapsed."
        )
    whole = [codes.shape[1]]
    before, after = (
        prefixes.nearest_styles(each, styles, whole)[:, 0] for each in (codes, changed)
    )
    moves = np.linalg.norm(changed - codes, axis=1) / spread
    return Robustness(moves, before == after)
