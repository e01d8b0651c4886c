"""Once a month organizers hear in private how many are slipping away, and what to offer: numbers, never names."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from bot.chat import Answer, Whisper
from bot.figures import read_drop_off
from bot.moments import find_instant
from bot.people import away_ids, organizers
from bot.practices import begin, find_practice
from bot.tables import Practice, Timer
from bot.turn import Turn
from rituals.pulse import messages
from rituals.pulse.declaration import NOTE, NOTE_AT, ritual

MONTHLY = "monthly"


@ritual.timer("movement-starts")
def begin_notes(turn: Turn) -> None:
    """Look once a month from now on."""
    planned = select(Timer.id).where(
        Timer.movement_id == turn.movement.id, Timer.ritual == ritual.name, Timer.verb == MONTHLY
    )
    if turn.db.scalar(planned) is None:
        _plan(turn)


def _plan(turn: Turn) -> None:
    next_month = (turn.today().replace(day=1) + timedelta(days=32)).replace(day=1)
    turn.later(find_instant(datetime.combine(next_month, NOTE_AT), zone=turn.zone), MONTHLY)


@ritual.timer(MONTHLY)
def write_note(turn: Turn) -> None:
    """Tell those organizers who want to know; nothing at all when there is nothing that may be said."""
    _plan(turn)
    found = read_drop_off(turn.db, turn.movement, now=turn.now)
    slipping = messages.Slipping(found.stopped_coming, found.without_first_step, found.without_slot)
    if slipping == messages.Slipping():
        return
    practice = find_practice(turn.db, turn.movement, ritual.name, name=NOTE)
    off = practice.settings.get("off", ()) if practice is not None else ()
    there = [member for member in organizers(turn.db, turn.movement.id) if member.id not in off]
    away = away_ids(turn.db, [member.id for member in there], at=turn.now)
    for member in there:
        if member.id not in away:
            key = f"note:{turn.today():%Y%m}:{member.id}"
            turn.dm(member, key, messages.note(turn.movement.name, slipping, turn.action))


@ritual.press("note-off", only="organizer")
def switch_off(turn: Turn) -> Answer:
    """Write it no more to the one who acts."""
    practice = _kept(turn)
    practice.settings = {**practice.settings, "off": sorted({*practice.settings.get("off", ()), turn.who.id})}
    return messages.note_off(turn.action)


@ritual.press("note-on", only="organizer")
def switch_on(turn: Turn) -> Answer:
    """Write it again."""
    practice = _kept(turn)
    practice.settings = {
        **practice.settings,
        "off": [one for one in practice.settings.get("off", ()) if one != turn.who.id],
    }
    return Whisper("I will write it to you again, once a month, when there is something to say.")


def _kept(turn: Turn) -> Practice:
    """Find where it is kept who does not want the note."""
    found = find_practice(turn.db, turn.movement, ritual.name, name=NOTE)
    return found or begin(
        turn.db, turn.movement, ritual.name, cadence="on demand", owner_id=None, now=turn.now, name=NOTE
    )
