"""What follows a gathering once it is known who came: a question to each of them, in private and in nobody's night."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot.insights.attendance import QUORUM, UNKNOWN, Finding
from bot.people import away_ids
from bot.tables import Gathering, Member, Post
from bot.turn import Turn, read_number
from rituals.gathering import after_messages as messages
from rituals.gathering import notes_promise
from rituals.gathering.declaration import ritual
from rituals.gathering.gatherings import find, occurrence_of
from rituals.gathering.record import NOT_HELD, Record, ends_at, look
from rituals.gathering.welcoming import is_new, letter_key, show_letter, welcome_no_more

# Whoever is asked later than this has to dig in their memory; until then the record can be corrected, too.
FRESH = timedelta(days=7)


def follow_up(turn: Turn, gathering: Gathering) -> None:
    """Begin what follows; called once, when the record first stands."""
    found = look(turn, gathering)
    notes_promise.open_promise(turn, gathering, found)
    if turn.now <= ends_at(gathering) + FRESH:
        # In a turn of its own: whoever files the roll call does not wait for a hundred letters.
        turn.later(turn.now, "after", gathering.id)


def follow_record(turn: Turn, gathering: Gathering, found: Record) -> None:
    """Keep what has followed true to what is known now."""
    notes_promise.follow_record(turn, gathering, found)
    welcome_no_more(turn, gathering, found)


@ritual.timer("after")
def write(turn: Turn) -> None:
    """Write to those who came, and to those who said yes and may have been there; each once, after their night."""
    number, _, only = turn.about.partition("/")
    gathering = find(turn, number)
    if gathering is None or gathering.state != "over":
        return
    found = look(turn, gathering)
    if occurrence_of(turn, gathering).why == NOT_HELD or found.there < QUORUM:
        return
    for member in _to_write(turn, gathering, found):
        if only and member.id != read_number(only):
            continue
        chance = turn.quiet_until(member)
        if chance > turn.now:
            # What only waited would not know of a correction in between.
            turn.later(chance, "after", f"{gathering.id}/{member.id}")
        elif found.of(member).came:
            show_letter(turn, gathering, member, found, first=is_new(turn, gathering, member, found))
        else:
            told = messages.not_known(turn.movement.name, gathering.title, gathering.id, turn.action)
            turn.dm(member, letter_key(gathering, member), told, about=str(gathering.id))


def _to_write(turn: Turn, gathering: Gathering, found: Record) -> list[Member]:
    """List whom it concerns and who may be written to; nobody who is away, was written to, or has told it already."""
    concerned = [
        turn.member(one) for one in sorted(found.came | found.yes) if not _is_settled(found.findings.get(one, UNKNOWN))
    ]
    away = away_ids(turn.db, [one.id for one in concerned], at=turn.now)
    start = f"{ritual.name}:after:{gathering.id}:"
    written = select(Post.key).where(Post.movement_id == turn.movement.id, Post.key.startswith(start, autoescape=True))
    sent = {key.removeprefix(start) for key in turn.db.scalars(written)}
    return [
        one
        for one in concerned
        if one.left_at is None
        and one.reminders
        and not one.opted_out
        and one.id not in away
        and str(one.id) not in sent
    ]


def _is_settled(finding: Finding) -> bool:
    """Tell whether it is settled that somebody was not there: excused, or they or the host's answer said so."""
    return not finding.came and (finding.says == "excused" or finding.source in ("self", "host"))
