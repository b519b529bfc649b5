"""How often 95 % intervals hold the truth: every kind in use, in simulated worlds with known truth.

    python -m benchmarks.coverage --output=coverage.json

NumPy alone; a few minutes of one core. Worlds have 8, 14 and 50 artists with 15 works each, all
drawn anew each time. "Other artists": the truth is that of all artists there might be; "these
artists": of all works that those drawn might make. `simulated_worlds.py` has more worlds of crossed
clusters.
"""

import numpy as np
from absl import flags
from scipy import special

from anime_style_tf.evaluation import dimensions, variance
from anime_style_tf.evaluation.uncertainty import calibration, intervals, jackknife, two_way
from anime_style_tf.terminal.tool import run_tool
from benchmarks.command import define_numbers, define_output, write_json
from benchmarks.simulated_worlds import World, draw

_OUTPUT = define_output("coverage.json")
_WORLDS = flags.DEFINE_integer("worlds", 400, "Draws of each world.")
_ARTISTS = define_numbers("artists", [8, 14, 50], "Numbers of artists.")

WORKS = 15  # of each artist
_BASE, _SPREAD = 3.0, 1.0  # logit of a work's being right; deviation of artists about it


def shares(generator, artists):
    """Share of works that are right, .931 on average over artists."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    truth = np.average(special.expit(_BASE + _SPREAD * nodes), weights=weights)
    chances = special.expit(_BASE + _SPREAD * generator.normal(size=artists))
    labels = np.repeat(np.arange(artists), WORKS)
    hits = generator.random(len(labels)) < chances[labels]
    by_artist, plain = intervals.share_interval(hits, labels), intervals.share_interval(hits)
    yield "share, Wilson clustered by artist: other artists", truth, by_artist
    yield "share, Wilson clustered by artist: these artists", chances.mean(), by_artist
    yield "share, Wilson over works: other artists", truth, plain
    yield "share, Wilson over works: these artists", chances.mean(), plain
    mean = intervals.mean_interval(hits, labels)
    yield "share, mean and Student's t by artist: other artists", truth, mean


def means(generator, artists):
    """Means of numbers that are not shares, by one clustering, two, or none."""
    labels = np.repeat(np.arange(artists), WORKS)
    values = generator.normal(size=artists)[labels] + generator.normal(size=len(labels))
    yield "mean, Student's t by artist: other artists", 0, intervals.mean_interval(values, labels)
    # As of 1,024 generated images: squares of normal errors, over 3 dimensions.
    errors = np.mean(generator.normal(size=(1024, 3)) ** 2, axis=1)
    yield "recovery error, Student's t over images", 1, intervals.mean_interval(errors)
    world = World(artists, 60, 0.6, 0.6, base=2.0)
    found = two_way.mean_interval(*draw(world, generator), resamples=200)
    yield "retrieval, artists and subjects crossed: other ones of both", world.truth, found


def variance_ratios(generator, artists, *, size=3, apart=1.5, unequal=0.2):
    """Variance ratios of two encoders of the same works, and the one divided by the other."""
    labels = np.repeat(np.arange(artists), WORKS)
    spread = np.exp(unequal * generator.normal(size=artists))[labels, None]
    centers = apart * generator.normal(size=(artists, size))[labels]
    own = spread * generator.normal(size=(len(labels), size))
    first, second = centers + own, centers + 0.5 * own + generator.normal(size=own.shape)
    within = np.exp(2 * unequal**2) * np.array([1, 0.25]) + [0, 1]  # of one dimension
    truth = within / (2 * within + 2 * apart**2)
    _, found = variance.ratio_with_interval(first, labels)
    yield "variance ratio, jackknife over artists", truth[0], (found[0][-1], found[1][-1])
    _, found = variance.ratio_of_ratios(first, second, labels)
    quotient = truth[0] / truth[1]
    yield "ratio of variance ratios, jackknife", quotient, (found[0][-1], found[1][-1])
    bootstrap = intervals.bootstrap_interval(
        lambda rows, drawn: variance.variance_ratio(first[rows], drawn).ratio[-1],
        labels,
        resamples=100,
    )
    yield "variance ratio, bootstrap over artists (as before)", truth[0], bootstrap


def probabilities(sharpened):
    """Returns a world of stated probabilities, right ones where `sharpened` is 1."""
    many = special.expit(2.5 + np.hypot(1.5, 0.5) * np.random.default_rng(9).normal(size=400_000))
    rightly = special.expit(sharpened * special.logit(many))
    brier = np.average((1 - many) ** 2, weights=rightly) * rightly.mean()
    brier += np.average(many**2, weights=1 - rightly) * (1 - rightly.mean())
    wrong = np.cumsum((1 - rightly)[np.argsort(-many)]) / np.arange(1, len(many) + 1)
    error = np.mean(np.abs(rightly - many))
    kind = "all right" if sharpened == 1 else "too sure"

    def world(generator, artists):
        labels = np.repeat(np.arange(artists), WORKS)
        logits = generator.normal(2.5, 1.5, len(labels))
        logits += 0.5 * generator.normal(size=artists)[labels]
        confidence = special.expit(logits)
        right = generator.random(len(labels)) < special.expit(sharpened * logits)

        def area(rows):
            return calibration.risk_coverage(confidence[rows], right[rows]).area

        squares = (right - confidence) ** 2
        everything = np.arange(len(labels))
        for name, truth, statistic in (
            ("Brier score", brier, lambda rows: squares[rows].mean()),
            ("risk-coverage area", wrong.mean(), area),
        ):
            without = jackknife.without_each(statistic, labels)
            found = jackknife.interval(statistic(everything), without)
            yield f"{name}, jackknife over artists, probabilities {kind}", truth, found
        found = calibration.error_interval(confidence, right, draws=200)
        yield f"calibration error, -+ chance, probabilities {kind}", error, found

    return world


def correlations(generator, artists, *, strength=0.6):
    """Spearman's correlation of a dimension with a property, over works and inside artists."""
    labels = np.repeat(np.arange(artists), WORKS)
    cover = [[1, strength], [strength, 1]]
    outer = generator.multivariate_normal([0, 0], cover, size=artists)[labels]
    inner = generator.multivariate_normal([0, 0], cover, size=len(labels))
    both = outer + inner
    truth = 6 / np.pi * np.arcsin(strength / 2)  # of normal variables
    found = dimensions.followed_properties(both[:, :1], both[:, 1:], labels, resamples=200)
    overall, within = found.overall_interval, found.within_interval
    yield "correlation over works", truth, (overall[0][0, 0], overall[1][0, 0])
    # Of few works: the expectation of Spearman's coefficient.
    few = 6 / (np.pi * (WORKS + 1)) * (np.arcsin(strength) + (WORKS - 2) * np.arcsin(strength / 2))
    yield "correlation inside artists", few, (within[0][0, 0], within[1][0, 0])


