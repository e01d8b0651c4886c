"""What is said about how a movement is doing; made from plain values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.chat import (
    ALT_LIMIT,
    Action,
    Button,
    Buttons,
    Facts,
    Menu,
    Message,
    Option,
    Part,
    Picture,
    Text,
    Whisper,
    bold,
    code,
    fit,
    shorten,
)
from rituals.pulse.figures import Figure

Act = Callable[..., Action]
NAME_ROOM = 240
TITLE_ROOM = 40
# So many facts stand together.
FACTS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The pulse as one person sees it. ``not_counted`` says how many chose not to be counted, or ''."""

    movement: str
    figures: Sequence[Figure]
    not_counted: str
    organizer: bool


def pulse(seen: Seen, action: Act) -> Whisper:
    """Show the figures, and behind a menu what each of them means."""
    options = tuple(Option(one.name, one.key) for one in seen.figures)
    row = [Button("Send me the picture", action("picture"))]
    if seen.organizer:
        row.append(Button("Show the channel", action("channel")))
    return Whisper(*_figures(seen), Menu("What does this mean?", action("meaning"), options), Buttons(*row))


def in_channel(seen: Seen, picture: Picture | None) -> Message:
    """Show everybody the active side."""
    return Message(*_figures(seen), *([picture] if picture is not None else []))


def _figures(seen: Seen) -> list[Part]:
    told = [(one.name, one.said) for one in seen.figures]
    parts: list[Part] = [Text(bold(shorten(f"The pulse of {seen.movement}", limit=NAME_ROOM)))]
    parts += [Facts(*told[at : at + FACTS]) for at in range(0, len(told), FACTS)]
    if seen.not_counted:
        parts.append(Text(f"{seen.not_counted}."))
    return parts


def meaning(figure: Figure, defined: str) -> Whisper:
    """Say what a figure means, and what it says now."""
    return Whisper(Text(bold(figure.name), f"\n{defined}"), Text(bold("Now"), f"\n{figure.said}"))


@dataclass(frozen=True, slots=True)
class Line:
    """One gathering in words: its title, its day, how many said yes, and how many came, or why nobody knows."""

    title: str
    day: str
    said_yes: int
    came: str


def describe(lines: Sequence[Line]) -> str:
    """Say in words what the picture shows."""
    told = [f"{shorten(one.title, limit=TITLE_ROOM)}, {one.day}: {one.said_yes} said yes, {one.came}" for one in lines]
    said = f"Said yes and came, oldest first. {'; '.join(told)}."
    return said if len(said.encode("utf-16-le")) // 2 <= ALT_LIMIT else shorten(said, limit=ALT_LIMIT)


def picture_sent(movement: str, picture: Picture) -> Message:
    """Send somebody the picture."""
    return Message(Text(bold(shorten(movement, limit=NAME_ROOM)), ": who said yes, and who came."), picture)


# ------------------------------------------------------------------------------------------------ the monthly note


@dataclass(frozen=True, slots=True)
class Slipping:
    """How many are slipping away, and how; None where nothing may be said."""

    stopped: int | None = None
    no_step: int | None = None
    no_slot: int | None = None


def note(movement: str, slipping: Slipping, action: Act) -> Message:
    """Tell an organizer in private, in numbers, and what to offer. It names nobody: nobody did anything wrong."""
    seen, offers = [], []
    if slipping.stopped is not None:
        seen.append(f"- {slipping.stopped} people who used to come have not been to a gathering for 60 days.")
        offers.append("- Listen before you ask: a listening round, with /listen.")
    if slipping.no_step is not None:
        seen.append(f"- {slipping.no_step} newcomers have taken no first step yet.")
        offers.append("- One step that takes under five minutes, with /rally.")
    if slipping.no_slot is not None:
        seen.append(f"- {slipping.no_slot} people had no gathering that they could make.")
        offers.append("- The next call at another hour or on another day, with /gather.")
    return Message(
        Text(bold(shorten(movement, limit=NAME_ROOM)), ", once a month, to organizers only:"),
        Text(fit(seen)),
        Text(bold("What you could offer"), "\n", fit(offers)),
        Text("These are numbers, not names: nobody owes anybody a reason. ", code("/pulse"), " has more."),
        Buttons(Button("Don't write me this", action("note-off"))),
    )


def note_off(action: Act) -> Whisper:
    """Say that it is not written any more, and how to have it again."""
    return Whisper(
        "I won't write you this any more. /pulse shows the figures whenever you want them.",
        Buttons(Button("Write it again", action("note-on"))),
    )
