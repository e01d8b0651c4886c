"""The private question whether somebody would facilitate: asked, and settled once nothing is left to do."""

from __future__ import annotations

from datetime import timedelta

from bot.tables import Member, Occurrence
from bot.turn import Turn
from rituals.retro import messages
from rituals.retro.declaration import SILENT_LIVE, SILENT_SPREAD
from rituals.retro.rounds import day_of, find_asked, find_facilitator
from rituals.retro.tables import Retro


def ask(turn: Turn, occurrence: Occurrence, retro: Retro, member: Member, *, by: str = "") -> None:
    """Ask somebody; whoever was asked before is not asked any more."""
    settle(turn, occurrence, retro)
    retro.asked_id = member.id
    view = messages.asked_to_facilitate(turn.movement.name, day_of(turn, occurrence), occurrence.id, turn.action, by=by)
    turn.dm(member, _key(occurrence, member), view, about=str(occurrence.id))
    if find_facilitator(turn, retro) is None:
        # Only a retro that nobody facilitates is in a hurry.
        turn.later(turn.quiet_until(member) + _patience(retro), "ask", occurrence.id)


def settle(turn: Turn, occurrence: Occurrence, retro: Retro) -> None:
    """Let a request rest: it is taken back where nobody has seen it, and says so where somebody has."""
    member = find_asked(turn, retro)
    if member is None:
        return
    turn.withdraw(_key(occurrence, member))
    done = messages.not_asked_any_more(turn.movement.name, day_of(turn, occurrence))
    turn.dm(member, _key(occurrence, member), done, about=str(occurrence.id))
    retro.asked_id = None
    turn.cancel("ask", occurrence.id)


def _patience(retro: Retro) -> timedelta:
    return SILENT_LIVE if retro.live else SILENT_SPREAD


def _key(occurrence: Occurrence, member: Member) -> str:
    return f"asked:{occurrence.id}:{member.id}"
