"""The digest: the wins since the last one, in one message, and silence in a week without any."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot.chat import Answer, Whisper
from bot.practices import open_slot
from bot.tables import Occurrence
from bot.turn import Turn
from rituals.win.declaration import DIGEST_REACHES, ritual
from rituals.win.effort import offer_effort
from rituals.win.hinting import hint
from rituals.win.tables import Win, WinDigest
from rituals.win.wins import round_up, show_digest


@ritual.opens
def open_planned(turn: Turn) -> None:
    """Sum up at the planned time; then, once a week, the records are looked into, in a turn of its own."""
    _sum_up(turn, turn.occurrence)
    turn.later(turn.now, "look")


@ritual.timer("look")
def look_into_records(turn: Turn) -> None:
    """Offer effort to those who made it, and hint at what celebrations leave out."""
    offer_effort(turn)
    hint(turn)


def digest_now(turn: Turn) -> Answer:
    """Sum up on demand."""
    practice = turn.practice()
    if not _new_wins(turn) and not _month_due(turn):
        return Whisper("There is no win since the last digest, so there is nothing to sum up.")
    occurrence = open_slot(turn.db, practice, turn.now, now=turn.now)
    if occurrence is None:
        return Whisper("A digest was made this very moment. It is in the channel.")
    _sum_up(turn, occurrence)
    return Whisper("Done. The digest comes into the channel.")


def _sum_up(turn: Turn, occurrence: Occurrence) -> None:
    occurrence.closed_at = turn.now
    # Nobody turns up to a digest, so it is in no figure of who did.
    occurrence.state, occurrence.why = "excused", "a digest"
    wins = _new_wins(turn)
    month = _month_due(turn)
    if not wins and not month:
        return
    for win in wins:
        win.digest_id = occurrence.id
    turn.db.add(WinDigest(occurrence_id=occurrence.id, month=month))
    turn.db.flush()
    show_digest(turn, occurrence.id)


def _new_wins(turn: Turn) -> list[Win]:
    return list(
        turn.db.scalars(
            select(Win)
            .where(Win.movement_id == turn.movement.id, Win.digest_id.is_(None), Win.taken_back.is_(False))
            .where(Win.at > turn.now - DIGEST_REACHES)
        )
    )


def _month_due(turn: Turn) -> str:
    """Name the month that is to be rounded up: the last one, once, if it had wins."""
    last = f"{turn.today().replace(day=1) - timedelta(days=1):%Y-%m}"
    done = turn.db.scalar(
        select(WinDigest.occurrence_id)
        .join(Occurrence, Occurrence.id == WinDigest.occurrence_id)
        .where(Occurrence.movement_id == turn.movement.id, WinDigest.month == last)
        .limit(1)
    )
    return last if done is None and round_up(turn, last).wins else ""
