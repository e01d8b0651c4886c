"""How rating closes: everything at once or nothing, and what could lead to somebody is destroyed in the same turn."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select

from bot.chat import Answer, Whisper
from bot.insights.alignment import LEAST_RATINGS
from bot.marks import destroy_marks
from bot.tables import Occurrence
from bot.turn import Turn
from rituals.alignment import messages
from rituals.alignment.activities import count_acts
from rituals.alignment.checks import (
    activities_of,
    board_key,
    count_raters,
    find_check,
    find_running,
    pages,
    scope_of,
    show_board,
)
from rituals.alignment.declaration import KEEP_CLOSED, QUORUM, ritual
from rituals.alignment.ending import begin_choosing
from rituals.alignment.outcome import tell_results
from rituals.alignment.tables import Activity, Check, Rating


@ritual.timer("close")
def close(turn: Turn) -> None:
    """Close rating at its time."""
    found = find_check(turn, turn.about)
    if found is not None and found[1].phase == "rate":
        close_rating(turn, *found)


@ritual.press("close-now", only="organizer")
def close_now(turn: Turn) -> Answer:
    """Close rating before its time."""
    found = find_check(turn, turn.about) if turn.about else find_running(turn, "rate")
    if found is None or found[1].phase != "rate":
        return Whisper("No alignment check takes ratings right now, so there is nothing to close.")
    close_rating(turn, *found)
    return Whisper("Closed. The results are in the thread.")


def close_rating(turn: Turn, occurrence: Occurrence, check: Check) -> None:
    """Close, show what came out, and begin to choose."""
    activities = activities_of(turn, occurrence)
    for one in activities:
        one.acts = count_acts(turn, one.source, until=turn.now)
    check.raters = count_raters(turn, occurrence, check)
    check.phase = "choose" if check.raters else "closed"
    occurrence.closed_at = turn.now
    occurrence.state = "held" if check.raters >= QUORUM else "missed"
    for verb in ("close", "last-day"):
        turn.cancel(verb, occurrence.id)
    if check.way == "anonymous":
        _settle(turn, activities)
        for page, _ in enumerate(pages(activities), 1):
            destroy_marks(turn, scope_of(occurrence, page))
    turn.later(KEEP_CLOSED, "forget", occurrence.id)
    turn.db.flush()
    turn.show(
        f"results:{occurrence.id}",
        messages.results(tell_results(turn, occurrence, check), occurrence.id, turn.action),
        under=board_key(occurrence),
        about=str(occurrence.id),
    )
    turn.db.execute(delete(Rating).where(Rating.activity_id.in_([one.id for one in activities])))
    show_board(turn, occurrence, check)
    if check.raters:
        begin_choosing(turn, occurrence, check)


def _settle(turn: Turn, activities: Sequence[Activity]) -> None:
    """Write down what was rated, each activity apart from the others, and sorted."""
    rows = turn.db.execute(
        select(Rating.activity_id, Rating.figure, Rating.reason).where(
            Rating.activity_id.in_([one.id for one in activities])
        )
    ).all()
    for one in activities:
        mine = [row for row in rows if row.activity_id == one.id]
        one.figures = sorted(row.figure for row in mine if row.figure)
        one.unsure = sum(not row.figure for row in mine)
        one.reasons = sorted(row.reason for row in mine if row.reason)


@ritual.timer("forget")
def forget(turn: Turn) -> None:
    """Delete what was too few to be shown, and all reasons."""
    found = find_check(turn, turn.about)
    for one in activities_of(turn, found[0]) if found is not None else ():
        one.reasons = []
        if len(one.figures) < LEAST_RATINGS:
            one.figures, one.unsure = [], 0
