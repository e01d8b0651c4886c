"""What the movement's set-up says, in the channel and to one person; made from plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.chat import (
    MESSAGE_LIMIT,
    Action,
    Button,
    Buttons,
    Facts,
    Message,
    Part,
    Quote,
    Text,
    Whisper,
    bold,
    code,
    fit,
    shorten,
)

# Six hundred characters of plain prose weigh less than this; only what is mostly marks or emoji is cut.
STORY_ROOM = MESSAGE_LIMIT // 3 - 100
# Every command has its line; the mission, which has a page of its own, gives way.
COMMANDS_ROOM = 1600
MISSION_ROOM = 1000
# Every command in a line; there are some fifteen.
COMMANDS_ROOM = 1600
# Three of them stand whole on a page.
MISSIONS_SHOWN = 3
VERSION_ROOM = 1150


@dataclass(frozen=True, slots=True)
class Shown:
    """A movement as one person sees it. The mission comes with the number of its version."""

    name: str
    facts: Sequence[tuple[str, str]]
    mission: tuple[str, int] | None
    commands: Sequence[str]
    buttons: Sequence[Button]


def announcement(name: str, founder: str, step: str, planned: Sequence[str]) -> Message:
    """Tell the channel that a movement has begun; its first gathering has a card of its own."""
    parts: list[Part] = [
        Text(bold(name), " starts here, with ", founder, " as founder."),
        Text(bold("Next step"), "\n", step),
    ]
    if planned:
        parts.append(Text(bold("What happens here"), "\n", fit(planned, limit=1000)))
    parts.append(Text("Type ", code("/drumbeat"), " to see more, and ", code("/away"), " whenever you need a break."))
    return Message(*parts)


def begun(name: str, zone: str) -> Whisper:
    """Tell the founder that it is live, and what can follow."""
    return Whisper(
        Text(bold(f"{name} is live."), " You are its founder, and the people of this channel are its members."),
        Text(
            f"Times are in {zone}. Type ",
            code("/drumbeat"),
            " to change that, to add your story and your mission, or to name organizers.",
        ),
    )


def move_offer(name: str, action: Action) -> Whisper:
    """Ask the founder whether this channel is to be the movement's home."""
    return Whisper(
        Text("Move ", bold(name), " here? The people of this channel will be its members, and nobody else."),
        Buttons(Button("Move it", action, "primary")),
    )


def moved_here(name: str, founder: str) -> Message:
    """Tell the new channel."""
    return Message(
        Text(
            bold(name), " lives here now, says its founder ", founder, ". The people of this channel are its members."
        ),
        Text("Type ", code("/drumbeat"), " to see more, and ", code("/away"), " whenever you need a break."),
    )


def moved_away(name: str) -> Message:
    """Tell the old channel, without saying where: not everybody may know that channel."""
    return Message(Text(bold(name), " lives in another channel now. Its founder can tell you which."))


def movement_shown(view: Shown) -> Whisper:
    """Show what a movement is, and what this person may do."""
    facts = [(name, shorten(words, limit=500)) for name, words in view.facts]
    parts: list[Part] = [Text(bold(view.name)), Facts(*facts)]
    if view.mission is not None:
        words, version = view.mission
        parts.append(Quote(shorten(words, limit=MISSION_ROOM), by=f"Our mission, version {version}"))
    parts.append(Text(bold("What you can type"), "\n", fit(view.commands, limit=COMMANDS_ROOM)))
    if view.buttons:
        parts.append(Buttons(*view.buttons))
    return Whisper(*parts)


def story(movement: str, told: Sequence[tuple[str, str]]) -> Whisper:
    """Show the story: what is wrong, what could be, what each one does."""
    return Whisper(Text(bold(movement)), *(Quote(shorten(words, limit=STORY_ROOM), by=title) for title, words in told))


def mission_post(words: str, version: int, by: str) -> Message:
    """Show the channel its mission."""
    said = "Our mission" if version == 1 else f"Our mission, now in version {version}"
    return Message(Text(bold(said), f", written down by {by}:"), Quote(words))


def missions(movement: str, versions: Sequence[tuple[str, str]], older: Button | None = None) -> Whisper:
    """Show the versions of a mission, the newest first: the words, and whose they are."""
    shown = [Quote(shorten(words, limit=VERSION_ROOM), by=shorten(by, limit=100)) for words, by in versions]
    return Whisper(Text(bold(movement)), *shown, *([Buttons(older)] if older is not None else []))


def organizer_note(movement: str, founder: str) -> Message:
    """Tell somebody that they are an organizer now."""
    return Message(
        Text(
            founder,
            " made you an organizer of ",
            bold(movement),
            ". Type ",
            code("/drumbeat"),
            " in its channel to see what you can do.",
        )
    )


def verdict(advice: Sequence[str]) -> Whisper:
    """Say honestly whether a movement is the right tool."""
    if not advice:
        return Whisper(
            "Nothing speaks against it. Type /drumbeat in a channel of your own, and begin with one small step."
        )
    return Whisper(Text(bold("A movement may be the wrong tool here.")), Text(fit(advice)))
