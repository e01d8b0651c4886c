"""The page that a chat keeps for one person (Slack's App Home): what they owe, the next step, what is on."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat import Message, Part, Text, ViewError, Whisper, bold, code, fit, shorten
from bot.ritual import Glimpse
from bot.tables import Movement
from bot.turn import Turn

NOTHING_YET = Whisper(
    "You are not in a movement here yet. Join a movement's channel, or type /drumbeat in a channel of your own to "
    "start one."
)
STEP_ROOM = 600
ON_ROOM = 800


def glimpse(turn: Turn) -> list[Part]:
    """Show one movement as one member has it: what they owe, the next step, what is on."""
    seen: list[Glimpse] = []
    for ritual in turn.rituals.by_name.values():
        if ritual.glimpses is not None:
            turn.ritual = ritual
            seen.append(ritual.glimpses(turn))
    owed = [part for one in seen for part in one.owed]
    on = [line for one in seen for line in one.on]
    parts: list[Part] = [Text(bold(turn.movement.name))]
    parts += owed or [Text("You owe nothing right now.")]
    if turn.movement.next_step:
        parts.append(Text(bold("Next step"), "\n", shorten(turn.movement.next_step, limit=STEP_ROOM)))
    if on:
        parts.append(Text(bold("What is on"), "\n", fit(on, limit=ON_ROOM)))
    return parts


def compose(shown: Sequence[tuple[Movement, list[Part]]]) -> Whisper:
    """Put the movements of one person onto one page, as many as it holds; the others are named."""
    parts: list[Part] = []
    for number, (_, more) in enumerate(shown):
        rest = [movement.name for movement, _ in shown[number + 1 :]]
        try:
            Message(*parts, *more, *_named(rest))
        except ViewError:
            return Whisper(*parts, *_named([movement.name for movement, _ in shown[number:]]))
        parts += more
    return Whisper(*parts) if parts else NOTHING_YET


def _named(rest: Sequence[str]) -> list[Part]:
    if not rest:
        return []
    return [Text("More of your movements, each with ", code("/drumbeat"), " in its channel:\n", fit(rest, limit=400))]