def dimension_variances(generator, artists, *, size=3):
    """The first of `size` dimensions: artists differ in it twice as much as in the others."""
    labels = np.repeat(np.arange(artists), WORKS)
    apart = np.array([2.0] + [1.0] * (size - 1))
    codes = apart * generator.normal(size=(artists, size))[labels]
    codes += generator.normal(size=codes.shape)
    between, total = apart**2, apart**2 + 1
    found = dimensions.variances_with_intervals(codes, labels)
    for name, truth in (
        ("between_share", between[0] / between.sum()),
        ("total_share", total[0] / total.sum()),
        ("f_ratio", WORKS * between[0] + 1),
    ):
        low, high = found[name][1]
        yield f"{name} of a dimension, jackknife over artists", truth, (low[0], high[0])


KINDS = (
    shares,
    means,
    variance_ratios,
    dimension_variances,
    correlations,
    probabilities(1.0),
    probabilities(0.6),
)


def coverage(kind, artists, worlds, *, seed=0):
    """How often intervals hold the truth.

    Args:
        kind: one of `KINDS`: called with a generator and the number of artists, it draws a world
            and yields `(name, truth, (low, high))` of each interval.
        artists: how many.
        worlds: how many are drawn.
        seed: of the draws.

    Returns:
        Dictionary from the interval's name to the share of worlds in which it holds the truth.
    """
    generator = np.random.default_rng(seed)
    held = {}
    for _ in range(worlds):
        for name, truth, (low, high) in kind(generator, artists):
            held[name] = held.get(name, 0) + bool(low <= truth <= high)
    return {name: count / worlds for name, count in held.items()}


def table(content):
    """Returns the Markdown table of the results."""
    sizes = [str(artists) for artists in content["artists"]]
    lines = [
        "<!-- numbers: benchmarks/results/coverage.json -->",
        f"| interval that says 95 % | {' | '.join(f'{size} artists' for size in sizes)} |",
        "|---" * (len(sizes) + 1) + "|",
    ]
    for name, row in content["coverage"].items():
        cells = (f"{row[size]:.3f}".removeprefix("0") for size in sizes)
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main():
    """Simulates all worlds and prints the table."""
    content = {
        "worlds": _WORLDS.value,
        "works_of_each_artist": WORKS,
        "artists": _ARTISTS.value,
        "coverage": {},
    }
    for kind in KINDS:
        for artists in content["artists"]:
            for name, share in coverage(kind, artists, _WORLDS.value).items():
                content["coverage"].setdefault(name, {})[str(artists)] = share
            write_json(_OUTPUT.value, content)
    print(table(content))


if __name__ == "__main__":
    run_tool(main)
