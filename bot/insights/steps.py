"""The next small step for one person: what fits their last yes, one step up, and the hours that they have."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.insights.ladder import class_of

# What an offer asks: a sign in the chat, a deed, or to carry something for others.
Kind = Literal["check-in", "promise", "rally", "gathering", "listening", "host"]

NOTHING, ONLINE, DEED, LEAD = range(4)
RUNGS: dict[Kind, int] = {
    "check-in": ONLINE,
    "promise": ONLINE,
    "rally": DEED,
    "gathering": DEED,
    "listening": DEED,
    "host": LEAD,
}
# The first thing that anybody is asked takes no longer.
FIRST_MINUTES = 5
# Most useful first, among what is alike otherwise.
_ORDER: tuple[Kind, ...] = ("rally", "gathering", "host", "check-in", "listening", "promise")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Something that somebody could do now, in a sentence, with its minutes; ``verb`` and ``about`` name its button.

    ``like`` names what it is one of, such as the town halls. ``at``: when it takes place or has to be done by.
    """

    kind: Kind
    words: str
    minutes: int
    verb: str
    about: str = ""
    label: str = "I'm in"
    like: str = ""
    at: datetime | None = None

    @property
    def rung(self) -> int:
        """Tell how much it asks. What takes under five minutes and leads nobody is a first step, whatever it is."""
        rung = RUNGS[self.kind]
        return ONLINE if rung < LEAD and self.minutes <= FIRST_MINUTES else rung


@dataclass(frozen=True, slots=True)
class LastYes:
    """What somebody last did: how much that asked of them, and what it was one of."""

    rung: int = NOTHING
    like: str = ""


# To write or to react is no yes.
_NO_YES = ("message", "reaction")


def last_yes(acts: Iterable[tuple[datetime, str, str]]) -> LastYes:
    """Find what somebody last said yes to, from (when, kind of act, what it was one of); of one moment the most."""
    said = [(at, class_of(kind), like) for at, kind, like in acts if class_of(kind) and kind not in _NO_YES]
    if not said:
        return LastYes()
    _, rung, like = max(said)
    return LastYes(rung, like)


def next_step(
    offers: Collection[Offer],
    last: LastYes,
    *,
    asks: bool = True,
    hours: float | None = None,
    taken: Iterable[int] = (),
) -> Offer | None:
    """Choose one step: at most one up from the last yes, the like of it first, then the shortest; none if none fits.

    ``hours`` is what somebody has for this in a week, ``taken`` are the minutes that they gave away of it already.
    Whoever does not want to be asked is offered nothing.
    """
    if not asks:
        return None
    room = None if hours is None else 60 * hours - sum(taken)
    highest = min(last.rung + 1, LEAD)
    fitting = [
        offer
        for offer in offers
        if offer.rung <= highest
        and (room is None or offer.minutes <= room)
        and (last.rung > NOTHING or offer.minutes <= FIRST_MINUTES)
    ]
    return min(fitting, key=lambda offer: _rank(offer, last), default=None)


def _rank(offer: Offer, last: LastYes) -> tuple[object, ...]:
    unlike = not (last.like and offer.like == last.like)
    soon = (offer.at is None, offer.at.timestamp() if offer.at is not None else 0.0)
    return (-offer.rung, unlike, offer.minutes, soon, _ORDER.index(offer.kind), offer.about)
