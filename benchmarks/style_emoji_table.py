"""Table of the results of `style_emoji.py`."""

import numpy as np


def table(results):
    """Markdown table: mean over seeds, with the range."""
    columns = sorted(
        {key for r in results for key in r if key.startswith("d=")}, key=lambda k: int(k[2:])
    )
    lines = ["| method | minutes | seeds | steps | " + " | ".join(columns) + " |"]
    lines.append("|---" * (len(columns) + 4) + "|")
    for method, minutes in sorted({(r["method"], r["minutes"]) for r in results}):
        rows = [r for r in results if (r["method"], r["minutes"]) == (method, minutes)]
        steps = round(np.mean([r["step"] for r in rows]))
        cells = []
        for column in columns:
            values = [r[column] for r in rows if column in r]
            if not values:  # shorter codes
                cells.append("-")
                continue
            spread = f" ({min(values):.3f}-{max(values):.3f})" if len(values) > 1 else ""
            cells.append(f"{np.mean(values):.3f}{spread}")
        lines.append(f"| {method} | {minutes:g} | {len(rows)} | {steps} | {' | '.join(cells)} |")
    return "\n".join(lines)
