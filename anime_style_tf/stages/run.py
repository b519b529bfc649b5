"""Runs stages: which is due, with which inputs, and what is written when it has ended.

Nothing finished is deleted without `overwrite`, with one exception that the user has caused:
when a stage has been redone, those made from its old results are *stale*, and `all` redoes
them.
"""

import datetime
import importlib
import os
import pathlib
import shlex
import shutil
import signal
import time
from collections.abc import Callable, Sequence

import ml_collections
from absl import logging

from anime_style_tf.errors import InputError
from anime_style_tf.replacing import refusing_a_full_disk
from anime_style_tf.stages import STAGES, checks, chosen_stages, further, origins
from anime_style_tf.stages.summary import summary
from anime_style_tf.stages.time_left import duration, seconds_left
from anime_style_tf.terminal.startup import load_tensorflow
from anime_style_tf.terminal.stopping import sigterm_unwinds
from anime_style_tf.workdir import provenance
from anime_style_tf.workdir.lock import locked


def run_stages(
    config: ml_collections.ConfigDict,
    workdir: str | os.PathLike,
    stage: str = "all",
    *,
    overwrite: bool = False,
    report: Callable[[str], None] = logging.info,
    command: Sequence[str] = (),
) -> None:
    """Runs one stage, or all that are due.

    Args:
        config: `ml_collections.ConfigDict` with `name`, `image_size` (pixels), `precision` (a
            Keras dtype policy), `seed`, a section for each stage, see also `chosen_stages`.
        workdir: Folder of the run; each stage has a folder of its own in it.
        stage: A key of `STAGES`, or `all` that are chosen.
        overwrite: Redo what is finished: the stage named, or with `all` every one.
        report: Called with each line for the user.
        command: The words that started this run, without stage and overwrite, for the messages
            that say what to type next.

    Raises:
        InputError: An input is missing, another run writes `workdir`, or an interrupted stage
            was started with other settings.
        SystemExit: Interrupted, with code 130 (SIGINT) or 143 (SIGTERM); what was trained is
            saved.
    """
    command = command or ("anime-style", "--config=...", f"--workdir={workdir}")
    run = _Run(config, pathlib.Path(workdir), report, command)
    with locked(run.workdir), sigterm_unwinds():
        try:
            if stage == "all":
                checks.check_settings(config, due := run.due(overwrite))
                for name in run.chosen:
                    run.say_time_left(due)
                    run.one(name, overwrite, renew_stale=True)
                    due = [later for later in due if later != name]
                for line in summary(run.workdir, run.chosen, warning=config.get("warning")):
                    report(line)
            else:
                run.one(stage, overwrite)
        except (KeyboardInterrupt, SystemExit) as stop:
            report(getattr(stop, "message", "Interrupted; the same command resumes from here."))
            report(f"    {run.say(stage)}")
            code = 128 + signal.SIGINT if isinstance(stop, KeyboardInterrupt) else stop.code
            raise SystemExit(code) from None


_WRITTEN_FIRST = {"config.json", "inputs.json"}


