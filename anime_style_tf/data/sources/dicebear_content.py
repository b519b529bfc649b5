"""Content that the dicebear styles can share: what to ask of each style for the same subject.

`STYLES` names the portrait styles; for each, which of its options express which factor. A style
shows a factor when it has an entry for it, so each image's factors list only what it shows.
"""

import hashlib

BACKGROUNDS = (
    "#b6e3f4", "#c0aede", "#d1d4f9", "#ffd5dc", "#ffdfbf", "#c7ecc9", "#f6f1d1", "#9fb8c8",
)  # fmt: skip
SKINS = ("#ffe0c7", "#f2c29b", "#d99a6c", "#a5673f", "#6f4329")
HAIRS = ("#241c1a", "#5a3825", "#a55728", "#dcb468", "#c93305", "#a9a9b0", "#4a6fa5", "#c968a0")
WORN = ("nothing", "nothing", "glasses", "facial hair")
MOODS = ("happy", "happy", "unhappy")
HAIR_LENGTHS = ("short", "long")

_CHOICES = {
    "background": BACKGROUNDS,
    "flip": ("none", "horizontal"),
    "skin": SKINS,
    "hair": HAIRS,
    "worn": WORN,
    "earrings": (False, False, True),
    "mood": MOODS,
    "hair_length": HAIR_LENGTHS,
}


def subject_factors(seed, subject):
    """Draws what every style shows of one subject.

    Args:
        seed: of the whole set.
        subject: number of the subject.

    Returns:
        Dict factor -> value; each factor is drawn on its own, uniformly from its tuple above.
    """
    return {
        factor: values[draw(f"{seed}/{subject}/{factor}") % len(values)]
        for factor, values in _CHOICES.items()
    }


