"""Near duplicates: how many planted copies are found, and how many other drawings are merged.

Data: the emoji archive, all ten artists, 64 px, and portraits in the styles of dicebear. Subject
groups of the emoji are halved. On the first half the threshold is chosen: the least at which
999 of 1,000 re-encoded, resized or mirrored copies are found. Everything reported is of the
second half. A drawing that is made a duplicate of another is counted by what the other is:

  the same picture   pixels that differ by less than 2 levels of 255 on average
  mirror image       a drawing of the same artist, mirrored (faces left, faces right)
  same artist          another subject or variant by the same artist
  same subject       the same subject by another artist
  neither            another subject by another artist

Beside it the same with `imagehash.phash` alone, at several distances in bits.

    python -m benchmarks.duplicates --input=emoji64.zip --output=duplicates.json
"""

import bisect
import collections
import concurrent.futures
import io
import time
import zipfile

import imagehash
import numpy as np
from absl import flags
from PIL import Image

from anime_style_tf.data.near_duplicates.leaders import (
    LARGEST_DIFFERENCE,
    find_leaders,
    fingerprint,
)
from anime_style_tf.data.pictures import fit_square
from anime_style_tf.data.sources.dicebear import DicebearSource
from anime_style_tf.terminal.tool import run_tool
from benchmarks.command import define_input, define_output, write_json
from benchmarks.planted_changes import CHANGES, PLAIN

_INPUT = define_input("input", "The archive of drawings.", required=True)
_OUTPUT = define_output("duplicates.json")
_COPIED = flags.DEFINE_integer("copied", 1000, "Drawings of each half that are copied.")
_PORTRAITS = flags.DEFINE_integer("portraits", 50, "Of each dicebear style; 0 leaves them out.")

SIDE = 64
THRESHOLDS = np.arange(2, 7, 0.25).tolist()
WANTED = 0.999  # of the plain copies
EQUAL = 2  # levels of 255
BITS = (4, 8, 12)
TWINS = (
    ("noto", "noto-v1"),
    ("emojione", "emojione-v1"),
    ("twemoji", "emojione-v1"),
    ("fluent-emoji", "fluent-emoji-flat"),
)
KINDS = ("the same picture", "mirror image", "same artist", "same subject", "neither")


def load(path):
    """Reads the archive; returns the pictures and, for each, artist, subject and group."""
    with zipfile.ZipFile(path) as archive:
        manifest = next(name for name in archive.namelist() if name.endswith("MANIFEST.tsv"))
        header, *lines = archive.read(manifest).decode().splitlines()
        rows = [dict(zip(header.split("\t"), line.split("\t"), strict=False)) for line in lines]
        folder = manifest.removesuffix("MANIFEST.tsv")
        pictures = [
            Image.open(io.BytesIO(archive.read(folder + row["file"]))).convert("RGB")
            for row in rows
        ]
    labels = [np.array([row[name] for row in rows]) for name in ("artist", "content_id", "group")]
    return pictures, labels


def sketches(pictures):
    """Returns the fingerprints `[pictures, bytes]` and the 64 bits of `phash`."""
    fingerprints, bits = [], []
    for picture in pictures:
        image, coverage = fit_square(picture.convert("RGBA"), SIDE)
        fingerprints.append(np.frombuffer(fingerprint(image, coverage), np.uint8))
        bits.append(np.packbits(imagehash.phash(picture).hash).view(np.uint64)[0])
    return np.stack(fingerprints), np.array(bits)


def recall(originals, copies, threshold):
    """Returns the share of the copies of each kind that are found to be their original's."""
    stacked = np.concatenate([originals, *copies.values()])
    leaders = find_leaders(stacked, largest_difference=threshold)
    leaders = leaders.reshape(1 + len(copies), -1)
    return {
        name: float(np.mean(found == leaders[0]))
        for name, found in zip(copies, leaders[1:], strict=True)
    }


def merged(images, leaders, artists, subjects):
    """Counts the duplicates among drawings that nobody copied, by what they were merged with."""
    counts = collections.Counter(dict.fromkeys(KINDS, 0))
    for late in np.flatnonzero(leaders != np.arange(len(leaders))):
        early = leaders[late]
        apart = np.abs(images[late] - images[early]).mean()
        mirrored = np.abs(images[late] - images[early][:, ::-1]).mean()
        if min(apart, mirrored) < EQUAL and apart <= mirrored:
            kind = KINDS[0]
        elif artists[late] == artists[early]:
            kind = KINDS[1 if mirrored < apart / 2 else 2]
        else:
            kind = KINDS[3 if subjects[late] == subjects[early] else 4]
        counts[kind] += 1
    return dict(counts)


