"""What a retro says in its thread and to one person unasked, made from plain values; the board is in ``boards``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.chat import (
    Action,
    Attachment,
    Button,
    Buttons,
    Message,
    Part,
    Quote,
    Text,
    bold,
    fit,
    shorten,
)

Act = Callable[..., Action]

LINE = 160
NAME = 100
# A topic's post shows so much of its notes; the rest is behind 'Read the notes'.
NOTES_ROOM = 1800
NOTE_ROOM = 900
MOST_NOTES = 8
OUTCOMES_ROOM = 1200


@dataclass(frozen=True, slots=True)
class TopicLine:
    """A topic in a row of topics; ``outcome`` is '' as long as it has none."""

    name: str
    notes: int
    votes: int = 0
    outcome: str = ""


def count(number: int, one: str, many: str = "") -> str:
    """Say a number of things: '1 note', '3 notes'."""
    return f"{number} {one if number == 1 else many or one + 's'}"


# ------------------------------------------------------------------------------------------------ in the thread


@dataclass(frozen=True, slots=True)
class Entry:
    """A note, ready to be shown; ``by`` is '' unless notes are signed."""

    words: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A topic as it is talked about."""

    place: int
    name: str
    votes: int
    notes: Sequence[Entry]
    outcomes: Sequence[str] = ()
    open: bool = True


def entries(notes: Sequence[Entry], *, most: int, room: int) -> list[Quote]:
    """Show as many notes as there is room for, each whole or cut at its end."""
    shown: list[Quote] = []
    for note in notes[:most]:
        quote = Quote(shorten(note.words, limit=NOTE_ROOM), by=shorten(note.by, limit=NAME))
        if quote.weight > room:
            break
        room -= quote.weight
        shown.append(quote)
    return shown


def topic(view: Topic, about: str, action: Act) -> Message:
    """Open the talk about one topic in the thread, and show what came of it."""
    parts: list[Part] = [
        Text(bold(f"{view.place}. {shorten(view.name, limit=300)}"), f" ({count(view.votes, 'vote')})")
    ]
    shown = entries(view.notes, most=MOST_NOTES, room=NOTES_ROOM)
    parts += shown
    if len(shown) < len(view.notes):
        parts.append(Text(f"… and {count(len(view.notes) - len(shown), 'more note', 'more notes')}."))
    if view.outcomes:
        parts.append(Text(bold("What came of it"), "\n", fit(view.outcomes, limit=OUTCOMES_ROOM)))
    elif view.open:
        parts.append(Text("What comes of it? Talk here in the thread, then:"))
    else:
        parts.append(Text("Left open."))
    if view.open:
        parts.append(
            Buttons(
                Button("Make a promise", action("promise", about), "primary"),
                Button("A decision to make", action("decide", about)),
                Button("No action", action("no-action", about)),
            )
        )
    return Message(*parts)


def empty_place(place: int) -> Message:
    """Empty a topic's place in the thread: another vote gave it to none."""
    return Message(Text(bold(f"{place}."), " No topic stands here any more, because the vote began anew."))


def vote_opens(each: int) -> Message:
    """Tell in the thread that the vote is open: the board is some days old by then, and its edits notify nobody."""
    return Message(Text(f"The notes are in. {count(each, 'vote')} each, one minute: press Vote on the board above."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a closed retro came to."""

    day: str
    ending: str
    people: int
    notes: int
    topics: Sequence[TopicLine] = ()
    promises: Sequence[str] = ()
    file: tuple[str, str] | None = None


def summary(view: Summary) -> Message:
    """Close a retro in its thread, with everything that was written as a file."""
    parts: list[Part] = [Text(bold(f"The retro of {view.day} is closed."), f" {view.ending}")]
    if view.notes:
        took = f"{count(view.people, 'person', 'people')} took part, " if view.people else ""
        parts.append(Text(f"{took}{count(view.notes, 'note')}.".capitalize()))
    if view.topics:
        lines = [
            f"{place}. {shorten(one.name, limit=LINE)} ({count(one.votes, 'vote')}): "
            + shorten(one.outcome or "left open", limit=LINE)
            for place, one in enumerate(view.topics, start=1)
        ]
        parts.append(Text(bold("Talked about"), "\n", fit(lines, limit=1200)))
    if view.promises:
        parts.append(Text(bold("Promised"), "\n", fit(view.promises, limit=1200)))
    if view.file is not None:
        parts.append(Attachment(*view.file))
    return Message(*parts)


# ------------------------------------------------------------------------------------------------ to one person


def asked_to_facilitate(movement: str, day: str, occurrence_id: int, action: Act, *, by: str = "") -> Message:
    """Ask somebody, in private, whether they would facilitate."""
    why = (
        f"{shorten(by, limit=NAME)} asks whether you would facilitate it."
        if by
        else "By the rota it would be your turn to facilitate."
    )
    return Message(
        Text(
            f"The retro of {day} in ",
            bold(shorten(movement, limit=200)),
            f" is open. {why} It takes about twenty minutes in all: you keep it moving, I do the rest.",
        ),
        Buttons(
            Button("Yes, I will", action("accept", occurrence_id), "primary"),
            Button("Skip me this time", action("skip", occurrence_id)),
            Button("Ask somebody else", action("swap", occurrence_id)),
        ),
    )


def not_asked_any_more(movement: str, day: str) -> Message:
    """What the request says once it is settled."""
    return Message(Text(f"The retro of {day} in ", bold(shorten(movement, limit=200)), ": nothing left to do here."))


def offer_to_close(movement: str, occurrence_id: int, action: Act) -> Message:
    """Tell the facilitator that every topic has an outcome."""
    return Message(
        Text("Every topic of the retro in ", bold(shorten(movement, limit=200)), " has an outcome. It can be closed."),
        Buttons(Button("Close the retro", action("close", f"{occurrence_id}/discuss"), "primary")),
    )


def spoken_promise(what: str, owner: str, due: str, *, asked: bool) -> str:
    """Say a promise in a line."""
    who = shorten(owner, limit=NAME)
    return f"{'Asked of ' if asked else ''}{who}: {shorten(what, limit=LINE)}, by {due}"


def told(who: str, what: str, how: str) -> str:
    """Say in a line how a promise went."""
    return f"{shorten(who, limit=NAME)}: {shorten(what, limit=LINE)} ({how})"