def draw(key):
    """Returns 64 uniform random bits that depend on `key` alone."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big")


def style_options(style, factors):
    """Translates factors into a style's options.

    Args:
        style: a key of `STYLES`.
        factors: as `subject_factors` gives them.

    Returns:
        `(options, drawn)`: the style's options, and those of `factors` that it shows.
    """
    options = {"backgroundColor": factors["background"], "flip": factors["flip"]}
    drawn = {"background": factors["background"], "flip": factors["flip"]}
    for factor, ask in STYLES[style].items():
        options |= ask(factors[factor])
        drawn[factor] = factors[factor]
    return options, drawn


def _color(*names):
    return lambda value: {f"{name}Color": value for name in names}


def _present(*names):
    return lambda value: {f"{name}Probability": 100 if value else 0 for name in names}


def _worn(glasses=(), facial_hair=()):
    return lambda value: (
        _present(*glasses)(value == "glasses") | _present(*facial_hair)(value == "facial hair")
    )


def _variant(component, **variants):
    """Variants of one component for each value (a space in a value is written `_`)."""
    names = {value.replace("_", " "): _words(words) for value, words in variants.items()}
    return lambda value: {f"{component}Variant": names[value]}


def _words(text):
    return text.split()


def _both(first, second):
    return lambda value: first(value) | second(value)


def _numbered(prefix, count):
    return " ".join(f"{prefix}{number:02d}" for number in range(1, count + 1))


def _numbered_except(prefix, count, *left_out):
    return " ".join(
        f"{prefix}{number:02d}" for number in range(1, count + 1) if number not in left_out
    )


STYLES = {
    "adventurer": {
        "skin": _color("skin"),
        "hair": _color("hair"),
        "worn": _both(
            _worn(glasses=["glasses"]),
            lambda value: {
                "detailsVariant": "mustache" if value == "facial hair" else "freckles",
                "detailsProbability": 100 if value == "facial hair" else 10,
            },
        ),
        "earrings": _present("earrings"),
        "hair_length": _variant("hair", long=_numbered("long", 26), short=_numbered("short", 19)),
    },
    "lorelei": {
        "skin": _color("skin"),
        "hair": _color("hair"),
        "worn": _worn(glasses=["glasses"], facial_hair=["beard"]),
        "earrings": _present("earrings"),
        "mood": _variant("mouth", happy=_numbered("happy", 18), unhappy=_numbered("sad", 9)),
    },
    "avataaars": {
        "skin": _color("skin"),
        "hair": _color("hair", "facialHair"),
        "worn": _both(
            _worn(glasses=["accessories"], facial_hair=["facialHair"]),
            lambda value: {
                "accessoriesVariant": _words(
                    "kurt prescription01 prescription02 round sunglasses wayfarers"
                )
            },
        ),
        "mood": _variant(
            "mouth",
            happy="default smile tongue twinkle",
            unhappy="concerned disbelief grimace sad screamOpen serious",
        ),
        "hair_length": _variant(
            "top",
            long="bigHair bob bun curly curvy dreads frida longButNotTooLong miaWallace "
            "straight01 straight02 straightAndStrand",
            short="dreads01 dreads02 frizzle shaggy shaggyMullet shortCurly shortFlat "
            "shortRound shortWaved sides theCaesar theCaesarAndSidePart",
        ),
    },
    "open-peeps": {
        "skin": _color("skin"),
        "worn": _both(
            _worn(glasses=["accessories"], facial_hair=["facialHair"]),
            lambda value: {
                "accessoriesVariant": _words(
                    "glasses glasses2 glasses3 glasses4 glasses5 sunglasses sunglasses2"
                ),
                "maskProbability": 0,
                "headContrastColor": "#2c1b18",  # beards and hats; its hair is always ink
            },
        ),
        "mood": _variant(
            "expression",
            happy="calm cheeky cute driven eatingHappy explaining lovingGrin1 lovingGrin2 "
            "smile smileBig smileLOL smileTeethGap",
            unhappy="angryWithFang concerned concernedFear contempt fear hectic rage serious "
            "solemn suspicious tired veryAngry",
        ),
        "hair_length": _variant(
            "head",
            long="bun bun2 buns long longAfro longBangs longCurly medium1 medium2 medium3 "
            "mediumBangs mediumBangs2 mediumBangs3 mediumStraight",
            short="afro bangs bangs2 flatTop flatTopLong mohawk mohawk2 pomp shaved1 shaved2 "
            "shaved3 short1 short2 short3 short4 short5 twists twists2",
        ),
    },
    "big-ears": {
        "skin": _color("skin"),
        "hair": _color("hair"),
        "hair_length": _variant("hair", long=_numbered("long", 20), short=_numbered("short", 20)),
    },
    "big-smile": {
        "skin": _color("skin"),
        "hair": _color("hair"),
        "worn": _both(
            lambda value: {"accessoriesProbability": 0 if value == "nothing" else 100},
            _variant(
                "accessories",
                nothing="glasses",
                glasses="glasses sunglasses",
                facial_hair="mustache",
            ),
        ),
        "mood": _variant(
            "mouth",
            happy="awkwardSmile braces gapSmile kawaii openedSmile teethSmile",
            unhappy="openSad unimpressed",
        ),
        "hair_length": _variant(
            "hair",
            long="bangs braids curlyBob straightHair wavyBob",
            short="bowlCutHair bunHair curlyShortHair froBun halfShavedHead mohawk shavedHead "
            "shortHair",
        ),
    },
    "croodles": {
        "skin": _color("base"),
        "hair": _color("top", "facialHair"),
        "worn": _both(
            _worn(facial_hair=["beard", "mustache"]),
            _variant(
                "eyes",
                nothing=_numbered_except("variant", 16, 9, 10, 13, 14, 15),
                glasses="variant09 variant13 variant14 variant15",
                facial_hair=_numbered_except("variant", 16, 9, 10, 13, 14, 15),
            ),
        ),
    },
    "dylan": {
        "skin": _color("skin"),
        "hair": _color("hair"),
        "mood": _variant(
            "mood", happy="happy hopeful superHappy", unhappy="angry confused neutral sad"
        ),
        "hair_length": _variant(
            "hair",
            long="bangs buns longCurls parting roundBob wavy",
            short="flatTop fluffy plain shaggy shortCurls spiky",
        ),
    },
    "micah": {
        "skin": _color("base"),
        "hair": _color("hair", "facialHair"),
        "worn": _worn(glasses=["glasses"], facial_hair=["facialHair"]),
        "earrings": _present("earrings"),
        "mood": _variant(
            "mouth", happy="laughing smile smirk", unhappy="frown nervous pucker sad surprised"
        ),
    },
    "miniavs": {
        "skin": _color("skin"),
        "hair": _color("hair"),
        "worn": _worn(glasses=["glasses"], facial_hair=["mustache"]),
        "hair_length": _variant(
            "hair",
            long="long ponyTail",
            short="balndess classic01 classic02 curly elvis slaughter stylish",
        ),
    },
    "notionists": {
        "worn": _worn(glasses=["glasses"], facial_hair=["beard"]),
    },
    "personas": {
        "skin": _color("skin"),
        "hair": _color("hair", "facialHair"),
        "worn": _both(
            _worn(facial_hair=["facialHair"]),
            _variant(
                "eyes",
                nothing="happy open sleep wink",
                glasses="glasses sunglasses",
                facial_hair="happy open sleep wink",
            ),
        ),
        "mood": _variant("mouth", happy="bigSmile smile smirk", unhappy="frown surprise"),
        "hair_length": _variant(
            "hair",
            long="bobBangs bobCut extraLong long pigtails straightBun",
            short="balding bunUndercut buzzcut curly curlyBun curlyHighTop fade mohawk "
            "shortCombover shortComboverChops sideShave",
        ),
    },
    "pixel-art": {
        "skin": _color("skin"),
        "hair": _color("hair"),
        "worn": _worn(glasses=["glasses"], facial_hair=["beard"]),
        "earrings": _present("accessories"),
        "mood": _variant("mouth", happy=_numbered("happy", 13), unhappy=_numbered("sad", 10)),
        "hair_length": _variant("hair", long=_numbered("long", 21), short=_numbered("short", 24)),
    },
    "toon-head": {
        "skin": _color("skin"),
        "hair": _color("hair"),
        "worn": _worn(facial_hair=["beard"]),
        "mood": _variant("mouth", happy="agape laugh smile", unhappy="angry sad"),
        "hair_length": _both(
            lambda value: {"rearHairProbability": 100 if value == "long" else 0},
            lambda value: {"rearHairVariant": ["longStraight", "longWavy", "shoulderHigh"]},
        ),
    },
}
