"""Reads and checks all that a conversion needs before its first picture."""

import dataclasses

from absl import logging

from anime_style_tf.data.conversion.earlier import EarlierSet, read_earlier, seed_journal
from anime_style_tf.data.conversion.journal import Journal
from anime_style_tf.data.conversion.outcome import publish
from anime_style_tf.data.conversion.plan import Plan
from anime_style_tf.data.conversion.rejects import read_rejects, unmatched_rejects
from anime_style_tf.data.conversion.rendering import NO_DETECTOR, make_detector
from anime_style_tf.data.opt_outs import ON_THE_LIST, OptOuts, read_opt_outs
from anime_style_tf.data.shards import INFO
from anime_style_tf.data.sources.aliases import Aliases
from anime_style_tf.data.verdicts import REJECTED
from anime_style_tf.errors import InputError


@dataclasses.dataclass(frozen=True)
class Conversion:
    """A plan whose lists and whose earlier set have been read.

    Args:
        plan: a `Plan`.
        opt_outs: what must never be included.
        rejects: what a person rejected, see `selection.select`.
        earlier: state carried over from an earlier set.
    """

    plan: Plan
    opt_outs: OptOuts
    rejects: frozenset
    earlier: EarlierSet

    @property
    def inputs(self):
        """What `info.json` says of the sources of all works."""
        inputs = list(self.earlier.inputs) if self.plan.append else []
        description = self.plan.source.description()
        return inputs if description in inputs else [*inputs, description]

    @property
    def number(self):
        """Index of this source in `inputs`."""
        return self.inputs.index(self.plan.source.description())

    def description(self):
        """Returns what `info.json` says of how the set was made."""
        return {
            "image_size": self.plan.rendering.image_size,
            "inputs": self.inputs,
            "rendering": self.plan.rendering.description(),
            "rules": dataclasses.asdict(self.plan.rules),
            "opt_outs": self.opt_outs.description(),
        }

    def artworks(self):
        """Yields the artworks of the source; those of artists who opted out as rejected ones."""
        for artwork in self.plan.source.artworks():
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
            "aliases": _other_names(self.plan.source).unused(),
        }
        return {name: entries for name, entries in lists.items() if entries}

    def open_journal(self, **begun_with):
        """Opens the journal of the interrupted run that this one resumes, or a new one.

        Args:
            begun_with: JSON values; only a run with the same ones can be resumed.
        """
        self.plan.scratch.mkdir(parents=True, exist_ok=True)
        begun_with |= {
            **self.description(),
            "append": self.plan.append,
            "earlier": str(self.plan.earlier_folder),
        }
        del begun_with["rules"]  # they are applied after rendering, and may change meanwhile
        return Journal(self.plan.scratch / "journal.sqlite", begun_with, self._seed)

    def kept_thresholds(self):
        """Returns those of the earlier set, unless it divided its works by other rules."""
        earlier, rules = self.earlier.rules, self.plan.rules
        for name in ("test_fraction", "test_minimum"):
            if earlier.get(name, getattr(rules, name)) != getattr(rules, name):
                logging.warning("another %s than before: the test split is drawn anew", name)
                return {}
        return self.earlier.thresholds

    def _seed(self, journal):
        earlier_numbers = range(len(self.earlier.inputs))
        seed_journal(
            journal,
            self.plan.earlier_folder,
            # A set that is replaced, or lends its split alone, is taken for one of this source.
            inputs={
                number: number if self.plan.append else self.number for number in earlier_numbers
            },
            usable=self.earlier.rendering == self.plan.rendering.description(),
            opt_outs=self.opt_outs,
        )


def prepare(plan):
    """Reads what a plan names, and refuses what cannot be carried out.

    Args:
        plan: a `Plan`.

    Returns:
        A `Conversion`.

    Raises:
        InputError: a list or the earlier set is damaged, `output` holds a set that is neither
            added to nor replaced, or the detector does not work.
    """
    rejects = frozenset() if plan.rejects is None else frozenset(read_rejects(plan.rejects))
    opt_outs = OptOuts() if plan.opt_out is None else read_opt_outs(plan.opt_out)
    if (plan.scratch / INFO).exists():
        logging.info("%s: finishing a run that was killed at its very end", plan.output)
        publish(plan)
    _check_output(plan)
    earlier = read_earlier(plan.earlier_folder)
    # The set that is replaced has its own list, whichever one the split is taken from.
    opt_outs |= earlier.opt_outs | read_earlier(plan.output).opt_outs
    if plan.rendering.detector != NO_DETECTOR:
        make_detector(plan.rendering.detector)  # it tests itself before the first picture
    rendering = plan.rendering.description()
    if plan.append and earlier.rendering != rendering:
        raise InputError(
            f"{plan.output} cannot be added to: expected the settings and package versions that "
            f"its portraits were made with, {earlier.rendering}, received {rendering}; give the "
            "same, or write a new set"
        )
    opt_outs = opt_outs.with_names_from(_other_names(plan.source))
    return Conversion(plan, opt_outs, rejects, earlier)


def _other_names(source):
    """Returns the `Aliases` of a source; empty ones where it knows none."""
    return getattr(source, "other_names", Aliases())


def _check_output(plan):
    output, finished = plan.output, (plan.output / INFO).exists()
    if file := next((path for path in (output, *output.parents) if path.is_file()), None):
        raise InputError(f"--output: expected a folder to write to, received {file}, a file")
    if plan.append and not finished:
        raise InputError(
            f"{output}: expected a finished set to add to, received a folder without {INFO}; "
            "write one first, without --append"
        )
    if finished and not (plan.append or plan.overwrite):
        raise InputError(
            f"{output} already holds records: expected a folder without {INFO}; choose "
            "another, add to them with --append, or replace them with --overwrite"
        )
