"""Who drew this? Known artists with calibrated doubt, two unseen ones enrolled from few drawings.

Input: style codes of an encoder that was trained on the training subjects of eight artists
(`--codes`, a .npz with train_, test_ and unseen_ `codes`, `artists`, `subjects`; `unseen_is_test`,
whether an unseen artist's subject is held out too; `artist_names`, the unseen ones last).
Held-out subjects are halved by a hash of their name: one half calibrates (half of it fits the
spread, half sets the threshold of "unknown"), the other reports. Nothing is fitted or chosen on
the reporting half or on the unseen artists.

Enrolled are K drawings of each unseen artist, of training subjects, drawn anew for every seed. The
queries are its drawings of held-out subjects; P@1 is the share attributed to their own artist among
all ten. Intervals: 95 %, clustered by subject (normal for shares, bootstrap for the rest).

    python -m benchmarks.style_emoji_unseen --codes=codes.npz --output=unseen.json
"""

import numpy as np
from absl import flags
from scipy import special
from scipy.spatial import distance
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from anime_style_tf.evaluation.uncertainty import calibration, intervals
from anime_style_tf.evaluation.uncertainty.measurements import measurement
from anime_style_tf.terminal.tool import run_tool
from benchmarks.command import define_input, define_output, write_json
from benchmarks.unseen_works import first_half, fit, load

_CODES = define_input("codes", "Style codes, .npz.", required=True)
_OUTPUT = define_output("unseen.json")
_SEEDS = flags.DEFINE_integer("seeds", 100, "Draws of the enrolled works.")
_LENGTH = flags.DEFINE_integer("length", None, "Leading dimensions used; all if not given.")

ENROLLED = (1, 2, 5, 10, 20)
ERROR_RATES = (0.05, 0.1)
NEIGHBORS = 10


def share(values, subjects, definition):
    """Measurement of a mean over works, clustered by subject."""
    values = np.asarray(values, np.float64)
    low, high = intervals.mean_interval(values, subjects)
    return measurement(
        values.mean(), definition=definition, count=len(values), split="reporting",
        interval=(max(low, 0), min(high, 1)),
    )  # fmt: skip


def bootstrapped(statistic, subjects, definition):
    """Measurement of `statistic(rows)`, drawing whole subjects."""
    rows = np.arange(len(subjects))
    return measurement(
        statistic(rows), definition=definition, count=len(rows), split="reporting",
        interval=intervals.bootstrap_interval(lambda drawn, _: statistic(drawn), subjects),
    )  # fmt: skip


def measure_known(model, reporting):
    """How right the probabilities are for works by known artists."""
    answers = model.attribute(reporting.codes)
    subjects = reporting.subjects
    closed = answers.probabilities[:, :-1]
    closed = closed / closed.sum(axis=1, keepdims=True)
    result = {}
    for name, given, probabilities in (
        ("known", "given that the artist is known", closed),
        ("open", "with one in ten expected unknown", answers.probabilities),
    ):
        confidence = probabilities.max(axis=1)
        right = probabilities.argmax(axis=1) == reporting.artists
        chance, high = calibration.error_if_calibrated(confidence)
        result[f"accuracy ({name})"] = share(right, subjects, f"right answers, {given}")
        result[f"calibration error ({name})"] = bootstrapped(
            lambda rows, c=confidence, r=right: calibration.reliability(c[rows], r[rows]).error,
            subjects,
            f"expected calibration error, 15 bins of equally many works, {given}; honest "
            f"probabilities would leave {chance:.3f}, at most {high:.3f} in 95 % of cases",
        )
        result[f"risk-coverage area ({name})"] = bootstrapped(
            lambda rows, c=confidence, r=right: calibration.risk_coverage(c[rows], r[rows]).area,
            subjects,
            f"mean share of wrong answers over all shares of works answered, {given}",
        )
    brier = calibration.brier_score(closed, reporting.artists)
    result["Brier score (known)"] = share(brier, subjects, "squared error over eight artists")
    return result


def strangeness(model, training):
    """Scores that are to be high for an unknown artist, by name; functions of codes."""
    trained, place = training.codes, NEIGHBORS - 1

    def closed(codes):
        probabilities = model.attribute(codes).probabilities[:, :-1]
        return probabilities.max(axis=1) / probabilities.sum(axis=1)

    def against(codes):
        densities = model.log_densities(codes)
        return densities[:, -1] - special.logsumexp(densities[:, :-1], axis=1)

    def neighbor(codes):
        return np.partition(distance.cdist(codes, trained), place, axis=1)[:, place]

    return {
        "as the package says it": lambda codes: -model.familiarity(codes),
        "largest known density": lambda codes: -model.log_densities(codes)[:, :-1].max(axis=1),
        "unknown against known density": against,
        "largest probability, artist known": lambda codes: -closed(codes),
        "distance to the nearest mean": lambda codes: distance.cdist(codes, model.means).min(
            axis=1
        ),
        f"distance to neighbor {NEIGHBORS}": neighbor,
    }


