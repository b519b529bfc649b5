"""Which works are for testing: a hash of the identity against a threshold for each artist."""

import hashlib
import math

from anime_style_tf.errors import InputError

HASH_BITS = 53  # exact in JSON numbers of every reader


def identity_hash(identity):
    """Places an identity on the split's scale.

    Args:
        identity: any string.

    Returns:
        Integer in `[0, 2**53)`, uniform, the same everywhere and always.
    """
    digest = hashlib.blake2b(identity.encode("utf-8", "surrogateescape"), digest_size=8)
    return int.from_bytes(digest.digest(), "big") >> (64 - HASH_BITS)


def choose_threshold(hashes, *, fraction, minimum, fixed=0):
    """Chooses an artist's threshold: works whose hash is below it are for testing.

    Args:
        hashes: `identity_hash` of each of the artist's identities, ascending, none twice.
        fraction: part of the works to test on, in `[0, 1)`.
        minimum: at least this many test works; raising it takes works from training.
        fixed: test works among others of the artist that the source itself placed.

    Returns:
        Integer in `[0, 2**53]`. Kept for ever, it moves no work when others are added.

    Raises:
        InputError: fewer works than the test split needs.

    Source: `docs/method.md` section 1: per artist (the paper); the numbers and the hash are ours.
    """
    count = max(math.ceil(fraction * len(hashes)), minimum - fixed)
    if count <= 0 or not hashes:
        return 0
    if count >= len(hashes):
        raise InputError(
            f"the test split needs {count} works of an artist and leaves none for training: "
            f"expected more than {count} works, received {len(hashes)}; raise min_works or "
            "lower test_minimum or test_fraction"
        )
    return hashes[count - 1] + 1
