"""What is said about listening rounds, nearly always to those of one talk alone; made from plain values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.chat import (
    MESSAGE_LIMIT,
    Action,
    Button,
    Buttons,
    Mention,
    Message,
    Moment,
    Part,
    Piece,
    Quote,
    Text,
    bold,
    shorten,
)
from bot.insights.numbers import share

Act = Callable[..., Action]
# What stays free for our own words around what was heard.
AROUND = 700
NAMES_ROOM = 200
QUESTIONS_ROOM = 900

How = Literal["open", "talked", "off"]


@dataclass(frozen=True, slots=True)
class Shown:
    """A talk as one of its people sees it: with whom, in which round, and how things stand."""

    round: int
    people: Sequence[Mention]
    how: How = "open"
    times: Sequence[Moment] = ()
    questions: Sequence[str] = ()
    until: Moment | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody is asked about their talk: whether it took place, knowing who says so and what was written."""

    shown: Shown
    said_yes: Sequence[str] = ()
    said_no: Sequence[str] = ()
    wrote: Sequence[str] = ()
    mine: str = ""


def _say(names: Sequence[str]) -> str:
    return f"{listed(names)} {'says' if len(names) == 1 else 'say'}"


def listed(names: Sequence[str]) -> str:
    """Join names: 'Ana', 'Ana and Ben', 'Ana, Ben and Chi'."""
    short = [shorten(name, limit=NAMES_ROOM) for name in names]
    return " and ".join([", ".join(short[:-1]), short[-1]]) if len(short) > 1 else "".join(short)


def people_named(people: Sequence[Mention]) -> list[Piece | str]:
    """Join people: a mention for each."""
    pieces: list[Piece | str] = []
    for number, person in enumerate(people):
        pieces += [" and ", person] if number else [person]
    return pieces


def all_of_you(people: Sequence[Mention]) -> list[Piece | str]:
    """Name a talk to one of its people: you and the others."""
    return ["you and " if len(people) == 1 else "you, ", *people_named(people)]


# ------------------------------------------------------------------------------------------------ in the channel


def round_begun(pairs: int, number: int, action: Act) -> Message:
    """Show the channel that a round is on, without a name."""
    talks = "one pair takes" if pairs == 1 else f"{pairs} pairs take"
    return Message(
        Text(bold("Listening round"), f": {talks} half an hour to listen to each other."),
        "Who listens to whom stays between them. Whoever wants to be in the next round can say so.",
        Buttons(Button("I'd like to listen", action("join", number))),
    )


def round_over(talked: int, pairs: int, number: int, action: Act) -> Message:
    """Show the channel how many talked, without a name."""
    said = "it is over." if not pairs else f"it is over. Pairs that talked: {share(talked, pairs)}."
    return Message(
        Text(bold("Listening round"), f": {said}"),
        Buttons(Button("I'd like to listen", action("join", number))),
    )


def shared_words(heard: Sequence[tuple[str, str]], names: Sequence[str]) -> Message:
    """Show everybody what all of one talk agreed to share."""
    room = (MESSAGE_LIMIT - AROUND) // max(len(heard), 1) - NAMES_ROOM
    return Message(
        Text(f"{listed(names)} share what they heard from each other."),
        *(
            Quote(shorten(words, limit=room), by=shorten(f"What {name} heard", limit=NAMES_ROOM))
            for name, words in heard
        ),
    )


def unshared() -> Message:
    """Show that what was shared is not shared any more."""
    return Message("What was shared here was taken back.")


# ------------------------------------------------------------------------------------------------ to one person


def card(movement: str, shown: Shown, action: Act) -> Message:
    """Tell somebody with whom they are, when it might suit both, and what they could ask."""
    who: list[Piece | str] = [bold(movement), ": ", *all_of_you(shown.people)]
    if shown.how == "talked":
        return Message(
            Text(*who, " talked. Thank you for listening."),
            Buttons(
                Button("What was heard", action("read", shown.round)),
                Button("We didn't talk", action("wont", shown.round)),
            ),
        )
    if shown.how == "off":
        return Message(
            Text(*who, " do not talk this round."),
            Buttons(Button("We talked after all", action("talked", shown.round))),
        )
    return Message(
        Text(*who, " are asked to listen to each other: half an hour, within a week."),
        *_times(shown),
        Text("Each of you chooses a question:\n", shorten(_numbered(shown.questions), limit=QUESTIONS_ROOM)),
        Text(
            f"{'A quarter of an hour' if len(shown.people) == 1 else 'Ten minutes'} for each. Whoever asks listens for "
            "about 70% of the time and speaks for the rest. Nobody else is told who listens to whom. Write to each "
            "other to agree on a time."
        ),
        ways_on(shown.round, action),
    )


