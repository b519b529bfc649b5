"""What is reported of training steps."""


def row(measured, *, images):
    """What is reported of a step.

    Args:
        measured: what `contenders.training_steps` prints.
        images: of a step.

    Returns:
        Dictionary: `images_per_second`, `multiply_adds_per_image`, `share_of_peak` and `shares`.
    """
    each_second = measured["multiply_adds"] / measured["seconds"]
    return {
        "images_per_second": images / measured["seconds"],
        "multiply_adds_per_image": measured["multiply_adds"] / images,
        "share_of_peak": each_second / measured["peak"],
        "shares": measured["shares"],
    }


def table(results):
    """Returns the rows in Markdown."""
    lines = [
        "| step | precision | images/s | million multiply-adds an image | share of the peak | "
        "where the time goes |",
        "|---|---|---|---|---|---|",
    ]
    for precision, steps in results.items():
        for step, found in steps.items():
            largest = list(found["shares"].items())[:3]
            lines.append(
                f"| {step} | {precision} | {found['images_per_second']:.1f} | "
                f"{found['multiply_adds_per_image'] / 1e6:.0f} | {found['share_of_peak']:.2f} | "
                + ", ".join(f"{kind} {share:.0%}" for kind, share in largest)
                + " |"
            )
    return "\n".join(lines)
