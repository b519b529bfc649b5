"""An artwork: one source file, or one recipe, of which the writer makes portraits."""

import abc
import dataclasses


class DamagedArtworkError(Exception):
    """This artwork cannot be used: it is rejected, and the message is the reason."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Artwork(abc.ABC):
    """One work by one artist, not yet read. Small and picklable.

    Args:
        artist: name of the artist.
        work_id: identity that decides between training and test, unique within the artist.
            Artists who drew the same subject on purpose share it, so that a subject is never
            on both sides of the split.
        reference: where it comes from (a path, a recipe), for a person to find it; unique
            within the source.
        split: `train` or `test` where the source fixes it, else None.
        rejection: why the source itself refuses the work, which is then never read; or None.
    """

    artist: str
    work_id: str
    reference: str
    split: str | None = None
    rejection: str | None = None

    @abc.abstractmethod
    def stamp(self):
        """Returns a short text that changes when the work does, without reading it.

        For a file its size and time of change; a work that is gone has the empty stamp.
        """

    @abc.abstractmethod
    def read(self):
        """Reads the work.

        Returns:
            `(data, factors)`: `bytes`, whose SHA-256 names the work in the ledger, and a dict
            of JSON values: what is known about the content.

        Raises:
            DamagedArtworkError: it cannot be read; the message is the reason.
        """

    @abc.abstractmethod
    def decode(self, data, *, image_size, max_pixels):
        """Decodes what `read` gave.

        Args:
            data: `bytes`.
            image_size: side in pixels to which all of it will be fitted, so that it may be
                decoded at a fraction of its size that is at least twice this; None decodes
                all of it.
            max_pixels: larger pictures are refused before they are decoded.

        Returns:
            `PIL.Image.Image` of mode RGBA, sRGB, alpha not premultiplied. Where it was decoded
            at a fraction of its size, `info["full_size"]` is the whole one.

        Raises:
            DamagedArtworkError: it cannot be decoded; the message is the reason.
        """
