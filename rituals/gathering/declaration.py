"""What a gathering is called, what kinds there are, and the few numbers that it lives by."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bot.ritual import Handle, Ritual

ritual = Ritual("gathering", "A call, a meetup, an action day: what people turn up to.")

TITLE_MOST = 80
WORDS_MOST = 1000
PLACE_MOST = 300
USUAL_MINUTES = 60
MOST_MINUTES = 24 * 60
MOST_PLACES = 9999
# What lies further ahead is a typing mistake more often than a plan.
FURTHEST = timedelta(days=400)
# Called off as early as this, nobody had set out yet.
IN_GOOD_TIME = timedelta(hours=1)

# What is kept: how people read it, how long one takes if nothing is said, and the words that give it away in a title.
KINDS = {
    "call": "call",
    "meetup": "meetup",
    "town hall": "town hall",
    "co-working": "co-working",
    "learning": "learning session",
    "reading": "reading group",
    "action day": "action day",
}
GIVEAWAYS = {
    "town hall": ("town hall", "townhall", "assembly", "plenary"),
    "co-working": ("co-working", "coworking", "work together", "working session"),
    "reading": ("reading", "book club", "book group"),
    "learning": ("learning", "workshop", "training", "course", "lesson", "teach-in", "webinar"),
    "action day": ("action", "clean-up", "cleanup", "canvass", "picket", "demo", "march", "rally", "day of"),
    "meetup": ("meetup", "meet-up", "meet up", "picnic", "dinner", "breakfast", "lunch", "pub", "drinks", "potluck"),
    "call": ("call", "meeting", "stand-up", "standup", "sync"),
}
USUAL_KIND = "call"
PURPOSES = {"organizing": "organizing: building the group", "mobilizing": "mobilizing: getting many to act"}


def guess_kind(title: str, *, place_kind: str = "") -> str:
    """Guess from its title and place what kind of gathering it is; who goes to an address meets up."""
    words = f" {title.casefold()} "
    usual = "meetup" if place_kind == "address" else USUAL_KIND
    return next((kind for kind, signs in GIVEAWAYS.items() if any(sign in words for sign in signs)), usual)


# What else may be typed behind /gather, such as 'list': the first word, and whose function it is.
TYPED: dict[str, Handle] = {}


def typed(word: str) -> Callable[[Handle], Handle]:
    """Hear ``/gather word``; what follows it stays in ``turn.words``."""

    def register(handle: Handle) -> Handle:
        TYPED[word] = handle
        return handle

    return register
