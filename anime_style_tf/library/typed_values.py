"""What a person types for a drawing: blends of artists, values and shifts of dimensions."""

import math

from anime_style_tf.errors import InputError


def blend_of(text):
    """Reads an artist or a blend as a person types it: `ann`, or `ann:0.7,bo:0.3`.

    A name may hold colons, `Re:Zero`. Of one that ends like a weight, `Team:7`, the weight is
    given too: `Team:7:1`.

    Raises:
        InputError: beside weights that are numbers one that is not.
    """
    parts = [part.strip().rpartition(":") for part in text.split(",")]
    if not all(colon for _, colon, _ in parts) or not any(_is_number(last) for *_, last in parts):
        return text
    form = "a name or name:weight,name:weight"
    return {name.strip(): _number(weight, "--artist", form) for name, _, weight in parts}


def values_of(texts):
    """Reads values of a dimension as a person types them.

    Raises:
        InputError: one that is no finite number, or none.
    """
    return [_number(text, "--values", "numbers such as -2,0,2") for text in texts] or _refuse(
        "--values", "numbers such as -2,0,2", "nothing"
    )


def shifts_of(texts):
    """Reads shifts as a person types them: `0:1.5` moves dimension 0 by 1.5.

    Raises:
        InputError: another form, or none.
    """
    form = "dimension:standard_deviations such as 0:1.5,2:-1"
    shifts = {}
    for text in texts:
        dimension, _, shift = text.partition(":")
        if not dimension.strip().isdecimal():
            _refuse("--shift", form, repr(text))
        shifts[int(dimension)] = _number(shift, "--shift", form)
    return shifts or _refuse("--shift", form, "nothing")


def _number(text, flag, form):
    return float(text) if _is_number(text) else _refuse(flag, form, repr(text))


def _is_number(text):
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _refuse(flag, form, received):
    raise InputError(f"{flag}: expected {form}, received {received}")
