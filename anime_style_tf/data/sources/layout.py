"""Where the artists' folders are in a tree: at its top, in a folder around them, or split."""

import collections
import dataclasses

TRAIN, TEST = "train", "test"
# Everything that is not to be trained on is for testing.
_SPLITS = {
    "train": TRAIN, "training": TRAIN, "test": TEST, "testing": TEST, "val": TEST, "valid": TEST,
    "validation": TEST, "dev": TEST, "eval": TEST, "evaluation": TEST,
}  # fmt: skip
_TABLES = ("metadata.csv", "metadata.jsonl", "metadata.parquet")


@dataclasses.dataclass(frozen=True)
class Place:
    """What the path of a file says.

    Args:
        artist: the folder below `roots` that it is in; empty if it is in none.
        work_id: its path below the folders around everything.
        split: `train`, `test` or None.
    """

    artist: str
    work_id: str
    split: str | None


@dataclasses.dataclass(frozen=True)
class Layout:
    """Where the artists' folders are.

    Args:
        around: the folder around everything, with a `/`; empty if there is none.
        roots: dict from each folder that holds artists' folders, with a `/`, to the side that it
            stands for, `train`, `test` or None.
        artists: names of the folders in them, sorted.
        splits: names of the folders that were taken for splits.
        fixed: their sides are kept; else the split is drawn anew, because they have not the same
            artists.
        doubt: why the folders cannot be told to be artists or splits, or None.
        tables: paths of tables as the `imagefolder` layout has them.
    """

    around: str
    roots: dict
    artists: tuple
    splits: tuple = ()
    fixed: bool = False
    doubt: str | None = None
    tables: tuple = ()

    def place(self, name):
        """Returns the `Place` of a file by its path in the tree."""
        root = next((folder for folder in self.roots if name.startswith(folder)), None)
        work_id = name.removeprefix(self.around)
        if root is None:
            return Place("", work_id, None)
        artist, within, _ = name.removeprefix(root).partition("/")
        if not within or artist in ("", ".."):  # beside the folders; a path out of an archive
            return Place("", work_id, None)
        return Place(artist, work_id, self.roots[root] if self.fixed else None)

    def notes(self):
        """Returns what is not as plain as one folder for each artist, as one line; or nothing."""
        said = []
        if self.around:
            said.append(f"the artists' folders are looked for in {self.around}")
        if self.splits:
            said.append(f"{', '.join(self.splits)} are splits with the artists' folders in them")
            said.append(
                "works stay on their side, all but training ones are for testing"
                if self.fixed
                else "their artists differ, so the split is drawn anew"
            )
        if len(self.artists) == 1:
            said.append(
                f"all is by one artist, {self.artists[0]}: expected one folder for each of several"
            )
        if self.tables:
            said.append(f"{', '.join(self.tables)}: not read, --source=manifest reads tables")
        return "; ".join(said)


def find_layout(names):
    """Finds the artists' folders.

    A folder that is alone and has more files in folders than of its own is taken for one around
    the others; folders named `train`, `test` and the like, and nothing beside them, for splits.

    Args:
        names: iterable of the paths of files, with `/`.

    Returns:
        A `Layout`; without `artists` if there are no folders.
    """
    files = _Folders(names)
    around = files.descend("")
    folders = files.inside[around]
    splits = tuple(sorted(name for name in folders if name.lower() in _SPLITS))
    below = {name: files.inside[f"{around}{name}/"] for name in splits}
    tables = tuple(sorted(files.tables))
    if len(splits) < 2:
        return Layout(around, {around: None}, tuple(sorted(folders)), tables=tables)
    listed = ", ".join(splits)
    if len(splits) < len(folders):
        doubt = None
        if len(set().union(*below.values())) < sum(map(len, below.values())):
            other = min(folders - set(splits))
            doubt = f"{listed} hold folders of the same names, but {other} is beside them"
        return Layout(around, {around: None}, tuple(sorted(folders)), doubt=doubt, tables=tables)
    roots = {
        files.descend(f"{around}{name}/"): _SPLITS[name.lower()] for name in splits if below[name]
    }
    if not roots:
        doubt = f"{listed} look like splits, without artists' folders in them"
        return Layout(around, {around: None}, splits, doubt=doubt, tables=tables)
    artists = {
        side: set().union(
            *(files.inside[root] for root, of_root in roots.items() if of_root == side)
        )
        for side in (TRAIN, TEST)
    }
    return Layout(
        around,
        roots,
        tuple(sorted(artists[TRAIN] | artists[TEST])),
        splits,
        fixed=bool(artists[TEST]) and artists[TEST] <= artists[TRAIN],
        tables=tables,
    )


class _Folders:
    """The folders that files are in; all folders end in `/`, the top is empty.

    Attributes:
        inside: dict folder -> set of the names of the folders in it.
        own: dict folder -> number of files in it.
        within: dict folder -> number of files in it and below.
        tables: see `Layout`.
    """

    def __init__(self, names):
        self.inside = collections.defaultdict(set)
        self.own = collections.Counter()
        self.tables = []
        for name in names:
            folder, _, file = name.rpartition("/")
            self.own[f"{folder}/" if folder else ""] += 1
            if file.lower() in _TABLES:
                self.tables.append(name)
        self.within = collections.Counter()
        for folder, count in self.own.items():
            self.within[""] += count
            path = ""
            for part in folder.split("/")[:-1]:
                self.inside[path].add(part)
                path += f"{part}/"
                self.within[path] += count

    def descend(self, folder):
        """Returns the folder that holds several, below those that hold nothing else."""
        while len(self.inside[folder]) == 1:
            (name,) = self.inside[folder]
            inner = f"{folder}{name}/"
            if not self.inside[inner] or 2 * self.own[inner] >= self.within[inner]:
                break
            folder = inner
        return folder
