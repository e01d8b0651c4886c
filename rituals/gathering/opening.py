"""A gathering begins: by the clock, or when its host presses Start; and whoever runs it is its host of record."""

from __future__ import annotations

import secrets
from datetime import timedelta

from bot.chat import Answer, Whisper
from bot.people import ORGANIZERS
from bot.tables import Gathering, Member
from bot.turn import Turn
from bot.watching import visits_of
from rituals.gathering import turnout_messages as messages
from rituals.gathering.declaration import ritual
from rituals.gathering.gatherings import find, name_of, occurrence_of, show_card
from rituals.gathering.record import find_evidence, look, note, settle, told_by
from rituals.gathering.seats import hosts_of
from rituals.gathering.times import BEFORE, closes_at, may_start
from rituals.gathering.turnout_messages import NOT_THERE

# So long everybody waits for a host before somebody stands in.
PATIENCE = timedelta(minutes=5)


def runs(turn: Turn, gathering: Gathering, member: Member) -> bool:
    """Tell whether somebody runs a gathering: its host, its co-host, and whoever has started it."""
    named = member.id in (gathering.host_id, gathering.co_host_id)
    return named or member.id in told_by(turn, gathering, "lead")


def stands_in(turn: Turn, gathering: Gathering, member: Member) -> bool:
    """Tell whether somebody runs it only by their own word, in place of its host."""
    lead = find_evidence(turn, gathering, member, "lead")
    return lead is not None and lead.says == "claims" and member.id not in hosts_of(gathering)


def who_ran(turn: Turn, gathering: Gathering) -> set[int]:
    """Tell who has run it and is known to have been there."""
    found = look(turn, gathering)
    return {one for one in told_by(turn, gathering, "lead") if one in found.came}


def find_host_there(turn: Turn, gathering: Gathering) -> Member | None:
    """Find a host or co-host who is there: they have started it, or are in the call now."""
    there = {visit.member_id for visit in visits_of(turn, gathering.id) if visit.left_at is None}
    there |= told_by(turn, gathering, "lead")
    found = sorted(there & hosts_of(gathering))
    return turn.member(found[0]) if found else None


def may_call_roll(turn: Turn, gathering: Gathering, member: Member) -> bool:
    """Tell whether somebody may say who came: whoever runs it, and every organizer."""
    return member.role in ORGANIZERS or runs(turn, gathering, member)


@ritual.timer("start")
def begin(turn: Turn) -> None:
    """Let a gathering begin at its time, whether its host is there or not."""
    gathering = find(turn, turn.about)
    if gathering is not None and gathering.state == "announced" and gathering.starts_at <= turn.now:
        open_it(turn, gathering)


def open_it(turn: Turn, gathering: Gathering) -> None:
    """Let a gathering be under way."""
    gathering.state = "under way"
    gathering.word_key = gathering.word_key or secrets.token_hex(32)
    occurrence = occurrence_of(turn, gathering)
    occurrence.state = "open"
    occurrence.opened_at = min(turn.now, gathering.starts_at)
    occurrence.closes_at = closes_at(gathering)
    turn.db.flush()
    show_card(turn, gathering)


@ritual.press("start")
def start(turn: Turn) -> Answer:
    """Let its host start it, or anybody if it has none; else whoever asks may stand in after a while."""
    gathering = find(turn, turn.about)
    refusal = _refuse(turn, gathering)
    if gathering is None or refusal is not None:
        return refusal
    leads = told_by(turn, gathering, "lead")
    if stands_in(turn, gathering, turn.who) or (gathering.host_id is None and not leads | hosts_of(gathering)):
        return _stand_in(turn, gathering)
    if runs(turn, gathering, turn.who):
        return _lead(turn, gathering)
    host = name_of(turn, gathering.host_id)
    if leads:
        names = " and ".join(sorted(turn.member(one).name for one in leads))
        return Whisper(f"{names} runs it already. Thank you.")
    there = find_host_there(turn, gathering)
    if there is not None:
        return Whisper(f"{there.name} is in the call and can start it.")
    if turn.now < gathering.starts_at + PATIENCE:
        minutes = int(PATIENCE.total_seconds() // 60)
        return Whisper(
            f"{host or 'Somebody else'} hosts it. If nobody has started it {minutes} minutes after its time, you can "
            "run it then."
        )
    return messages.offer_to_run(gathering.title, host, gathering.id, turn.action)


@ritual.press("run")
def take_over(turn: Turn) -> Answer:
    """Let anybody stand in whose host is not there; their host is told at once."""
    gathering = find(turn, turn.about)
    refusal = _refuse(turn, gathering)
    if gathering is None or refusal is not None:
        return refusal
    waits = turn.now < gathering.starts_at + PATIENCE or find_host_there(turn, gathering) is not None
    if waits or runs(turn, gathering, turn.who) or told_by(turn, gathering, "lead"):
        return start(turn)
    return _stand_in(turn, gathering)


def _stand_in(turn: Turn, gathering: Gathering) -> Answer:
    if gathering.state == "announced":
        open_it(turn, gathering)
    if find_evidence(turn, gathering, turn.who, "lead") is None:
        note(turn, gathering, turn.who, "lead", "claims", by=turn.who)
        settle(turn, gathering)
    view = messages.stood_in(turn.movement.name, gathering.title, turn.who.name, gathering.id, turn.action)
    for number in sorted(hosts_of(gathering)):
        host = turn.member(number)
        if host.left_at is None:
            # It is on now: they may stand before a closed door.
            turn.dm(host, f"stood-in:{gathering.id}:{host.id}", view, about=str(gathering.id), at_once=True)
    named = bool(hosts_of(gathering))
    return messages.stands_in(gathering.title, gathering.id, turn.action, named=named, counted=not turn.who.opted_out)


def confirm_stand_in(turn: Turn, gathering: Gathering) -> None:
    """Take it for shown that whoever stands in is there: somebody has heard the word, which nobody else could say."""
    if find_host_there(turn, gathering) is not None:
        return
    for number in sorted(told_by(turn, gathering, "lead")):
        member = turn.member(number)
        if number != turn.who.id and stands_in(turn, gathering, member):
            note(turn, gathering, member, "lead", "came", by=member)


def _refuse(turn: Turn, gathering: Gathering | None) -> Answer:
    if gathering is None:
        return NOT_THERE
    if gathering.state == "cancelled":
        return Whisper("This gathering was cancelled.")
    if gathering.state == "over":
        return Whisper("It is over. The roll call can say who ran it: it is under More on its card.")
    if not may_start(gathering, turn.now):
        minutes = int(BEFORE.total_seconds() // 60)
        return Whisper(
            f"It begins {turn.spoken(gathering.starts_at)}. It can be started from {minutes} minutes before."
        )
    return None


def _lead(turn: Turn, gathering: Gathering) -> Answer:
    if gathering.state == "announced":
        open_it(turn, gathering)
    note(turn, gathering, turn.who, "lead", "came", by=turn.who)
    settle(turn, gathering)
    return messages.runs_it(gathering.title, gathering.id, turn.action, counted=not turn.who.opted_out)