def twins(images, fingerprints, artists, subjects):
    """Returns for two look-alike artists how many of the subjects that both drew are merged."""
    found = {}
    for first, second in TWINS:
        common = np.intersect1d(subjects[artists == first], subjects[artists == second])
        places = [
            [np.flatnonzero((artists == artist) & (subjects == subject))[0] for subject in common]
            for artist in (first, second)
        ]
        leaders = find_leaders(fingerprints[np.concatenate(places)]).reshape(2, -1)
        apart = np.abs(images[places[0]] - images[places[1]]).mean((1, 2, 3)) >= EQUAL
        found[f"{first}, {second}"] = {
            "subjects": len(common),
            "the same picture": int(np.sum(~apart)),
            "merged": int(np.sum(apart & (leaders[0] == leaders[1]))),
        }
    return found


def hash_leaders(bits, most):
    """Returns the leaders if those within `most` bits of each other are duplicates."""
    leaders = np.arange(len(bits))
    for late in range(len(bits)):
        near = np.flatnonzero(np.bitwise_count(bits[:late] ^ bits[late]) <= most)
        leaders[late] = next((early for early in near if leaders[early] == early), late)
    return leaders


def evaluate(pictures, artists, subjects, groups):
    """Chooses on half of the groups and measures on the other; returns a dictionary."""
    random = np.random.default_rng(0)
    names = random.permutation(np.unique(groups))
    chosen_on = np.isin(groups, names[: len(names) // 2])
    halves = [np.flatnonzero(chosen_on), np.flatnonzero(~chosen_on)]
    copied = [np.sort(random.permutation(half)[: _COPIED.value]) for half in halves]
    started = time.process_time()
    fingerprints, bits = sketches(pictures)
    sketch_us = (time.process_time() - started) / len(pictures) * 1e6

    def plant(changes, half):
        changed = {
            name: sketches([change(random, pictures[row]) for row in copied[half]])
            for name, change in changes.items()
        }
        return [{name: each[part] for name, each in changed.items()} for part in (0, 1)]

    plain, _ = plant(PLAIN, 0)
    threshold = THRESHOLDS[
        bisect.bisect_left(
            THRESHOLDS,
            WANTED,
            key=lambda each: min(recall(fingerprints[copied[0]], plain, each).values()),
        )
    ]
    copies, hashes = plant(CHANGES, 1)
    half = halves[1]
    images = np.stack([np.asarray(pictures[row], np.int16) for row in half])
    own = images, artists[half], subjects[half]
    started = time.process_time()
    leaders = find_leaders(fingerprints[half])
    seconds = time.process_time() - started
    return {
        "chosen_threshold": threshold,
        "threshold": LARGEST_DIFFERENCE,
        "recall": recall(fingerprints[copied[1]], copies, LARGEST_DIFFERENCE),
        "drawings": len(half),
        "merged": merged(images, leaders, *own[1:]),
        "twins": twins(images, fingerprints[half], *own[1:]),
        "phash": {
            f"{most} bits": {
                "recall": {
                    name: float(np.mean(np.bitwise_count(each ^ bits[copied[1]]) <= most))
                    for name, each in hashes.items()
                },
                "merged": merged(images, hash_leaders(bits[half], most), *own[1:]),
            }
            for most in BITS
        },
        "sketch_us": sketch_us,
        "find_leaders_seconds": seconds,
    }


def draw(artwork):
    """Returns a dicebear portrait."""
    data, _ = artwork.read()
    return artwork.decode(data, image_size=SIDE, max_pixels=10**8).convert("RGB")


def portraits(count):
    """Returns what is merged among dicebear portraits, no two of which are copies."""
    works = list(DicebearSource(works_per_artist=count).artworks())
    with concurrent.futures.ProcessPoolExecutor() as pool:
        pictures = list(pool.map(draw, works, chunksize=count))
    images = np.stack([np.asarray(picture, np.int16) for picture in pictures])
    names = [np.array([getattr(work, name) for work in works]) for name in ("artist", "work_id")]
    leaders = find_leaders(sketches(pictures)[0])
    return {"portraits": len(works), "merged": merged(images, leaders, *names)}


def report(figures):
    """Prints the figures as tables."""
    methods = {"find_leaders": figures, **figures["phash"]}
    print(f"{'':26}" + "".join(f"{name:>14}" for name in methods))
    for name in CHANGES:
        print(f"{name:26}" + "".join(f"{each['recall'][name]:14.3f}" for each in methods.values()))
    print(f"merged of {figures['drawings']} that nobody copied, with")
    for kind in KINDS:
        print(f"  {kind:24}" + "".join(f"{each['merged'][kind]:14}" for each in methods.values()))
    for name, each in figures["twins"].items():
        print(f"{name}: {each}")
    print(f"dicebear: {figures['dicebear']}")
    print(f"threshold {figures['threshold']}, by the rule {figures['chosen_threshold']}")


def main():
    """Measures, prints and writes."""
    pictures, labels = load(_INPUT.value)
    figures = evaluate(pictures, *labels)
    figures["dicebear"] = portraits(_PORTRAITS.value) if _PORTRAITS.value else None
    write_json(_OUTPUT.value, figures)
    report(figures)


if __name__ == "__main__":
    run_tool(main)
