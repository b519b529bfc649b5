"""What a discriminator sees of images, for both players to use."""

from typing import NamedTuple


class Sight(NamedTuple):
    """What a discriminator sees of images.

    Attributes:
        evidence: what its `verdict` takes, with an artist's name where it knows artists.
        maps: the frozen maps of a projected discriminator, by which images are compared; None of
            one that has none.
    """

    evidence: list
    maps: list | None
