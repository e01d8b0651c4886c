"""When a gathering begins and ends by itself, and which call is watched for it."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.insights.attendance import ON_THE_SPOT
from bot.tables import Gathering, Occurrence
from bot.turn import Turn
from rituals.gathering.record import ends_at, forget

# From when on it can be started, and people in the call are noted.
BEFORE = timedelta(minutes=30)
EARLY_IN_CALL = timedelta(minutes=15)
# It closes a little later than planned: meetings do.
GRACE = timedelta(minutes=15)
# So long after the end the word is still taken.
HERE_UNTIL = timedelta(minutes=30)
# A platform may tell only some time after a call who was in it.
TOLD_UNTIL = timedelta(minutes=90)

TIMERS = ("start", "end", "shut", "seal")


def plan_times(turn: Turn, gathering: Gathering) -> None:
    """Set when a gathering that was announced or moved begins and closes, and watch its call, where it has one."""
    turn.later(gathering.starts_at, "start", gathering.id)
    turn.later(closes_at(gathering), "end", gathering.id)
    room = call_of(turn, gathering)
    if room and closes_at(gathering) > turn.now:
        since = gathering.starts_at - EARLY_IN_CALL
        turn.watch(gathering.id, room=room, since=since, until=closes_at(gathering))
    else:
        turn.unwatch(gathering.id)


def unplan_times(turn: Turn, gathering: Gathering) -> None:
    """Let nothing happen by itself any more: it was cancelled. Nobody is watched for it either."""
    for verb in TIMERS:
        turn.cancel(verb, gathering.id)
    turn.unwatch(gathering.id)


def not_yet(turn: Turn, gathering: Gathering) -> None:
    """Take back that somebody started it before its time: it is moved or cancelled, and nobody was there yet."""
    if gathering.state != "under way":
        return
    gathering.state = "announced"
    gathering.word_key = ""
    occurrence = turn.db.get_one(Occurrence, gathering.occurrence_id)
    occurrence.state, occurrence.opened_at, occurrence.closes_at = "announced", None, None
    for source in ON_THE_SPOT:
        forget(turn, gathering, source)
    turn.db.flush()


def call_of(turn: Turn, gathering: Gathering) -> str:
    """Name the call that people come to: the home channel's huddle, or a voice channel; '' where there is none."""
    if gathering.place_kind == "huddle":
        return turn.movement.channel
    return gathering.place if gathering.place_kind == "voice" else ""


def closes_at(gathering: Gathering) -> datetime:
    """Tell when a gathering closes, a while after its planned end."""
    return ends_at(gathering) + GRACE


def may_start(gathering: Gathering, now: datetime) -> bool:
    """Tell whether it can be started now."""
    return gathering.starts_at - BEFORE <= now and gathering.state in ("announced", "under way")


def takes_words(gathering: Gathering, now: datetime) -> bool:
    """Tell whether people can still say by the word that they are there."""
    return gathering.state in ("under way", "over") and now < ends_at(gathering) + HERE_UNTIL
