"""Somebody who was put down for a promise in the talk has said yes or no: the topic and the board follow."""

from __future__ import annotations

from bot.promises import ANSWERED
from bot.turn import Turn
from rituals.retro.declaration import ritual
from rituals.retro.discussing import show_talk
from rituals.retro.rounds import find_retro, show_board


@ritual.timer(ANSWERED)
def show_answer(turn: Turn) -> None:
    """Show a topic as it stands while it is talked about. What a closed retro came to stays as it was told."""
    occurrence_id, _, _ = turn.about.partition("/")
    found = find_retro(turn, occurrence_id)
    if found is not None and found[1].phase == "discuss":
        show_talk(turn, *found)
        show_board(turn, *found)
