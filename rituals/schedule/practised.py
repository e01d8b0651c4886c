"""What a movement practises: finding one ritual of it, and whether a time lies in its quiet hours."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from bot.chat import Whisper
from bot.quiet import read_quiet_hours
from bot.ritual import Ritual
from bot.tables import Practice
from bot.turn import Turn

ritual = Ritual("rituals", "What your movement practises, and when.")

NOT_THERE = Whisper("This ritual is not practised here any more.")
# Longer numbers are no database's.
MOST_DIGITS = 18


def find_practice(turn: Turn) -> Practice | None:
    """Find the ritual that an action is about: '5', or '5/1767890400' where one planned time of it is meant."""
    number, _, _ = turn.about.partition("/")
    if not number.isdigit() or len(number) > MOST_DIGITS:
        return None
    return turn.db.scalar(select(Practice).where(Practice.id == int(number), Practice.movement_id == turn.movement.id))


def about_next(practice: Practice) -> str:
    """Name the next time of a ritual in an action, so that a second tap does not mean the time after it."""
    return f"{practice.id}/{int(practice.next_at.timestamp()) if practice.next_at else 0}"


def is_about_next(turn: Turn, practice: Practice) -> bool:
    """Tell whether an action means the time that is the next one still."""
    return turn.about == about_next(practice)


def is_quiet(turn: Turn, at: datetime) -> bool:
    """Tell whether a time lies in the movement's quiet hours."""
    quiet = read_quiet_hours(turn.movement.quiet_hours)
    return quiet is not None and quiet.covers(at, turn.movement.zone)


def quiet_sentence(turn: Turn) -> str:
    """Say that it does."""
    return (
        f"That lies in your quiet hours ({turn.movement.quiet_hours}). Choose another time, or change the quiet hours "
        "with /drumbeat."
    )
