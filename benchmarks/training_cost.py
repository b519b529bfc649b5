"""What a training step costs: images a second, and the share of what the machine can multiply.

The style encoder, the VAE and the GAN in the paper's form, beside a plain Keras residual network
and a conditional GAN as keras.io's example has it, both made as wide as it takes for as many
multiply-adds as ours. Each in a fresh process; the machine's best is a product of two matrices of
1024 x 1024 in the same process. Runs on an idle machine count only.

    python -m benchmarks.training_cost --output=training_cost.json
"""

import json

from absl import flags, logging

from anime_style_tf.terminal.tool import run_tool
from benchmarks.command import define_output, write_json
from benchmarks.processes import contender, run
from benchmarks.step_costs import row, table

STEPS = ("style", "resnet", "vae", "gan", "plain_gan")
_OUTPUT = define_output("training_cost.json")
_PRECISIONS = flags.DEFINE_list(
    "precisions", ["float32", "mixed_bfloat16"], "Keras dtype policies."
)
_BATCH = flags.DEFINE_integer("batch", 16, "Images of a step.", lower_bound=2)
_SIZE = flags.DEFINE_integer("size", 64, "Side of an image, pixels.", lower_bound=16)
_REPEATS = flags.DEFINE_integer("repeats", 10, "Steps timed; their median counts.", lower_bound=1)


def main():
    """Measures every step, writes the results and prints the table."""
    sizes = {"batch": _BATCH.value, "size": _SIZE.value, "repeats": _REPEATS.value}
    results = {}
    for precision in _PRECISIONS.value:
        for step in STEPS:
            words = json.dumps({"step": step, "precision": precision, **sizes})
            done = run(
                [*contender("training_steps"), words], variables={"TF_CPP_MIN_LOG_LEVEL": "3"}
            )
            found = row(json.loads(done.output.splitlines()[-1]), images=_BATCH.value)
            results.setdefault(precision, {})[step] = found
            logging.info("%s, %s: %s", step, precision, found)
    write_json(_OUTPUT.value, {"sizes": sizes, "steps": results})
    print(table(results))


if __name__ == "__main__":
    run_tool(main)