def measure_unknown(model, training, reporting, queries):
    """Telling works by unseen artists from works by known ones, before enrolling."""
    unknown = np.repeat([False, True], [len(reporting.artists), len(queries.artists)])
    subjects = np.concatenate([reporting.subjects, queries.subjects])
    result = {}
    for name, score in strangeness(model, training).items():
        scores = np.concatenate([score(reporting.codes), score(queries.codes)])
        result[f"AUROC of unknown: {name}"] = bootstrapped(
            lambda rows, s=scores: calibration.separation(s[rows], unknown[rows]),
            subjects,
            "how often a work by an unseen artist scores above one by a known artist",
        )
    for works, kind in ((reporting, "known"), (queries, "unseen")):
        answers = model.attribute(works.codes)
        for rate in ERROR_RATES:
            result[f"called unknown at {rate:g}: {kind} artists"] = share(
                answers.unknown(rate), works.subjects, "p-value at most the error rate"
            )
    return result


class Methods:
    """Names the artists of some works, whatever is enrolled.

    Args:
        model: attribution of the known artists, the first of `names`.
        names: of all artists.
        training: `Works` by the known artists.
        codes: `[works, code]`, whose artists are asked for.
    """

    def __init__(self, model, names, training, codes):
        self.model, self.names, self.codes = model, names, codes
        away = distance.cdist(codes, training.codes)
        nearest = away.argmin(axis=1)
        self.nearest_artist = training.artists[nearest]
        self.nearest_distance = away[np.arange(len(codes)), nearest]

    def __call__(self, enrolled):
        """Dictionary from a method's name to artists `[works]`, with these works enrolled."""
        model = self.model
        for artist in np.unique(enrolled.artists):
            model = model.enroll(self.names[artist], enrolled.codes[enrolled.artists == artist])
        away = distance.cdist(self.codes, enrolled.codes)
        new_artist = enrolled.artists[away.argmin(axis=1)]
        is_new = away.min(axis=1) < self.nearest_distance
        return {
            "attribution": model.log_densities(self.codes)[:, :-1].argmax(axis=1),
            "nearest mean": distance.cdist(self.codes, model.means).argmin(axis=1),
            "nearest work": np.where(is_new, new_artist, self.nearest_artist),
        }


def measure_enrolled(model, names, training, reporting, enrollable, queries, seeds):
    """P@1 of the unseen artists' works and accuracy of the known artists', at each K."""
    result = {}
    codes = np.concatenate([queries.codes, reporting.codes])
    artists = np.concatenate([queries.artists, reporting.artists])
    new = np.arange(len(artists)) < len(queries.artists)
    attribute = Methods(model, names, training, codes)
    for count in ENROLLED:
        right, taken_for = {}, np.zeros((len(names), len(names)))
        for seed in range(seeds):
            rng = np.random.default_rng(seed)
            chosen = [
                rng.choice(np.flatnonzero(enrollable.artists == artist), count, replace=False)
                for artist in np.unique(enrollable.artists)
            ]
            found = attribute(enrollable.select(np.concatenate(chosen)))
            for method, answer in found.items():
                right.setdefault(method, []).append(answer == artists)
            np.add.at(taken_for, (queries.artists, found["attribution"][new]), 1 / seeds)
        for method, draws in right.items():
            draws = np.stack(draws)
            low, high = np.quantile(draws[:, new].mean(axis=1), [0.05, 0.95])
            result[f"P@1 of unseen artists, K = {count}: {method}"] = share(
                draws[:, new].mean(axis=0), queries.subjects,
                f"among all {len(names)}, mean of {seeds} draws of the enrolled works; nine in "
                f"ten draws give {low:.3f} to {high:.3f}",
            )  # fmt: skip
            result[f"accuracy of known artists, K = {count}: {method}"] = share(
                draws[:, ~new].mean(axis=0), reporting.subjects, "after enrolling"
            )
        result[f"taken for, K = {count}"] = measurement(
            taken_for[-2:] / taken_for[-2:].sum(axis=1, keepdims=True),
            definition="share of each unseen artist's works attributed to each artist",
        )
    return result


def measure_ceiling(held_out, enrollable, queries):
    """What a supervised classifier makes of the same codes, given every work there is."""
    calibrating = held_out.select(first_half(held_out.subjects, "calibrate"))
    codes = np.concatenate([calibrating.codes, enrollable.codes])
    artists = np.concatenate([calibrating.artists, enrollable.artists])
    priors = np.full(artists.max() + 1, 1 / (artists.max() + 1))
    classifier = LinearDiscriminantAnalysis("lsqr", shrinkage=1e-6, priors=priors)
    right = classifier.fit(codes, artists).predict(queries.codes) == queries.artists
    definition = f"linear discriminant of the codes with all {len(enrollable.artists)} unseen works"
    return {"P@1 of unseen artists, supervised": share(right, queries.subjects, definition)}


def table(result):
    """Markdown table of the scalars."""
    lines = ["| measure | value | 95 % interval | works |", "|---|---|---|---|"]
    for name, entry in result.items():
        if "interval" in entry:
            low, high = entry["interval"]
            numbers = f"{entry['value']:.3f} | {low:.3f}-{high:.3f} | {entry['count']}"
            lines.append(f"| {name} | {numbers} |")
    return "\n".join(lines)


def main():
    """Measures and prints."""
    names, training, held_out, enrollable, queries = load(_CODES.value, _LENGTH.value)
    model, reporting = fit(names, training, held_out)
    result = measure_known(model, reporting)
    result |= measure_unknown(model, training, reporting, queries)
    result |= measure_enrolled(model, names, training, reporting, enrollable, queries, _SEEDS.value)
    result |= measure_ceiling(held_out, enrollable, queries)
    write_json(_OUTPUT.value, result)
    print(table(result))


if __name__ == "__main__":
    run_tool(main)
