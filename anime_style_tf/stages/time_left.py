"""How long stages take, as a person says it."""

from anime_style_tf.workdir import provenance


def duration(seconds):
    """Returns for example `1 h 02 min`, `3 min 05 s` or `42 s`."""
    minutes, seconds = divmod(round(seconds), 60)
    if minutes >= 60:
        return f"{minutes // 60} h {minutes % 60:02} min"
    return f"{minutes} min {seconds:02} s" if minutes else f"{seconds} s"


def seconds_left(config, workdir, names):
    """Estimates what stages will take together, by what their preset took where it was measured.

    Args:
        config: where it has `measured`: the `preset` that was, its `seconds` of each stage, and the
            `steps` of those that train.
        workdir: folder of the run; what its finished stages took says how fast this machine is.
        names: of the stages to come.

    Returns:
        Seconds; None where the preset, or one of the stages, has not been measured.
    """
    measured = config.get("measured", {})
    # A preset made from another has its section, and other sizes.
    if measured.get("preset") != config.name or not {*names} <= {*measured.seconds}:
        return None
    expected = dict(measured.seconds)
    for name, steps in measured.steps.items():
        expected[name] *= config[name].fit.steps / steps
    finished = {name: provenance.read_json(workdir / name / "done.json") for name in expected}
    took = {name: done["duration_seconds"] for name, done in finished.items() if done}
    ratio = sum(took.values()) / sum(expected[name] for name in took) if took else 1
    return ratio * sum(expected[name] for name in names)