def _times(shown: Shown) -> list[Part]:
    if not shown.times:
        return [Text("I found no time that is good for all of you; please look for one together.")]
    pieces: list[Piece | str] = ["Times that could suit: ", shown.times[0]]
    for moment in shown.times[1:]:
        pieces += ["; ", moment]
    return [Text(*pieces, ".")]


def _numbered(questions: Sequence[str]) -> str:
    return "\n".join(f"{number}. {question}" for number, question in enumerate(questions, start=1))


def ways_on(number: int, action: Act) -> Buttons:
    """Offer what may become of a talk."""
    return Buttons(
        Button("We talked", action("talked", number), "primary"),
        Button("What I heard", action("hear", number)),
        Button("Not this time", action("wont", number)),
    )


def question(movement: str, asked: Asked, action: Act) -> Message:
    """Ask somebody, once, whether they talked; or tell them what the other says of it."""
    number = asked.shown.round
    who: list[Piece | str] = [bold(movement), ": ", *all_of_you(asked.shown.people)]
    read = [Button("What was heard", action("read", number))] if asked.wrote else []
    wrote: list[Part] = [Text(f"{listed(asked.wrote)} wrote down what they heard.")] if asked.wrote else []
    if asked.shown.how == "talked":
        return Message(Text(*who, " talked. Thank you for listening."), *wrote, *([Buttons(*read)] if read else []))
    if asked.shown.how == "off":
        said: list[Piece | str] = [*who, " do not talk this round."]
        if asked.mine == "yes":
            said = [bold(movement), f": {_say(asked.said_no)} that you did not talk, so it does not count."]
        return Message(Text(*said), *wrote, *([Buttons(*read)] if read else []))
    if asked.said_yes and asked.mine != "yes":
        return Message(
            Text(
                bold(movement),
                f": {_say(asked.said_yes)} that you talked with each other. If so, there is nothing to do.",
            ),
            *wrote,
            Buttons(
                Button("We talked", action("talked", number), "primary"),
                Button("We didn't", action("wont", number)),
                *(read or [Button("What I heard", action("hear", number))]),
            ),
        )
    if asked.mine == "yes":
        return Message(Text("You said that you talked. Thank you."), *wrote, *([Buttons(*read)] if read else []))
    until: list[Piece | str] = [" There is time until ", asked.shown.until, "."] if asked.shown.until else []
    later = [] if asked.mine else [Button("Not yet", action("not-yet", number))]
    return Message(
        Text(*who, ": did you talk? Any answer is fine.", *until),
        Buttons(
            Button("We talked", action("talked", number), "primary"), *later, Button("We won't", action("wont", number))
        ),
    )


def partner_cannot(movement: str, names: Sequence[str], number: int, action: Act) -> Message:
    """Tell somebody that their partner can't, and that they go first in the next round."""
    return Message(
        Text(bold(movement), f": {listed(names)} can't listen this round. You go first in the next one."),
        Buttons(Button("We talked after all", action("talked", number))),
    )


def partner_left(movement: str) -> Message:
    """Tell somebody that nobody is left to listen to."""
    return Message(
        Text(bold(movement), ": whoever you were to listen to has left the movement. You go first in the next round.")
    )


def talk_gone(movement: str, *, waited: bool) -> Message:
    """Put to rest what told of a talk whose other half is forgotten; ``waited``: it might still have taken place."""
    if not waited:
        return Message(Text(bold(movement), ": nothing is kept of this talk any more."))
    return Message(
        Text(bold(movement), ": whoever you were to listen to is in the rounds no more. You go first in the next one.")
    )


def left_out(movement: str, *, no_hours: bool) -> Message:
    """Tell somebody that they have no partner this time, and that they go first in the next round."""
    why = (
        "nobody in it shares two waking hours with you"
        if no_hours
        else "there was nobody left to put you together with"
    )
    return Message(
        Text(bold(movement), f": a listening round has begun, and {why}. You go first in the next one."),
    )
