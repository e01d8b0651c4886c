"""What is said about promises, nearly always to one person alone; made from plain values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.chat import (
    Action,
    Button,
    Buttons,
    Message,
    Quote,
    Text,
    Whisper,
    bold,
    code,
    shorten,
)

Act = Callable[..., Action]
WHAT_ROOM = 900


@dataclass(frozen=True, slots=True)
class Shown:
    """A promise as it is shown: its number, what it is, by when, and who else is in it."""

    number: int
    what: str
    due: str
    who: str = ""


def quoted(what: str, *, room: int = WHAT_ROOM) -> Quote:
    """Show what was promised, letter for letter."""
    return Quote(shorten(what, limit=room))


def ways_on(number: int, action: Act, *, last: Button | None = None) -> Buttons:
    """Offer what may become of an open promise."""
    return Buttons(
        Button("Done", action("done", number), "primary"),
        Button("Need more time", action("more", number)),
        Button("Let it go", action("let-go", number)),
        Button("Need help", action("help", number)),
        *([last] if last is not None else []),
    )


# ------------------------------------------------------------------------------------------------ making and asking


def promised(shown: Shown, reminder: str, asked: str, action: Act) -> Whisper:
    """Tell somebody what they have promised; ``asked`` is who was asked to do it with them."""
    said = ["It stands in /promise list."]
    if reminder:
        said.append(f"I will remind you once, in private: {reminder}.")
    if asked:
        said.append(f"I am asking {asked} in private whether they do it with you.")
    return Whisper(
        Text("You promised this, by ", bold(shown.due), ":"),
        quoted(shown.what),
        Text(" ".join(said)),
        ways_on(shown.number, action),
    )


def asked_for(shown: Shown) -> Whisper:
    """Tell the one who asks that somebody is being asked."""
    return Whisper(
        Text(f"I am asking {shown.who} in private whether they will do this, by ", bold(shown.due), ":"),
        quoted(shown.what),
        "Until they say yes nobody has promised it. I will tell you what they say.",
    )


def question(movement: str, shown: Shown, action: Act, *, together: bool) -> Message:
    """Ask somebody in private whether they will do it; ``together`` with the one who has promised it."""
    asks = (
        f"{shown.who} promised this and asks whether you do it with them, by "
        if together
        else f"{shown.who or 'Your movement'} asks whether you will do this, by "
    )
    return Message(
        Text(bold(movement), ": ", asks, bold(shown.due), "."),
        quoted(shown.what),
        "Either answer is fine.",
        Buttons(
            Button("I'll do it", action("yes", shown.number), "primary"), Button("I can't", action("no", shown.number))
        ),
    )


def settled(what: str, said: str) -> Message:
    """Put a private message to rest that asks nothing any more."""
    return Message(Text(said), quoted(what))


def answered(shown: Shown, *, yes: bool, together: bool) -> Message:
    """Tell the one who asked what the answer is; ``together`` with them, or alone."""
    if together:
        said = "will do this with you" if yes else "can't do this with you now; it stays yours"
    else:
        said = "will do this" if yes else "can't do this now, so nobody has promised it"
    return Message(Text(f"{shown.who} {said} (by {shown.due}):"), quoted(shown.what))


def lapsed(shown: Shown) -> Message:
    """Tell the one who asked that its day has passed without an answer."""
    return Message(
        Text(f"This was asked for by {shown.due}, and nobody had promised it:"),
        quoted(shown.what),
        Text("It is off the list. If it still matters, ask again with ", code("/promise"), "."),
    )


# ------------------------------------------------------------------------------------------------ reminding


def reminder(movement: str, shown: Shown, action: Act) -> Message:
    """Remind somebody of what they promised, before it is due."""
    together = f", together with {shown.who}" if shown.who else ""
    return Message(
        Text(bold(movement), f": you promised this{together}, by ", bold(shown.due), "."),
        quoted(shown.what),
        ways_on(shown.number, action, last=Button("Don't remind me again", action("quiet", shown.number))),
    )


def overdue(movement: str, shown: Shown, action: Act) -> Message:
    """Ask its owner, and nobody else, what became of a promise whose day has passed."""
    return Message(
        Text(bold(movement), ": the day of this promise has passed (", bold(shown.due), ")."),
        quoted(shown.what),
        "Is it done, does it need more time, or shall it go? All three are fine, and only you see this.",
        ways_on(shown.number, action),
    )


# ------------------------------------------------------------------------------------------------ what became of it


def done(what: str, how: str, number: int, action: Act) -> Whisper:
    """Thank somebody."""
    return Whisper(
        Text(f"Thank you. {how}"), quoted(what), Buttons(Button("Not done after all", action("undo", number)))
    )


def open_again(shown: Shown, action: Act) -> Whisper:
    """Show a promise that is open again."""
    return Whisper(
        Text("It is open again, by ", bold(shown.due), "."), quoted(shown.what), ways_on(shown.number, action)
    )


def moved(shown: Shown, reminder: str, action: Act) -> Whisper:
    """Tell somebody the new day."""
    said = f" I will remind you once more: {reminder}." if reminder else ""
    return Whisper(
        Text("Moved. It is due by ", bold(shown.due), " now.", said), quoted(shown.what), ways_on(shown.number, action)
    )


def moved_note(shown: Shown) -> Message:
    """Tell those who are in it, too, that it has a new day."""
    return Message(Text(f"{shown.who} moved this; it is due by ", bold(shown.due), " now."), quoted(shown.what))


def let_go(what: str, number: int, action: Act) -> Whisper:
    """Say that a promise is let go."""
    return Whisper(
        Text("Let go. That is a fair answer, too."),
        quoted(what),
        Buttons(Button("Take it up again", action("undo", number))),
    )


def let_go_note(shown: Shown, action: Act | None = None) -> Message:
    """Tell who is in it, too, that somebody let it go; with ``action`` it is theirs alone now."""
    if action is None:
        return Message(Text(f"{shown.who} let go of this, so nobody carries it now:"), quoted(shown.what))
    return Message(
        Text(f"{shown.who} let go of this; it is yours alone now, by ", bold(shown.due), "."),
        quoted(shown.what),
        ways_on(shown.number, action),
    )


# ------------------------------------------------------------------------------------------------ help


def help_wanted(shown: Shown, action: Act) -> Message:
    """Ask the channel for a hand."""
    return Message(
        Text(f"{shown.who} could use a hand with this, by ", bold(shown.due), ":"),
        quoted(shown.what),
        Buttons(Button("I can help", action("hand", shown.number), "primary")),
    )


def help_found(what: str, said: str) -> Message:
    """Show the channel that help was found, or is not needed any more."""
    return Message(Text(said), quoted(what))


def taken_back() -> Message:
    """Show the channel that somebody who asked for a hand is not in it any more."""
    return Message("A promise that stood here was taken back.")


def ask_aloud(what: str, number: int, action: Act) -> Whisper:
    """Ask whether a promise that only few may see shall be shown to everybody."""
    return Whisper(
        "Only you and those named can see this promise. Asking for help shows it to the whole channel.",
        quoted(what),
        Buttons(Button("Ask the channel", action("help-aloud", number), "primary")),
    )


def helper_note(shown: Shown) -> Message:
    """Tell whoever needs help who offers it."""
    return Message(Text(f"{shown.who} will help you with this. Write to them."), quoted(shown.what))


def helping(shown: Shown) -> Whisper:
    """Thank whoever helps."""
    return Whisper(
        Text(f"Thank you. I have told {shown.who}; write to them, too. It is due by ", bold(shown.due), "."),
        quoted(shown.what),
    )


# ------------------------------------------------------------------------------------------------ somebody left


def free_to_take(movement: str, shown: Shown, action: Act) -> Message:
    """Tell somebody that a promise is free to take because its owner has left."""
    return Message(
        Text(bold(movement), f": {shown.who} has left, so this is free to take, by ", bold(shown.due), "."),
        quoted(shown.what),
        Buttons(Button("I'll take it", action("take", shown.number), "primary")),
    )
