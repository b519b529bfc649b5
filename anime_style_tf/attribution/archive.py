"""An attribution as plain arrays, checked when they come back."""

from collections.abc import Mapping

import numpy as np

from anime_style_tf.attribution.model import Attribution
from anime_style_tf.attribution.population import StylePopulation
from anime_style_tf.errors import InputError

# Axes and kinds: A artists, D dimensions, N calibration works; U text, i integer, f float.
_ARRAYS = {
    "names": ("A", "U"),
    "means": ("AD", "f"),
    "counts": ("A", "i"),
    "center": ("D", "f"),
    "basis": ("DD", "f"),
    "between": ("D", "f"),
    "tail": ("", "f"),
    "temperature": ("", "f"),
    "unknown_share": ("", "f"),
    "calibration_codes": ("ND", "f"),
    "calibration_artists": ("N", "i"),
}


def to_arrays(attribution: Attribution) -> dict[str, np.ndarray]:
    """Everything as plain arrays, for `numpy.savez`. Load with `allow_pickle=False`."""
    fields = vars(attribution) | vars(attribution.population)
    return {name: np.asarray(fields[name]) for name in _ARRAYS}


def from_arrays(arrays: Mapping[str, np.ndarray]) -> Attribution:
    """The inverse of `to_arrays`.

    Raises:
        InputError: an array is missing, of another shape or kind, or holds impossible values.
    """
    missing = sorted(set(_ARRAYS) - set(arrays))
    if missing:
        raise InputError(
            f"an attribution needs the arrays {', '.join(_ARRAYS)}; {', '.join(missing)} "
            "missing: save it again."
        )
    values = {name: np.asarray(arrays[name]) for name in _ARRAYS}
    # The first array with an axis sets its size; all others must have the same.
    sizes = {}
    for name, (axes, kind) in _ARRAYS.items():
        shape = values[name].shape
        fits = values[name].dtype.kind == kind and len(shape) == len(axes)
        if not fits or any(sizes.setdefault(a, n) != n for a, n in zip(axes, shape, strict=True)):
            expected = ", ".join(f"{axis} = {sizes.get(axis, 'any')}" for axis in axes)
            raise InputError(
                f"{name} of an attribution must be of kind {kind} and shape [{expected}]; received "
                f"{values[name].dtype} {list(shape)}: save it again."
            )
    _check_values(values)
    return Attribution(
        names=tuple(values["names"].tolist()),
        means=values["means"],
        counts=values["counts"],
        population=StylePopulation(values["center"], values["basis"], values["between"]),
        tail=float(values["tail"]),
        temperature=float(values["temperature"]),
        unknown_share=float(values["unknown_share"]),
        calibration_codes=values["calibration_codes"],
        calibration_artists=values["calibration_artists"],
    )


def _check_values(values):
    artists = len(values["names"])
    owners = values["calibration_artists"]
    checks = {
        "all numbers finite": all(
            np.isfinite(values[name]).all() for name, (_, kind) in _ARRAYS.items() if kind == "f"
        ),
        "names that differ": artists > 0 and len(set(values["names"].tolist())) == artists,
        "counts of at least 1": (values["counts"] >= 1).all(),
        "calibration artists among the names": ((owners >= 0) & (owners < artists)).all(),
        "between, tail and temperature > 0": min(
            values["between"].min(initial=1), values["tail"], values["temperature"]
        )
        > 0,
        "an unknown share in [0, 1)": 0 <= values["unknown_share"] < 1,
    }
    wrong = [expected for expected, true in checks.items() if not true]
    if wrong:
        raise InputError(f"an attribution needs {'; '.join(wrong)}: save it again.")
