"""Who painted which portraits of Battle for Wesnoth 1.16, as the game's file ARTISTS says.

The three painters with 15 portraits or more, without what two of them painted together.
"""

import re

PORTRAITS = "usr/share/games/wesnoth/1.16/data/core/images/portraits"
# As ARTISTS names them, in the files' own words; `*` takes the alternates too.
PAINTED = {
    "Kathrin Polikeit": """
        elves/* humans/mage* humans/dark-adept* humans/necromancer* humans/thief* humans/assassin*
        humans/trapper humans/ranger humans/huntsman humans/footpad* humans/outlaw* humans/ruffian
        humans/thug humans/bandit goblins/wolf-rider goblins/direwolver goblins/pillager merfolk/*
        undead/ghost undead/spectre undead/shadow undead/nightgaunt trolls/whelp trolls/troll
        monsters/gryphon monsters/giant-mudcrawler nagas/fighter nagas/myrmidon""",
    "Emilien Rotival": """
        humans/peasant humans/spearman* humans/swordsman humans/swordsman-3 humans/royal*
        humans/pikeman humans/halberdier humans/javelineer humans/sergeant humans/lieutenant
        humans/general humans/marshal* humans/woodsman humans/bowman humans/longbowman
        humans/master-bowman humans/horseman humans/knight humans/paladin humans/cavalryman
        humans/cavalier humans/fencer humans/duelist humans/master-at-arms humans/grand-knight*
        humans/lancer orcs/*""",
    "Philip Barber": """
        drakes/burner drakes/inferno drakes/flameheart drakes/hurricane drakes/enforcer
        drakes/warden drakes/fighter saurians/* dwarves/* woses/ancient-wose""",
}
# Painted by others, by two together, or by somebody whom the file does not name.
EXCEPT = {
    "elves/scout", "merfolk/initiate", "merfolk/initiate-2", "orcs/grunt-2", "dwarves/fighter-2",
    "dwarves/gryphon-rider",
}  # fmt: skip


def family(name):
    """What two portraits of one figure share: `humans/mage-red+female` gives `humans-mage`."""
    folder, _, figure = name.partition("/")
    return f"{folder}-{re.split(r'[-+]', figure)[0]}"
