"""Artists who come later: five works each of ten artists that nothing was trained or chosen on.

A linear code is fitted on the known artists of the sets of `collections` and on the styles of the
source `dicebear`. The ten are five styles that this source does not have, and the five of the
unknown artists of `--icons` with most works. Of the known artists a quarter of the families is
kept back: one half gives the attribution its spread, the other reports. For each of `--draws`, five
works of each of the ten are drawn and enrolled, and their works of other families asked for, 20 an
artist at most. Intervals (95 %) take the works of one artist, over all draws, as one cluster.

    python -m benchmarks.collections_unseen --emoji=emoji64.zip --icons=build/icons \
        --folders=build/clipart,build/portraits --output=collections_unseen.json
"""

import numpy as np
from absl import flags

from anime_style_tf.terminal.tool import run_tool
from benchmarks.collection_sets import read_emoji, read_folder
from benchmarks.command import define_input, define_output, write_json
from benchmarks.unseen_artists import (
    ENROLLED,
    World,
    features,
    known_styles,
    new_style,
    some_of_each,
)

_EMOJI = define_input("emoji", "The archive of drawings.", required=True)
_FOLDERS = flags.DEFINE_list("folders", [], "Folders with one folder an artist.")
_ICONS = flags.DEFINE_string("icons", None, "Of `game_icons_folder`.", required=True)
_OUTPUT = define_output("collections_unseen.json")
_DRAWS = flags.DEFINE_integer("draws", 20, "Draws of the enrolled works.", 1)

NEW_STYLES = ("cutouts", "voxel-art", "moods", "line-face", "fun-emoji")
NEW_ICONS = 5
DIRECTIONS = (None, 64)  # as many as artists differ in, and some beyond


def main():
    """Measures once, writes the results and prints them."""
    icons = read_folder(_ICONS.value)
    sets = [read_emoji(_EMOJI.value), *map(read_folder, _FOLDERS.value), icons, known_styles()]
    rng, count = np.random.default_rng(0), 0
    known, artists, families = [], [], []
    for number, (images, of_set, families_of_set) in enumerate(sets):
        rows = some_of_each(of_set, rng)
        known.append(features(images[rows], np.arange(len(rows))))
        artists.append(of_set[rows] + count)
        families += [f"{number} {family}" for family in families_of_set[rows]]
        count += of_set.max() + 1
    new = [(*new_style(style),) for style in NEW_STYLES]
    for artist in range(-NEW_ICONS, 0):
        new.append((icons[0][icons[1] == artist], icons[2][icons[1] == artist]))
    read = [features(images, ())[0] for images, _ in new]
    works = [np.concatenate(part) for part in zip(*(each for each, _ in known), strict=True)]
    changed = [
        [np.concatenate(part) for part in zip(*version, strict=True)]
        for version in zip(*(each for _, each in known), strict=True)
    ]
    results = {"known_artists": int(count), "new_artists": len(new), "enrolled": ENROLLED}
    for directions in DIRECTIONS:
        world = World(
            (works, changed), np.concatenate(artists), np.array(families), read, directions
        )
        name = f"{world.codes.shape[1]} dimensions"
        results[name] = {
            "known": world.of_known(),
            "new": world.of_new([np.array(families) for _, families in new], _DRAWS.value),
        }
    write_json(_OUTPUT.value, results)
    print(results)


if __name__ == "__main__":
    run_tool(main)
