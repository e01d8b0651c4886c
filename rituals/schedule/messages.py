"""What /rituals and its buttons say; made from plain values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.chat import Action, Button, Buttons, Part, Text, Whisper, bold, shorten

# A message holds so many rituals with their buttons.
MOST_SHOWN = 5

Act = Callable[..., Action]


@dataclass(frozen=True, slots=True)
class Row:
    """What an organizer may do with a ritual. ``next_one`` names its next planned time; empty when there is none."""

    practice_id: int
    next_one: str = ""
    paused: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A ritual as /rituals shows it."""

    title: str
    plan: str
    owner: str
    understudy: str
    row: Row


def rituals_shown(rituals: Sequence[Shown], action: Act, *, changing: bool) -> Whisper:
    """List rituals, each with its plan and its people."""
    parts: list[Part] = []
    for one in rituals:
        carried = Text(bold(shorten(one.title, limit=200)), "\n", f"{one.plan}.", "\n", _carried(one))
        parts.append(carried)
        if changing:
            parts.append(_buttons(one.row, action))
    return Whisper(*parts)


def _carried(one: Shown) -> str:
    understudy = f"Understudy: {one.understudy}." if one.understudy else "No understudy yet."
    return f"Owner: {one.owner}. {understudy}" if one.owner else f"Nobody owns it right now. {understudy}"


def paused(ritual: str, row: Row, action: Act) -> Whisper:
    """Confirm a pause, with the way back."""
    return Whisper(
        Text(f"The {ritual} is paused. One that is open now runs to its close; no new one opens until you resume it."),
        _buttons(row, action),
    )


def _buttons(row: Row, action: Act) -> Buttons:
    buttons = [Button("Change", action("change", row.practice_id))]
    if row.paused:
        buttons.append(Button("Resume", action("resume", row.practice_id), "primary"))
    elif row.next_one:
        buttons += [
            Button("Skip the next", action("skip", row.next_one)),
            Button("Move the next", action("move", row.next_one)),
            Button("Pause", action("pause", row.practice_id)),
        ]
    return Buttons(*buttons)
