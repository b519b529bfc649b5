"""What can become of a source file: each ends in exactly one of `VERDICTS`."""

KEPT = "kept"
REJECTED = "rejected"
DUPLICATE = "duplicate"
UNREADABLE = "unreadable"
NO_FACE = "no face"
TOO_SMALL = "too small"
ARTIST_TOO_SMALL = "artist too small"

# Verdict -> what it says, for the tables that users read.
VERDICTS = {
    KEPT: "at least one portrait of it is in the records",
    REJECTED: "by the source's own rules, the opt-out list or the review; the reason says which",
    DUPLICATE: "all its portraits repeat portraits of another file, which is named",
    UNREADABLE: "missing, damaged, too large, or not a picture; the reason says what is wrong",
    NO_FACE: "the detector found none that is likely enough",
    TOO_SMALL: "a portrait would be enlarged more than `min_side` allows",
    ARTIST_TOO_SMALL: "the artist has fewer than `min_works` works that could be kept",
}
