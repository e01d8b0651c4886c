"""How a check opens in the channel: rated in private, or among few people signed or as a conversation."""

from __future__ import annotations

from datetime import timedelta

from bot.marks import open_marks
from bot.tables import Occurrence
from bot.turn import Turn
from rituals.alignment.checks import activities_of, find_check, pages, scope_of, show_board
from rituals.alignment.declaration import LAST_DAY, OPEN_DAYS, ritual
from rituals.alignment.ending import begin_choosing
from rituals.alignment.tables import Check


def open_check(turn: Turn, occurrence: Occurrence, check: Check, *, way: str) -> None:
    """Show the check in the channel, and set when rating closes."""
    check.way = way
    occurrence.opened_at = turn.now
    check.turns_at = None
    if way == "talk":
        check.phase = "choose"
        turn.db.flush()
        show_board(turn, occurrence, check)
        begin_choosing(turn, occurrence, check)
        return
    check.phase = "rate"
    occurrence.closes_at = turn.now + timedelta(days=OPEN_DAYS)
    if way == "anonymous":
        for page, _ in enumerate(pages(activities_of(turn, occurrence)), 1):
            open_marks(turn, scope_of(occurrence, page))
    turn.later(occurrence.closes_at, "close", occurrence.id)
    turn.later(occurrence.closes_at - LAST_DAY, "last-day", occurrence.id)
    turn.db.flush()
    show_board(turn, occurrence, check)


@ritual.timer("last-day")
def say_last_day(turn: Turn) -> None:
    """Say on the board that it is the last day. Who owes a rating is unknown, so nobody is reminded."""
    found = find_check(turn, turn.about)
    if found is not None and found[1].phase == "rate":
        show_board(turn, *found)
