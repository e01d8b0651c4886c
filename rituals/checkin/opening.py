"""How a check-in opens: at its time or because an organizer asks for one, and never a second beside an open one."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from bot.chat import Answer, Buttons, Text, Whisper
from bot.insights import anonymity
from bot.marks import open_marks
from bot.people import count_members
from bot.practices import open_slot
from bot.tables import Occurrence, Practice
from bot.turn import Turn
from rituals.checkin.closing import close_one
from rituals.checkin.declaration import OPEN_HOURS, REMIND_HOURS, ritual
from rituals.checkin.questions import add_first_sets, next_questions
from rituals.checkin.rounds import energy_scope, find_open, show_board, show_new_board
from rituals.checkin.tables import Asked


@ritual.begins
def begin(turn: Turn) -> None:
    """Give a new movement its first questions."""
    add_first_sets(turn.db, turn.practice())


@ritual.opens
def open_planned(turn: Turn) -> None:
    """Ask at the planned time."""
    ask(turn, turn.occurrence)


@ritual.press("now", only="organizer")
def start_now(turn: Turn) -> Answer:
    """Start a check-in on demand."""
    running = find_open(turn)
    if running is not None and running.closes_at is not None:
        return Whisper(
            Text("A check-in is open already, until ", turn.moment(running.closes_at), "."),
            Buttons(turn.button("Close it now", "close-now", running.id)),
        )
    occurrence = open_slot(turn.db, turn.practice(), turn.now, now=turn.now)
    if occurrence is None:
        return Whisper("A check-in was started this very moment. It is in the channel.")
    ask(turn, occurrence)
    return Whisper("Done. The check-in comes into the channel.")


def ask(turn: Turn, occurrence: Occurrence) -> None:
    """Post the prompt, and set when to remind and when to close."""
    practice = turn.db.get_one(Practice, occurrence.practice_id)
    settle_earlier(turn, practice, occurrence)
    occurrence.closes_at = _closing(practice, occurrence.opened_at or turn.now)
    asks_energy = practice.settings.get("energy", True)
    with_energy = asks_energy and anonymity.may_offer(count_members(turn.db, turn.movement.id))
    asked = Asked(
        occurrence_id=occurrence.id,
        questions=next_questions(turn.db, practice),
        final=False,
    )
    turn.db.add(asked)
    if with_energy:
        open_marks(turn, energy_scope(occurrence))
    turn.later(occurrence.closes_at, "close", occurrence.id)
    remind_hours = int(practice.settings.get("remind_hours", REMIND_HOURS))
    remind_at = turn.now + timedelta(hours=remind_hours)
    if remind_hours and remind_at < occurrence.closes_at:
        turn.later(remind_at, "remind", occurrence.id)
    show_new_board(turn, occurrence, asked)


def _closing(practice: Practice, opened_at: datetime) -> datetime:
    """Close after the set hours, and never later than the next one opens."""
    closes = opened_at + timedelta(hours=int(practice.settings.get("open_hours", OPEN_HOURS)))
    return min(closes, practice.next_at) if practice.next_at and practice.next_at > opened_at else closes


def settle_earlier(turn: Turn, practice: Practice, occurrence: Occurrence) -> None:
    """Close what is still open from before, and take no more late answers to it."""
    earlier = turn.db.execute(
        select(Occurrence, Asked)
        .join(Asked, Asked.occurrence_id == Occurrence.id)
        .where(Occurrence.practice_id == practice.id, Occurrence.id != occurrence.id, Asked.final.is_(False))
    ).all()
    for before, asked in earlier:
        if before.state == "open":
            close_one(turn, before)
        asked.final = True
        turn.db.flush()
        show_board(turn, before)
