"""Holds rendered works on disk until it is known which artists stay and where works go."""

import dataclasses
import hashlib
import pickle


@dataclasses.dataclass(frozen=True)
class SpooledWork:
    """What stays in memory of a work: whose it is, and where its bytes lie in the spool."""

    artist: str
    work_id: str
    offset: int
    length: int


class Spool:
    """A temporary file of rendered works; memory holds a few hundred bytes of each.

    Args:
        path: file to make.
    """

    def __init__(self, path):
        self._file = open(path, "w+b")  # noqa: SIM115 - closed by __exit__
        self._twins = {}
        self._identities = {}
        self.works = []
        self.set_aside = []

    def __enter__(self):
        """Returns the spool."""
        return self

    def __exit__(self, *exception):
        """Closes the file."""
        self._file.close()

    def add(self, rendered):
        """Takes a sound work, or notes why it is set aside.

        Args:
            rendered: a `rendering.Rendered`. A work with the same identity or the same pixels
                as an earlier one of its artist is set aside: it would be on both sides of the
                split, or be its own positive pair.
        """
        work = rendered.artwork
        reason = rendered.reason or self._repeats(rendered)
        if reason is not None:
            self.set_aside.append(
                {"artist": work.artist, "source": work.reference, "reason": reason}
            )
            return
        offset = self._file.tell()
        values = {
            "image_png": rendered.image_png,
            "coverage_png": rendered.coverage_png,
            "artist_name": work.artist,
            "work_id": work.work_id,
            "factors": rendered.factors,
            "source": work.reference,
        }
        self._file.write(pickle.dumps(values))
        self.works.append(
            SpooledWork(work.artist, work.work_id, offset, self._file.tell() - offset)
        )

    def read(self, work):
        """Returns a work's record values, all but its label."""
        self._file.seek(work.offset)
        return pickle.loads(self._file.read(work.length))

    def _repeats(self, rendered):
        work = rendered.artwork
        pixels = hashlib.blake2b(rendered.image_png, digest_size=16)
        pixels.update(rendered.coverage_png)
        twin = self._twins.setdefault((work.artist, pixels.digest()), work.reference)
        namesake = self._identities.setdefault((work.artist, work.work_id), work.reference)
        if namesake is not work.reference:
            return f"the same identity as {namesake}"
        if twin is not work.reference:
            return f"the same pixels as {twin}"
        return None
