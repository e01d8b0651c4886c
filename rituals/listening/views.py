"""What one person sees when they ask or act: how they stand to the rounds, and what was heard in their talk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.chat import MESSAGE_LIMIT, Button, Buttons, Moment, Part, Piece, Quote, Text, Whisper, shorten
from rituals.listening.messages import (
    AROUND,
    NAMES_ROOM,
    Act,
    How,
    Shown,
    all_of_you,
    listed,
    people_named,
    ways_on,
)


@dataclass(frozen=True, slots=True)
class Heard:
    """What those of one talk wrote down, one's own first, and who is ready to share it."""

    round: int
    mine: str
    others: Sequence[tuple[str, str]]
    sharing: bool = False
    waiting_for: Sequence[str] = ()
    shared: bool = False
    final: bool = False


@dataclass(frozen=True, slots=True)
class Status:
    """How somebody stands to the rounds, and what they may do."""

    lines: Sequence[str]
    listens: bool
    organizes: bool = False
    running: bool = False
    talk: Shown | None = None


def status(view: Status, action: Act) -> Whisper:
    """Tell somebody how they stand to the rounds, with what they can do."""
    row = [Button("Stop listening", action("stop"))] if view.listens else []
    row += [] if view.listens else [Button("I'd like to listen", action("join", 0), "primary")]
    if view.organizes:
        row.append(Button("End the round", action("end")) if view.running else Button("Start a round", action("now")))
    talk: list[Part] = []
    if view.talk is not None:
        now = {"open": "This round you listen with ", "talked": "You talked with ", "off": "No talk this round with "}
        ways = (
            ways_on(view.talk.round, action)
            if view.talk.how == "open"
            else Buttons(Button("What was heard", action("read", view.talk.round)))
        )
        talk = [Text(now[view.talk.how], *people_named(view.talk.people), "."), ways]
    return Whisper(*(Text(line) for line in view.lines), *talk, Buttons(*row))


def said_yes(others: Sequence[str], number: int, action: Act, *, how: How) -> Whisper:
    """Thank somebody who says they talked."""
    told = {
        "talked": "It counts for all of you.",
        "open": f"I ask {listed(others)}, too; without a no it counts in three days.",
        "off": f"{listed(others)} said that it did not take place, so it counts once they say it did.",
    }
    return Whisper(
        f"Thank you for listening. {told[how]}",
        "If you like, write down what you heard: only those who were in the talk can read it.",
        Buttons(Button("What I heard", action("hear", number)), Button("We didn't talk", action("wont", number))),
    )


def said_not_yet(until: Moment | None) -> Whisper:
    """Leave somebody in peace who has not talked yet."""
    if until is None:
        return Whisper("That is fine. It still counts when you have talked.")
    return Whisper(Text("That is fine. There is time until ", until, ", and I will not ask again."))


def said_no(others: Sequence[str], *, told: bool, number: int, action: Act) -> Whisper:
    """Accept that somebody can't, or did not."""
    return Whisper(
        f"That is fine. I tell {listed(others)}, and nobody else."
        if told
        else "That is fine. Nothing is written down.",
        Buttons(Button("We talked after all", action("talked", number))),
    )


def heard_words(view: Heard, action: Act) -> Whisper:
    """Show somebody of a talk what was heard in it."""
    room = (MESSAGE_LIMIT - AROUND) // (len(view.others) + 1) - NAMES_ROOM
    parts: list[Part] = []
    for name, words in view.others:
        by = shorten(f"What {name} heard", limit=NAMES_ROOM)
        parts.append(Quote(shorten(words, limit=room), by=by) if words else Text(f"{by}: nothing is written yet."))
    if view.mine:
        parts.append(Quote(shorten(view.mine, limit=room), by="What you heard"))
    if view.shared:
        said = "All of you share it, so it stands in the thread of the round. Any of you can take it back."
    elif view.sharing:
        said = f"You would share it. It stays between you until {listed(view.waiting_for)} would, too."
    else:
        said = (
            "Only those who were in the talk can read this. It is deleted after 400 days, and shared only if all of "
            "you press Share."
        )
    parts.append(Text(said))
    if not view.final:
        row = [Button("Change mine" if view.mine else "Write what I heard", action("hear", view.round))]
        row += [Button("Delete mine", action("erase", view.round))] if view.mine else []
        if view.sharing:
            row.append(Button("Don't share", action("unshare", view.round)))
        elif view.mine or any(words for _, words in view.others):
            row.append(Button("Share", action("share", view.round)))
        parts.append(Buttons(*row))
    return Whisper(*parts)


def owed(shown: Shown, action: Act) -> tuple[Part, ...]:
    """Show somebody on their own page with whom they are to talk."""
    until: list[Piece | str] = [", until ", shown.until] if shown.until else []
    return (
        Text("Half an hour to listen to each other: ", *all_of_you(shown.people), *until, "."),
        ways_on(shown.round, action),
    )
