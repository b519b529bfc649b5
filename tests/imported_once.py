"""What the process that commands are forked from imports, and does not use; see `tests.calls`."""

import contextlib
import importlib

from tests.conventions.sources import ROOT, package_files

FROM_OTHERS = ("keras", "matplotlib.pyplot", "pyarrow.parquet", "sklearn.neighbors", "tensorflow")
OURS = [
    ".".join(path.with_suffix("").parts).removesuffix(".__init__")
    for path in package_files()
    # A command defines its flags itself.
    if "flags.DEFINE" not in (ROOT / path).read_text("utf-8") and path.name != "__main__.py"
]
for name in (*FROM_OTHERS, *OURS):
    with contextlib.suppress(ModuleNotFoundError):  # of an extra that is not installed
        importlib.import_module(name)