class _Run:
    """One configuration in one folder."""

    def __init__(self, config, workdir, report, command):
        self.config = config
        self.chosen = chosen_stages(config)
        self.workdir = workdir
        self.report = report
        self.command = command

    def one(self, name, overwrite, *, renew_stale=False):
        """Runs a stage unless it is finished."""
        folder = self.workdir / name
        settings = self.settings(name)
        doubt = origins.doubt(self.workdir, name)
        renew = renew_stale and doubt
        if origins.is_finished(self.workdir, name) and not overwrite and not renew:
            longer = not doubt and further.is_possible(folder, settings)
            if renew_stale or not longer:
                self.report_finished(name, settings, longer)
                return
        self.check_inputs(name)
        self.check_folder(folder)
        if not renew_stale:  # else all have been looked at before the first began
            checks.check_settings(self.config, [name])
        checks.check_set(self.config, self.workdir / "records", name)
        if (overwrite or renew) and folder.exists():
            reason = "--overwrite" if overwrite else f"stale: {doubt}"
            self.report(f"{self.title(name)}: replacing the old results ({reason})")
            self.set_aside(name)
        else:
            if origins.is_finished(self.workdir, name):
                further.reopen(folder, self.aside(name))
            self.check_resumable(name, settings)
        self.report(f"{self.title(name)}: {STAGES[name].does}")
        made_from = {
            "settings": provenance.plain(settings),
            "inputs": origins.inputs(self.workdir, name),
        }
        folder.mkdir(exist_ok=True)
        provenance.write_json(folder / "inputs.json", made_from["inputs"])
        provenance.write_json(folder / "config.json", made_from["settings"])
        started = time.monotonic()
        try:
            with refusing_a_full_disk(folder):
                left = _execute(name, settings, self.workdir)
        except InputError:
            self.put_back(name)
            raise
        duration_seconds = time.monotonic() - started
        done = {
            "stage": name,
            "finished": datetime.datetime.now(datetime.UTC).isoformat(timespec="microseconds"),
            "duration_seconds": round(duration_seconds, 1),
            "left": left,
            **provenance.code_and_data(self.workdir),
            **made_from,
        }
        provenance.write_json(folder / "done.json", done)
        shutil.rmtree(self.aside(name), ignore_errors=True)
        self.report(f"{self.title(name)}: finished in {duration(duration_seconds)}")
        for line in left:
            self.report(f"    {line}")

    def due(self, overwrite):
        """Returns the stages that `all` runs; that each finds settings and inputs is checked."""
        names = []
        for name in self.chosen:
            stage = STAGES[name]
            renewed = {*names}.intersection(stage.needs + stage.uses)
            unfinished = not origins.is_finished(self.workdir, name)
            if overwrite or renewed or unfinished or origins.doubt(self.workdir, name):
                names.append(name)
        for name in names:
            self.settings(name)
            for need in STAGES[name].needs:
                if need not in self.chosen and not origins.is_finished(self.workdir, need):
                    raise InputError(f"stages: {name} needs {need} too: add it, or run it first")
        return names

    def say_time_left(self, names):
        """Says about how long the stages to come take, where that is known of their preset."""
        if names and (seconds := seconds_left(self.config, self.workdir, names)):
            minutes = max(1, round(seconds / 60))
            self.report(f"about {minutes} min left for {', '.join(names)}")

    def aside(self, name):
        """Where the finished results of a stage wait until what replaces them is finished too."""
        return self.workdir / f".replaced-{name}"

    def set_aside(self, name):
        """Makes room for new results; finished ones are kept until those are there."""
        folder = self.workdir / name
        finished = origins.is_finished(self.workdir, name)
        if STAGES[name].renews_its_files:
            (folder / "done.json").unlink(missing_ok=True)
        elif finished:
            shutil.rmtree(self.aside(name), ignore_errors=True)
            folder.rename(self.aside(name))
        else:
            shutil.rmtree(folder)

    def put_back(self, name):
        """Undoes `set_aside` where a stage was refused before it had done anything."""
        folder = self.workdir / name
        untouched = {path.name for path in folder.iterdir()} == _WRITTEN_FIRST
        if untouched and self.aside(name).exists():
            shutil.rmtree(folder)
            self.aside(name).rename(folder)
            self.report(f"{self.title(name)}: refused; the old results are as they were")

    def settings(self, name):
        """Returns the part of the configuration that a stage reads, locked."""
        missing = [key for key in STAGES[name].reads if key not in self.config]
        if missing:
            raise InputError(
                f"the configuration has no {', '.join(missing)}, which stage {name} reads: "
                "add it, as in the preset demo"
            )
        settings = ml_collections.ConfigDict({k: self.config[k] for k in STAGES[name].reads})
        return settings.copy_and_resolve_references().lock()

    def check_inputs(self, name):
        """Refuses to start a stage whose input is not there."""
        for needed in origins.sources(self.workdir, name):
            if not origins.is_finished(self.workdir, needed):
                raise InputError(
                    f"stage {name} needs the results of stage {needed}, and "
                    f"{self.workdir / needed} has no finished ones: run {self.say(needed)}"
                )
            if doubt := origins.doubt(self.workdir, needed):
                self.report(
                    f"{self.title(name)}: its input {needed} is stale, {doubt}. To renew it: "
                    f"{self.say(needed, overwrite=True)}"
                )

    def check_folder(self, folder):
        """Refuses to write into, or to remove, a folder that no run has made."""
        if folder.exists() and any(folder.iterdir()) and not (folder / "config.json").is_file():
            raise InputError(
                f"{folder} is not empty and was not made by a run (it has no config.json): "
                "name another --workdir"
            )

    def check_resumable(self, name, settings):
        """Refuses to resume with other settings or inputs than an interrupted stage had."""
        folder = self.workdir / name
        before = provenance.read_json(folder / "config.json")
        if before is None or {path.name for path in folder.iterdir()} == _WRITTEN_FIRST:
            return
        raised = further.more_steps(name, before, provenance.plain(settings))
        changed = [] if raised else provenance.differing_keys(before, provenance.plain(settings))
        others = origins.changed_since(self.workdir, name)
        changed += [f"results of {needed}" for needed in others]
        if changed:
            raise InputError(
                f"stage {name} was interrupted, and had been started with other "
                f"{', '.join(changed)}: give the same again to go on, or start it anew with "
                f"{self.say(name, overwrite=True)}"
            )
        self.report(f"{self.title(name)}: {raised or 'going on where it was interrupted'}")

    def report_finished(self, name, settings, longer):
        """Says that a stage is not redone, and what would be different if it were."""
        before = provenance.read_json(self.workdir / name / "done.json", keys=("settings",))
        changed = provenance.differing_keys(before["settings"], provenance.plain(settings))
        doubt = origins.doubt(self.workdir, name)
        doubts = [f"stale: {doubt}"] if doubt else []
        doubts += [f"made with other settings: {', '.join(changed)}"] if changed else []
        line = f"{self.title(name)}: finished already"
        if doubts:
            again = self.say(name, overwrite=True)
            line += f", but {', and '.join(doubts)}. Kept; to redo it: {again}"
            line += f"; to train it further: {self.say(name)}" if longer else ""
        self.report(line)

    def title(self, name):
        """Returns for example `[2/8] style`."""
        names = self.chosen if name in self.chosen else list(STAGES)
        return f"[{names.index(name) + 1}/{len(names)}] {name}"

    def say(self, name, *, overwrite=False):
        """Returns the command that runs a stage of this run."""
        return shlex.join(
            [*self.command, f"--stage={name}", *(["--overwrite"] if overwrite else [])]
        )


def _execute(name, settings, workdir):
    """Calls a stage's module, in a state that no earlier stage of this process has touched."""
    load_tensorflow()
    module = importlib.import_module(f"anime_style_tf.stages.{name}")
    if "precision" in STAGES[name].reads:
        import keras

        keras.utils.clear_session()
        keras.config.set_dtype_policy(settings.precision)
        keras.utils.set_random_seed(settings.seed)
    return [str(line) for line in module.run(settings, workdir) or ()]
