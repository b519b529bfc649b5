"""The style objective from 100 to 100,000 artists: seconds and memory of a step in three forms.

A step is the whole loss, pairs and presumed styles, forward and backward for the codes, the
presumed styles and the scales, in a fresh process on synthetic codes; only the repulsion from the
presumed styles differs. The exact form runs where its arrays fit `--exact_gib`. Beside it: how
closely exact and chunked agree, whether the sampled form is unbiased, and the share of a step of
the preset `paper`'s encoder, timed on `--encoder_images` images in the same run and scaled to the
batch (its cost is linear in the images; the optimizer's step is left out). Linux only.

    python -m benchmarks.objective --output=objective.json
"""

import json
import os
import platform

from absl import flags, logging

from anime_style_tf.terminal.tool import run_tool
from benchmarks.command import define_numbers, define_output, write_json
from benchmarks.objective_figures import FORMS, exact_gib, figures, share, table
from benchmarks.processes import contender, run

_OUTPUT = define_output("objective.json")
_ARTISTS = define_numbers("artists", [100, 1000, 2500, 10_000, 100_000], "Numbers of artists.")
_BATCH_SIZE = flags.DEFINE_integer("batch_size", 64, "Works of a batch.", lower_bound=2)
_CODE_SIZE = flags.DEFINE_integer("code_size", 512, "Dimensions of the code.", lower_bound=1)
_REPEATS = flags.DEFINE_integer("repeats", 3, "Steps timed; the best counts.", lower_bound=1)
_EXACT_GIB = flags.DEFINE_float("exact_gib", 8, "Largest memory that the exact form may take.")
_COMPARED = flags.DEFINE_integer("compared", 1000, "Artists of agreement and sampling.")
_DRAWS = flags.DEFINE_integer("draws", 2000, "Draws of the sampled form.", lower_bound=2)
_ENCODER_ARTISTS = flags.DEFINE_integer("encoder_artists", 2500, "Artists of the share.")
_ENCODER_IMAGES = flags.DEFINE_integer("encoder_images", 4, "Images timed; 0 leaves it out.")

PRECISIONS = ("float32", "mixed_bfloat16")


def measured(task, **arguments):
    """Runs a task of `contenders/objective.py` in a fresh process; returns what it printed."""
    words = json.dumps({"task": task, **arguments})
    done = run([*contender("objective"), words], variables={"TF_CPP_MIN_LOG_LEVEL": "3"})
    result = json.loads(done.output.splitlines()[-1])
    logging.info("%s: %s", words, result)
    return result


def _steps(sizes):
    """Measures all forms; artists -> form -> result, None where the exact form does not fit."""
    steps = {}
    for artists in _ARTISTS.value:
        steps[artists] = {}
        for form in FORMS:
            fits = form != "exact" or exact_gib(artists, **sizes) <= _EXACT_GIB.value
            arguments = {"form": form, "artists": artists, "repeats": _REPEATS.value, **sizes}
            steps[artists][form] = measured("step", **arguments) if fits else None
    return steps


def _beside_the_encoder(sizes):
    """Measures both steps by turns; precision -> form -> shares, and the measurements."""
    images, shares, kept = _ENCODER_IMAGES.value, {}, {}
    common = {"artists": _ENCODER_ARTISTS.value, "repeats": _REPEATS.value, **sizes}
    for precision in PRECISIONS:
        arguments = {"precision": precision, "batch_size": images, "repeats": _REPEATS.value}
        encoder = kept[precision] = measured("encoder", **arguments)
        shares[precision] = {
            form: share(measured("step", form=form, **common), encoder, images, sizes["batch_size"])
            for form in ("chunked", "sampled")
        }
    return shares, kept


def main():
    """Measures everything, prints the tables and writes the file."""
    sizes = {"batch_size": _BATCH_SIZE.value, "code_size": _CODE_SIZE.value}
    content = {
        "machine": {"platform": platform.platform(), "cores": os.cpu_count()},
        **sizes, "exact_gib": _EXACT_GIB.value,
    }  # fmt: skip
    compared = {"artists": _COMPARED.value, **sizes}
    content["agreement"] = measured("agreement", **compared)
    content["sampling"] = measured("sampling", draws=_DRAWS.value, **compared)
    content["sampling"]["draws"] = _DRAWS.value
    if _ENCODER_IMAGES.value:
        content["shares"], content["encoder"] = _beside_the_encoder(sizes)
    content["steps"] = _steps(sizes)
    content["figures"] = {
        artists: {form: step and figures(step) for form, step in forms.items()}
        for artists, forms in content["steps"].items()
    }
    print("\n".join(table(content["figures"])))
    worst = max(content["agreement"].values())
    print(f"{_COMPARED.value:,} artists: exact and chunked differ by {worst:.1e} of the largest")
    off = max(content["sampling"]["standard_errors"].values(), key=abs)
    print(
        f"sampled: the mean of {_DRAWS.value:,} draws is off by {off:.1f} standard errors at most"
    )
    for precision, forms in content.get("shares", {}).items():
        for form, of in forms.items():
            print(f"{_ENCODER_ARTISTS.value:,} artists, {form}: {of['processor']:.1%} of the "
                  f"processor time of the paper's encoder in {precision}")  # fmt: skip
    write_json(_OUTPUT.value, content)


if __name__ == "__main__":
    run_tool(main)
