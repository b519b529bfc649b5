"""What other programs leave among pictures (previews, trash, notes): no part of an input."""

_KNOWN = {
    name.lower(): name
    for name in (
        # Network storage: previews and trash of Synology and QNAP.
        "@eaDir", "@SynoEAStream", "@SynoResource", "#recycle", "#snapshot", "@Recycle",
        "@Recently-Snapshot", ".@__thumb",
        # macOS
        "__MACOSX", ".DS_Store", ".AppleDouble", "Icon\r", "Network Trash Folder",
        "Temporary Items", "TheVolumeSettingsFolder",
        # Windows
        "Thumbs.db", "Thumbs.db:encryptable", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini",
        "$RECYCLE.BIN", "RECYCLER", "System Volume Information",
        # Linux
        "lost+found", ".thumbnails", ".directory",
        # Programs that show, edit or keep pictures
        "_thumbs", "_vti_cnf", "_vti_pvt", "ZbThumbnail.info", "Picasa.ini", ".picasa.ini",
        ".picasaoriginals", ".xvpics", ".comments", ".git", ".ipynb_checkpoints", "__pycache__",
    )
}  # fmt: skip
_BEGINNINGS = ("._", ".Trash")  # resource forks of macOS; trash, a number behind it
HIDDEN = "hidden"


def kind_of_litter(name):
    """Returns what a file or folder of this name is, as a name or pattern; None if no litter.

    Args:
        name: without the folders it is in.

    Returns:
        A well-known name such as `@eaDir`, a pattern such as `._*`, `HIDDEN` for another name
        that begins with a dot, or None.
    """
    folded = name.lower()
    if folded in _KNOWN:
        return _KNOWN[folded]
    for beginning in _BEGINNINGS:
        if name.startswith(beginning):
            return f"{beginning}*"
    return HIDDEN if name.startswith(".") and name not in (".", "..") else None


def find_litter(path):
    """Returns `(path, kind)` of the outermost litter on a path with `/`, or None."""
    parts = path.split("/")
    for number, part in enumerate(parts, 1):
        if kind := kind_of_litter(part):
            return "/".join(parts[:number]), kind
    return None


def describe_litter(counts):
    """Returns counts of `kind_of_litter` as text, the most frequent first.

    Args:
        counts: a `collections.Counter`.
    """
    return ", ".join(f"{count} {kind.strip()}" for kind, count in counts.most_common())
