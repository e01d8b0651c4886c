"""A gathering begins: by the clock, or when its host presses Start; and whoever runs it is its host of record."""

from __future__ import annotations

import secrets

from bot.chat import Answer, Whisper
from bot.people import ORGANIZERS
from bot.tables import Gathering, Member
from bot.turn import Turn
from rituals.gathering import turnout_messages as messages
from rituals.gathering.declaration import ritual
from rituals.gathering.gatherings import find, name_of, occurrence_of, show_card
from rituals.gathering.record import note, settle, told_by
from rituals.gathering.times import BEFORE, closes_at, may_start
from rituals.gathering.turnout_messages import NOT_THERE


def runs(turn: Turn, gathering: Gathering, member: Member) -> bool:
    """Tell whether somebody runs a gathering: its host, its co-host, and whoever has started it."""
    named = member.id in (gathering.host_id, gathering.co_host_id)
    return named or member.id in told_by(turn, gathering, "lead")


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
    """Let its host start it; anybody else is asked whether they run it, once it is time and nobody does."""
    gathering = find(turn, turn.about)
    refusal = _refuse(turn, gathering)
    if gathering is None or refusal is not None:
        return refusal
    leads = told_by(turn, gathering, "lead")
    if runs(turn, gathering, turn.who) or (gathering.host_id is None and not leads):
        return _lead(turn, gathering)
    host = name_of(turn, gathering.host_id)
    if leads:
        names = " and ".join(sorted(turn.member(one).name for one in leads))
        return Whisper(f"{names} runs it already. Thank you.")
    if turn.now < gathering.starts_at:
        return Whisper(f"{host or 'Somebody else'} hosts it. If nobody starts it in time, you can run it then.")
    return messages.offer_to_run(gathering.title, host, gathering.id, turn.action)


@ritual.press("run")
def take_over(turn: Turn) -> Answer:
    """Let anybody run it whose host is not there."""
    gathering = find(turn, turn.about)
    refusal = _refuse(turn, gathering)
    if gathering is None or refusal is not None:
        return refusal
    if turn.now < gathering.starts_at or told_by(turn, gathering, "lead"):
        return start(turn)
    return _lead(turn, gathering)


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
