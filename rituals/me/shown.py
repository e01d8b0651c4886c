"""What the movement shows of somebody: each ritual shows it without them once they are forgotten or left out."""

from __future__ import annotations

from dataclasses import replace

from bot.tables import Member
from bot.turn import Turn
from rituals.me.declaration import FORGETTING


def show_without(turn: Turn, member: Member) -> None:
    """Let every ritual that shows anything of somebody say what is to be shown without them, at the end of this turn.

    It hears of it just before, because afterwards nobody knows where they were.
    """
    for one in turn.rituals.by_name.values():
        if FORGETTING in one.timers:
            # A turn of that ritual's own: what it shows is made only at the end, and carries its buttons.
            told = replace(turn, ritual=one, about=str(member.id))
            one.timers[FORGETTING].handle(told)
            turn.wishes = told.wishes
