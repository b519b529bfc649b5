"""What lies around exported models: checksums in a version, settings of servers beside them all."""

import hashlib
import pathlib
import shutil

from anime_style_tf.replacing import replacing

MANIFEST = "SHA256SUMS"
_OPERATING = pathlib.Path(__file__).parent / "operating"


def write_manifest(folder):
    """Writes the checksum of every file of a version, in the form of `sha256sum --check`.

    Args:
        folder: of the version, complete.
    """
    lines = [
        f"{_sha256(path)}  {path.relative_to(folder)}\n"
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    ]
    (folder / MANIFEST).write_text("".join(lines), encoding="utf-8")


def write_operating_files(directory, model="portraits"):
    """Writes settings for TensorFlow Serving, those that are there already excepted.

    Args:
        directory: where the models' folders are. They are mounted as `/models` in a container.
        model: name of the folder whose model is served.
    """
    for source in sorted(_OPERATING.iterdir()):
        if not (directory / source.name).exists():  # the operator may have changed it
            text = source.read_text(encoding="utf-8")
            if source.name == "models.config":
                text = text.replace("portraits", model)
            with replacing(directory / source.name) as unfinished:
                unfinished.write_text(text, encoding="utf-8")


def forget_old_versions(directory, names, keep):
    """Removes all but the newest versions of models.

    Args:
        directory: where the models' folders are.
        names: of the models.
        keep: how many versions stay of each.
    """
    for name in names:
        versions = [path for path in (directory / name).iterdir() if path.name.isdecimal()]
        for path in sorted(versions, key=lambda path: int(path.name))[:-keep]:
            shutil.rmtree(path)


def _sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
