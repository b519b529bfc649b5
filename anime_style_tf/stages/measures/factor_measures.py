"""Whether another artist's style keeps what a work shows, by probes that read it from works."""

import json

import numpy as np

from anime_style_tf.errors import TooFewError
from anime_style_tf.evaluation.factors import FactorProbe, factors_to_read, shown_features
from anime_style_tf.evaluation.uncertainty.intervals import share_interval
from anime_style_tf.evaluation.uncertainty.measurements import measurement, rounded
from anime_style_tf.stages.measures.fidelity_measures import as_uint8

_FEWEST = 20  # pictures that a factor is asked of
_READ = (
    "read by a linear probe over colors, where they are, HOG and LBP, which learned from training "
    "works"
)
_INTERVAL = "95 % Wilson interval, clustered by the artist whose style it is"
_SPLIT = "generated: style of a test work by another artist, content of a test work, on which VAE "
_SPLIT += "and GAN were trained, free code zero"


def measure_factors(run):
    """Draws works in the style of other artists, and reads what they show.

    Args:
        run: `MeasuredRun`.

    Returns:
        Dictionary factor -> `generated`, `works`, `kept`, `chance`.

    Raises:
        TooFewError: the records say nothing that several artists' works show.
    """
    works, gallery = run.works, run.gallery_works
    known = [json.loads(text) for text in gallery.factors]
    shown = np.array([json.loads(text) for text in works.factors], object)
    values = factors_to_read(known, gallery.labels)
    others = _by_others(works.labels, run.seed)
    if not values or others is None:
        raise TooFewError(
            "factors: no factor has 2 values or more of 5 training works or more, by 2 artists or "
            "more: give a source that says what its works show"
        )
    learned = shown_features(gallery.images)
    style, content = run.trained.encode(works.images)
    drawn = shown_features(as_uint8(run.trained.generate(style[others], content)))
    theirs = shown_features(works.images[others])
    sections = {}
    for factor in sorted(values):
        probe = FactorProbe(factor, values[factor], learned, known)
        # A style that does not show a factor cannot keep it.
        asked = probe.knows(shown) & probe.knows(shown[others])
        if asked.sum() >= _FEWEST:
            sections[factor] = _section(probe, asked, shown, others, drawn, theirs, works.labels)
    if not sections:
        raise TooFewError(f"factors: fewer than {_FEWEST} test works show one: measure more works")
    return sections


def summarize_factors(factors):
    """Returns the line of how well each factor is read from generated pictures and from works."""
    read = ", ".join(
        f"{name} {rounded(entries['generated'])} ({rounded(entries['works'])})"
        for name, entries in factors.items()
    )
    return [f"factors read from works drawn in another artist's style (from that artist's): {read}"]


def _by_others(labels, seed):
    """A random work by another artist for each work, int `[works]`; None with one artist."""
    if len(np.unique(labels)) < 2:
        return None
    chance = np.random.default_rng((seed, 6))
    return np.array([chance.choice(np.flatnonzero(labels != label)) for label in labels])


def _section(probe, asked, shown, others, drawn, theirs, labels):
    wanted, artists = probe.asked(shown)[asked], labels[others][asked]
    of_drawn = probe.read(drawn[asked]) == wanted
    of_works = probe.read(theirs[asked]) == probe.asked(shown[others])[asked]
    basis = {"count": len(wanted), "split": _SPLIT}
    most = np.bincount(wanted).max() / len(wanted)
    return {
        "generated": measurement(
            of_drawn.mean(), interval=share_interval(of_drawn, artists), **basis,
            definition=f"share of generated pictures that show the content's value of the factor, "
            f"{_READ}; {_INTERVAL}",
        ),
        "works": measurement(
            of_works.mean(), interval=share_interval(of_works, artists), count=len(wanted),
            split="test works, those whose style the generated pictures have",
            definition=f"share of works whose own value is {_READ}; {_INTERVAL}",
        ),
        "kept": measurement(
            of_drawn.mean() / max(of_works.mean(), 1e-12), **basis,
            definition="`generated` over `works`: 1 where it is as clear as artists draw it",
        ),
        "chance": measurement(
            most, **basis, definition="share of the value that is asked for most often",
        ),
    }  # fmt: skip
