"""What is said about a rally; in the channel only counts, and words only of those who want them shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.chat import (
    Action,
    Button,
    Buttons,
    Link,
    Message,
    Moment,
    Part,
    Piece,
    Quote,
    Text,
    Whisper,
    bold,
    shorten,
)

Act = Callable[..., Action]
WHAT_ROOM = 500
NUDGE_ROOM = 400
NAME_ROOM = 160
TOLD_ROOM = 560
# So many people's own words stand in the thread; then the newest push the oldest out.
MOST_TOLD = 5


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked: what, how many minutes it takes, until when, with a link or none, and how it might be told."""

    number: int
    what: str
    minutes: int
    until: Moment
    link: str = ""
    host: str = ""
    nudge: str = ""


@dataclass(frozen=True, slots=True)
class Came:
    """What it came to so far: how many did it, and how many told it in their own words."""

    done: int = 0
    told: int = 0


def _asked(ask: Ask, *before: Piece | str) -> list[Part]:
    parts: list[Part] = [
        Text(*before, bold(f"{ask.minutes} minutes"), ", until ", ask.until, "."),
        Quote(shorten(ask.what, limit=WHAT_ROOM)),
    ]
    if ask.nudge:
        parts.append(Text("If you tell others: in your own words. ", shorten(ask.nudge, limit=NUDGE_ROOM)))
    return parts


def _link(ask: Ask) -> list[Link]:
    return [Link(f"Open {ask.host}"[:75], ask.link)] if ask.link else []


def _count(came: Came) -> str:
    did = "1 person did it" if came.done == 1 else f"{came.done} people did it"
    return f"{did}, {came.told} told it in their own words." if came.told else f"{did}."


# ------------------------------------------------------------------------------------------------ in the channel


def rally(ask: Ask, came: Came, action: Act) -> Message:
    """Show the ask while it is open."""
    return Message(
        *_asked(ask, bold("Rally"), " (mobilizing): "),
        *([Text(_count(came))] if came.done else []),
        Buttons(
            Button("Done", action("done", ask.number), "primary"),
            Button("I told it in my own words", action("tell", ask.number)),
            *_link(ask),
        ),
    )


def rally_over(ask: Ask, came: Came) -> Message:
    """Show what it came to, once it is over."""
    return Message(
        Text(bold("Rally"), " (mobilizing): it is over. ", _count(came) if came.done else "Thank you for reading it."),
        Quote(shorten(ask.what, limit=WHAT_ROOM)),
    )


def rally_off(ask: Ask) -> Message:
    """Show that nobody needs to do it any more."""
    return Message(
        Text(bold("Rally"), " (mobilizing): it was called off, so there is nothing to do."),
        Quote(shorten(ask.what, limit=WHAT_ROOM)),
    )


def told_words(told: Sequence[tuple[str, str]], more: int) -> Message:
    """Show in the thread how people told it, the newest last."""
    if not told:
        return Message("What was told here was taken back.")
    rest = [Text(f"… and {more} more before these.")] if more else []
    return Message(
        "Told in their own words:",
        *rest,
        *(Quote(shorten(words, limit=TOLD_ROOM), by=shorten(name, limit=NAME_ROOM)) for name, words in told),
    )


# ------------------------------------------------------------------------------------------------ proposing


def proposed(movement: str, by: str, ask: Ask, action: Act) -> Message:
    """Ask an organizer in private whether a member's rally shall go into the channel."""
    name = shorten(by, limit=NAME_ROOM)
    return Message(
        *_asked(ask, bold(movement), f": {name} proposes a rally. "),
        Buttons(
            Button("Post it", action("post", ask.number), "primary"),
            Button("Not now", action("leave", ask.number)),
            *_link(ask),
        ),
    )


def settled(what: str, said: str) -> Message:
    """Put a private message to rest that asks nothing any more."""
    return Message(Text(said), Quote(shorten(what, limit=WHAT_ROOM)))


# ------------------------------------------------------------------------------------------------ answers


def one(ask: Ask, action: Act) -> Whisper:
    """Show one ask to somebody alone."""
    return Whisper(
        *_asked(ask),
        Buttons(
            Button("Done", action("done", ask.number), "primary"),
            Button("I told it in my own words", action("tell", ask.number)),
            *_link(ask),
        ),
    )


def done(number: int, action: Act, *, nudge: str, told: bool) -> Whisper:
    """Thank somebody who did it."""
    row = [] if told else [Button("I told it in my own words", action("tell", number))]
    return Whisper(
        "Thank you. You are counted, and nobody sees who did it.",
        *([Text("If you tell others: in your own words. ", shorten(nudge, limit=NUDGE_ROOM))] if nudge else []),
        Buttons(*row, Button("Not done after all", action("undo", number))),
    )


def told(number: int, action: Act, *, shown: bool) -> Whisper:
    """Thank somebody who told it."""
    said = "Your words stand in the thread, with your name." if shown else "It is counted, and your words are not kept."
    return Whisper(f"Thank you. {said}", Buttons(Button("Not done after all", action("undo", number))))


def open_ones(asks: Sequence[tuple[Ask, Came]], action: Act) -> Whisper:
    """Show an organizer the rallies that are open, with the ways to end each."""
    if not asks:
        return Whisper("No rally is open right now.", Buttons(Button("Start one", action("new"), "primary")))
    parts: list[Part] = []
    for ask, came in asks:
        parts += [
            Text(bold("Until "), ask.until, f", {_count(came)}" if came.done else ""),
            Quote(shorten(ask.what, limit=WHAT_ROOM)),
            Buttons(
                Button("Close it now", action("close", ask.number)), Button("Call it off", action("off", ask.number))
            ),
        ]
    return Whisper(*parts)


def on(ask: Ask, until: str) -> str:
    """Name a rally on somebody's own page, in a line."""
    return f"Rally until {until}, {ask.minutes} minutes: {shorten(' '.join(ask.what.split()), limit=120)}"
