"""Telling somebody once, in private, that they have risen on the ladder; that somebody moved down is told to nobody."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from bot.figures import read_levels
from bot.insights.ladder import LEVELS, Level
from bot.moments import find_instant
from bot.people import members
from bot.tables import Member, Timer
from bot.turn import Turn
from rituals.me import messages
from rituals.me.declaration import NIGHTLY_AT, ritual
from rituals.me.words import spoken_rise

NIGHTLY = "nightly"
# Whoever is looked at for the first time and came lately has risen from the very beginning.
CAME_LATELY = timedelta(days=30)


@ritual.timer("movement-starts")
def begin_looking(turn: Turn) -> None:
    """Look at the ladder every night from now on."""
    planned = select(Timer.id).where(
        Timer.movement_id == turn.movement.id, Timer.ritual == ritual.name, Timer.verb == NIGHTLY
    )
    if turn.db.scalar(planned) is None:
        _plan(turn)


def _plan(turn: Turn) -> None:
    tomorrow = datetime.combine(turn.today() + timedelta(days=1), NIGHTLY_AT)
    turn.later(find_instant(tomorrow, zone=turn.zone), NIGHTLY)


@ritual.timer(NIGHTLY)
def look(turn: Turn) -> None:
    """Find who has risen since the last time, and tell them."""
    _plan(turn)
    levels = read_levels(turn.db, turn.movement, now=turn.now)
    for member in members(turn.db, turn.movement.id):
        level = levels.get(member.id)
        if level is not None and level != member.level:
            before, member.level = member.level, level
            if _rose(turn, member, before, level):
                _tell(turn, member, level)


def _rose(turn: Turn, member: Member, before: str, level: Level) -> bool:
    if not before:
        return member.joined_at > turn.now - CAME_LATELY
    return LEVELS.index(level) > LEVELS.index(_known(before))


def _known(level: str) -> Level:
    return next((one for one in LEVELS if one == level), LEVELS[0])


def _tell(turn: Turn, member: Member, level: Level) -> None:
    said = spoken_rise(level)
    if said is None:
        return
    private, public = said
    key = f"rose:{member.id}:{turn.today():%Y%m%d}"
    turn.dm(member, key, messages.rose(turn.movement.name, private, turn.action))
    if member.told_when_rising:
        turn.show(f"told-{key}", messages.rose_in_public(public, member.name))
