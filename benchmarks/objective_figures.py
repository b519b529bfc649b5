"""What `objective.py` makes of its measurements."""

FORMS = ("exact", "chunked", "sampled")
EXACT_ARRAYS = 6  # of `[batch, artists, code]` float32 that the exact form holds at its peak


def exact_gib(artists, batch_size, code_size):
    """Returns the memory that the exact form takes, GiB."""
    return EXACT_ARRAYS * 4 * artists * batch_size * code_size / 2**30


def figures(step):
    """Returns the row of a measured step: the best seconds, and memory in MiB."""
    return {
        **{kind: min(seconds) for kind, seconds in step["seconds"].items()},
        "added_mib": step["peak_mib"] - step["before_mib"],
        "peak_mib": step["peak_mib"],
    }


def share(objective, encoder, images, batch_size):
    """Returns the objective's seconds over those of the encoder's step on a whole batch."""
    return {
        kind: min(objective["seconds"][kind]) / (min(seconds) / images * batch_size)
        for kind, seconds in encoder["seconds"].items()
    }


def table(rows):
    """Returns the lines of the table of steps; `rows` has artists -> form -> figures or None."""
    lines = ["| artists | form | processor s | wall s | MiB added | MiB peak |", "|---" * 6 + "|"]
    for artists, forms in rows.items():
        for form, row in forms.items():
            cells = (
                f"{row['processor']:.3f} | {row['wall']:.3f} | {row['added_mib']:,.0f} | "
                f"{row['peak_mib']:,.0f}"
                if row
                else "does not fit | - | - | -"
            )
            lines.append(f"| {artists:,} | {form} | {cells} |")
    return lines
