"""Figures from the runs of `records.py`: speeds, memory, ratios, tables."""

import collections

LIMIT, OURS, STYLEGAN, TFDS = "limit", "ours", "dataset_tool", "tfds"
PEERS = (STYLEGAN, TFDS)


def summarize(runs, few, count):
    """Makes one row of figures for each contender of one size.

    Args:
        runs: list of dicts: what `measure` returned, with `contender` and `count`.
        few: the count of the runs that are nearly all start and end.
        count: the full count.

    Returns:
        Dict contender -> dict with `images_per_second` (whole process), `seconds_for_few`,
        `images_per_second_after_start` and `cpu_ms_per_image_after_start` (of the pictures
        beyond the few; the latter hardly depends on what else the machine does) and, for a
        quarter and for all of the pictures, `main_mib` and `workers_mib`, two numbers each.
    """
    values = collections.defaultdict(list)
    for each in runs:
        for kind in ("seconds", "cpu_seconds", "main_mib", "workers_mib"):
            values[each["contender"], each["count"], kind].append(each[kind])
    rows = {}
    for contender in dict.fromkeys(each["contender"] for each in runs):
        whole, start, cpu_whole, cpu_start = (
            min(values[contender, part, kind])
            for kind in ("seconds", "cpu_seconds")
            for part in (count, few)
        )
        rows[contender] = {
            "images_per_second": count / whole,
            "seconds_for_few": start,
            "images_per_second_after_start": (count - few) / max(whole - start, 1e-9),
            "cpu_ms_per_image_after_start": 1e3 * (cpu_whole - cpu_start) / (count - few),
            **{
                kind: [max(values[contender, part, kind]) for part in (count // 4, count)]
                for kind in ("main_mib", "workers_mib")
            },
        }
    return rows


def ratios(rows):
    """Compares ours with the faster peer and with the limit; peers may be missing."""
    found = {}
    for key in ("images_per_second", "images_per_second_after_start"):
        peers = [rows[peer][key] for peer in PEERS if peer in rows]
        found[key] = {
            "over_faster_peer": rows[OURS][key] / max(peers) if peers else None,
            "share_of_limit": rows[OURS][key] / rows[LIMIT][key],
        }
    return found


def table(size, rows, few, count):
    """Returns the figures of one size as lines of Markdown."""
    lines = [
        f"| {size} px, {count:,} files | images/s | after start | s for {few} files | CPU ms each "
        "| MiB of the first process, a quarter -> all | MiB of its workers |",
        "|---|---|---|---|---|---|---|",
    ]
    for contender, row in rows.items():
        main, workers = (
            f"{row[kind][0]:,.0f} -> {row[kind][1]:,.0f}" for kind in ("main_mib", "workers_mib")
        )
        lines.append(
            f"| {contender} | {row['images_per_second']:.1f} | "
            f"{row['images_per_second_after_start']:.1f} | {row['seconds_for_few']:.1f} | "
            f"{row['cpu_ms_per_image_after_start']:.1f} | {main} | {workers} |"
        )
    for key, ratio in ratios(rows).items():
        peer = ratio["over_faster_peer"]
        lines.append(
            f"{key}: ours is {f'{peer:.2f} times the faster peer, ' if peer else ''}"
            f"{ratio['share_of_limit']:.0%} of the limit"
        )
    return lines
