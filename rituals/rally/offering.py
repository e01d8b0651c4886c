"""What the rallies have that somebody could do next: an ask that is open, with its minutes."""

from __future__ import annotations

from collections.abc import Iterable

from bot.chat import Answer, shorten
from bot.insights.steps import Offer
from bot.turn import Turn
from rituals.rally import messages
from rituals.rally.declaration import ritual
from rituals.rally.ending import OVER
from rituals.rally.rallies import ask_of, find_done, find_open, occurrence_of, open_rallies

WORDS_ROOM = 300


@ritual.steps
def steps(turn: Turn) -> Iterable[Offer]:
    """Offer the rallies that somebody has not ticked yet; what the ask needs, such as its link, is a tap away."""
    if turn.who.opted_out:
        return
    for rally in open_rallies(turn):
        occurrence = occurrence_of(turn, rally)
        if occurrence is None or find_done(turn, rally, turn.who) is not None:
            continue
        yield Offer(
            kind="rally",
            words=f"A rally until {turn.spoken(rally.deadline)}: "
            f"“{shorten(' '.join(rally.what.split()), limit=WORDS_ROOM)}”",
            minutes=rally.minutes,
            verb="show",
            about=str(rally.id),
            label="Show me",
            like=f"{ritual.name}:{occurrence.practice_id}",
            at=rally.deadline,
        )


@ritual.press("show")
def show(turn: Turn) -> Answer:
    """Show one ask to somebody alone, with what they can do about it."""
    rally = find_open(turn)
    return messages.one(ask_of(turn, rally), turn.action) if rally is not None else OVER
