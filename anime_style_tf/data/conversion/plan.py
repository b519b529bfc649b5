"""What a conversion is to do, and what it goes on from."""

import dataclasses
import pathlib

from absl import logging

from anime_style_tf.data.conversion.earlier import EarlierSet, read_earlier, seed_journal
from anime_style_tf.data.conversion.journal import Journal
from anime_style_tf.data.conversion.outcome import publish
from anime_style_tf.data.conversion.rejects import read_rejects, unmatched_rejects
from anime_style_tf.data.conversion.rendering import NO_DETECTOR, Settings, make_detector
from anime_style_tf.data.conversion.selection import Rules
from anime_style_tf.data.opt_outs import ON_THE_LIST, OptOuts, read_opt_outs
from anime_style_tf.data.shards import INFO
from anime_style_tf.data.sources.aliases import Aliases
from anime_style_tf.data.verdicts import REJECTED
from anime_style_tf.errors import InputError

SCRATCH = ".writing"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Plan:
    """A conversion, checked; see `write_records` for the meaning of what it is made of.

    Args:
        source: where the artworks come from.
        output: folder of the set.
        settings: how portraits look.
        rules: which are kept, and which are for testing.
        opt_outs: what must never be included.
        rejects: what a person rejected, see `selection.select`.
        append: the source is added to the set in `output`.
        earlier_folder: folder of the set to go on from, if there is one.
        earlier: what that set gives.
    """

    source: object
    output: pathlib.Path
    settings: Settings
    rules: Rules
    opt_outs: OptOuts
    rejects: frozenset
    append: bool
    earlier_folder: pathlib.Path
    earlier: EarlierSet

    @property
    def scratch(self):
        """Folder for what is not finished; beside the result, so that files are only moved."""
        return self.output / SCRATCH

    @property
    def inputs(self):
        """What `info.json` says of the sources of all works."""
        inputs = list(self.earlier.inputs) if self.append else []
        description = self.source.description()
        return inputs if description in inputs else [*inputs, description]

    @property
    def number(self):
        """Index of this source in `inputs`."""
        return self.inputs.index(self.source.description())

    def description(self):
        """Returns what `info.json` says of how the set was made."""
        return {
            "image_size": self.settings.image_size,
            "inputs": self.inputs,
            "rendering": self.settings.description(),
            "rules": dataclasses.asdict(self.rules),
            "opt_outs": self.opt_outs.description(),
        }

    def artworks(self):
        """Yields the artworks of the source; those of artists who opted out as rejected ones."""
        for artwork in self.source.artworks():
            if self.opt_outs.names(artwork.artist):
                artwork = dataclasses.replace(artwork, rejection=ON_THE_LIST)
            yield artwork

    def unmatched(self, journal):
        """Returns the entries of the user's lists that matched nothing.

        Args:
            journal: a `Journal` after `select`; it also knows what was refused before.

        Returns:
            Dict name of a flag -> list of entries; without the lists that matched whole.
        """
        refused = journal.database.execute(
            "SELECT DISTINCT artist, sha256 FROM work WHERE verdict = ? AND reason = ?",
            (REJECTED, ON_THE_LIST),
        ).fetchall()
        lists = {
            "opt_out": self.opt_outs.unmatched(
                (artist for artist, _ in refused), (sha256 for _, sha256 in refused)
            ),
            "rejects": unmatched_rejects(journal.database, self.rejects),
            "aliases": other_names(self.source).unused(),
        }
        return {name: entries for name, entries in lists.items() if entries}

    def open_journal(self, **begun_with):
        """Opens the journal of the run that this one goes on with, or a new one.

        Args:
            begun_with: JSON values; a run can only be gone on with under the same.
        """
        self.scratch.mkdir(parents=True, exist_ok=True)
        begun_with |= {
            **self.description(),
            "append": self.append,
            "earlier": str(self.earlier_folder),
        }
        del begun_with["rules"]  # they are applied after rendering, and may change meanwhile
        return Journal(self.scratch / "journal.sqlite", begun_with, self._begin)

    def kept_thresholds(self):
        """Returns those of the earlier set, unless it divided its works by other rules."""
        for name in ("test_fraction", "test_minimum"):
            if self.earlier.rules.get(name, getattr(self.rules, name)) != getattr(self.rules, name):
                logging.warning("another %s than before: the test split is drawn anew", name)
                return {}
        return self.earlier.thresholds

    def _begin(self, journal):
        old = range(len(self.earlier.inputs))
        seed_journal(
            journal,
            self.earlier_folder,
            inputs={number: number if self.append else self.number for number in old},
            usable=self.earlier.rendering == self.settings.description(),
            opt_outs=self.opt_outs,
        )


def make_plan(source, output, *, settings, rules, opt_out, rejects, append, overwrite, previous):
    """Checks what `write_records` was given.

    Returns:
        A `Plan`.

    Raises:
        InputError: see `write_records`.
    """
    output = pathlib.Path(output)
    rejected = frozenset() if rejects is None else frozenset(read_rejects(rejects))
    opt_outs = OptOuts() if opt_out is None else read_opt_outs(opt_out)
    if (output / SCRATCH / INFO).exists():
        logging.info("%s: finishing a run that was killed at its very end", output)
        publish(output / SCRATCH, output)
    _check_output(output, append, overwrite)
    earlier_folder = output if previous is None else pathlib.Path(previous)
    earlier = read_earlier(earlier_folder)
    # The set that is replaced has its own list, whichever one the split is taken from.
    opt_outs |= earlier.opt_outs | read_earlier(output).opt_outs
    settings = settings or Settings()
    if settings.detector != NO_DETECTOR:
        make_detector(settings.detector)  # it tests itself before the first picture
    plan = Plan(
        source=source,
        output=output,
        settings=settings,
        rules=rules or Rules(),
        opt_outs=opt_outs.with_names_from(other_names(source)),
        rejects=rejected,
        append=append,
        earlier_folder=earlier_folder,
        earlier=earlier,
    )
    rendering = plan.settings.description()
    if append and earlier.rendering != rendering:
        raise InputError(
            f"{output} cannot be added to: expected the settings and package versions that its "
            f"portraits were made with, {earlier.rendering}, received {rendering}; give the "
            "same, or write a new set"
        )
    return plan


def other_names(source):
    """Returns the `Aliases` of a source; empty ones where it knows none."""
    return getattr(source, "other_names", Aliases())


def _check_output(output, append, overwrite):
    finished = (output / INFO).exists()
    if file := next((path for path in (output, *output.parents) if path.is_file()), None):
        raise InputError(f"--output: expected a folder to write to, received {file}, a file")
    if append and overwrite:
        raise InputError("append, overwrite: expected one of them, received both; choose")
    if append and not finished:
        raise InputError(
            f"{output}: expected a finished set to add to, received a folder without {INFO}; "
            "write one first, without --append"
        )
    if finished and not (append or overwrite):
        raise InputError(
            f"{output} already holds records: expected a folder without {INFO}; choose "
            "another, add to them with --append, or replace them with --overwrite"
        )
