"""This package: `write_records` of a folder of artists, all steps, no face detector.

python -m benchmarks.contenders.ours PICTURES SIZE OUTPUT
"""

import json
import sys

from anime_style_tf.data.conversion.plan import Plan
from anime_style_tf.data.conversion.rendering import Settings
from anime_style_tf.data.conversion.selection import Rules
from anime_style_tf.data.conversion.writer import write_records
from anime_style_tf.data.sources import SOURCES


def main(pictures, size, output):
    """Writes the records and prints how many files ended in which verdict."""
    info = write_records(
        Plan(
            source=SOURCES["folder"](path=pictures),
            output=output,
            rendering=Settings(image_size=int(size), detector="none"),
            rules=Rules(min_works=2, test_minimum=1),
            progress=False,
        )
    )
    verdicts = {name: count for name, count in info["verdicts"].items() if count}
    print(json.dumps({"pictures": sum(verdicts.values()), "verdicts": verdicts}))


if __name__ == "__main__":
    main(*sys.argv[1:])
