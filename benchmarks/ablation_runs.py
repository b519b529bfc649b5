"""The generator's options, one by one, and what is reported of a training."""

import ml_collections

# Option -> what the section `gan` has without it; an empty part has nothing of the preset's.
OPTIONS = {
    "full recipe": {},
    "even fills": {"generator": {"even_fills": 0.0}},
    "projected discriminator": {
        "judge": "consortium",
        "discriminator": {},
        # Both need the projected discriminator's maps or names.
        "model": {"perceptual_weight": 0.0, "mismatch_weight": 0.0},
    },
    "codes of works": {
        "model": {
            "mixture": None, "reconstruction_weight": 0.0, "perceptual_weight": 0.0,
            "diversity_weight": 0.0, "mismatch_weight": 0.0,
        },
    },
    "perturbed recovery": {"model": {"perturbation": None}},
    "reconstruction": {"model": {"reconstruction_weight": 0.0}},
    "perceptual distance": {"model": {"perceptual_weight": 0.0}},
    "diversity": {"model": {"diversity_weight": 0.0}},
    "mismatch": {"model": {"mismatch_weight": 0.0}},
    "hinge loss": {"model": {"loss": "logistic"}},
    "style recovery": {"model": {"style_weight": 0.0}},
    "content recovery": {"model": {"content_weight": 0.0}},
    "warm start": {"warm_start": False},
    "all but the paper's": {
        "generator": {"even_fills": 0.0},
        "judge": "consortium",
        "discriminator": {},
        "model": {
            "loss": "logistic", "mixture": None, "perturbation": None, "content_weight": 1.0,
            "reconstruction_weight": 0.0, "perceptual_weight": 0.0, "diversity_weight": 0.0,
            "mismatch_weight": 0.0,
        },
    },
}  # fmt: skip

# Column -> where its number lies in the sections of `metrics.json`, and digits; of images as they
# are drawn, with contents as works have them.
COLUMNS = {
    "classifier": ("reattribution.by_classifier.share_as_drawn", 3),
    "HOG + LBP": ("reattribution.by_hand_made_features.share_as_drawn", 3),
    "kernel distance": ("fidelity.kernel_distance.generated_as_drawn", 3),
    "recall": ("fidelity.recall.generated_as_drawn", 2),
    "Nyquist": ("fidelity.nyquist_ratio.generated_as_drawn", 2),
    "edges": ("fidelity.edge_ratio.generated_as_drawn", 2),
    "free code": ("fidelity.moved_by.free", 1),
    "style found again": ("recovery.style_as_drawn", 2),
    "content found again": ("recovery.content_as_drawn", 2),
}


def without(section, option):
    """The section `gan` of a preset without an option.

    Args:
        section: `ml_collections.ConfigDict`; stays as it is.
        option: key of `OPTIONS`.

    Returns:
        Another.
    """
    plain = section.to_dict()
    for key, value in OPTIONS[option].items():
        plain[key] = plain[key] | value if isinstance(value, dict) and value else value
    return ml_collections.ConfigDict(plain)


def numbers(sections):
    """What is reported, from measured sections.

    Args:
        sections: dictionary as `metrics.json`.

    Returns:
        Dictionary column -> number.
    """
    found = {}
    for column, (place, _) in COLUMNS.items():
        entry = sections
        for key in place.split("."):
            entry = entry[key]
        found[column] = entry["value"]
    return found


def table(rows):
    """The table in Markdown, each number the mean over seeds, with their range.

    Args:
        rows: dictionary option -> seed -> `{"steps": number, "numbers": dictionary}`.
    """
    lines = [f"| without | steps | {' | '.join(COLUMNS)} |", "|---|---|" + "---|" * len(COLUMNS)]
    for option, by_seed in rows.items():
        trained = list(by_seed.values())
        cells = [_spread([one["steps"] for one in trained], 0)]
        for column, (_, digits) in COLUMNS.items():
            cells.append(_spread([one["numbers"][column] for one in trained], digits))
        lines.append(f"| {option} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _spread(values, digits):
    mean = sum(values) / len(values)
    if len(values) == 1:
        return f"{mean:.{digits}f}"
    return f"{mean:.{digits}f} ({min(values):.{digits}f}-{max(values):.{digits}f})"
