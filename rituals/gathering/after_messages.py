"""What is said after a gathering: thanks and a question to who came, in private; welcomes only with a yes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from bot.chat import Action, Button, Buttons, Form, Message, Moment, Part, People, Text, Whisper, bold, fit, shorten
from bot.ritual import Sample
from rituals.gathering.declaration import ritual
from rituals.gathering.messages import Act, Shown, named

TITLE_ROOM = 200
NAME_ROOM = 60
MOST_IN_A_LINE = 10
# What those who came are asked, in the order of the retro's usual columns.
QUESTIONS = ("What worked", "What didn't work", "What to try next")
RETRO = "retro"


def came(
    movement: str,
    title: str,
    number: int,
    action: Act,
    *,
    notes_due: Moment | None = None,
    first: bool = False,
    nameless: bool = True,
) -> Message:
    """Thank somebody in private who came, and ask them to look back; the first time also about a welcome.

    ``nameless``: so many came that a line without a name cannot be told from the others'.
    """
    name = bold(shorten(title, limit=TITLE_ROOM))
    parts: list[Part] = [
        Text(bold(movement), ": thank you for coming to ", name, "."),
        Text(
            "What worked, what didn't, what to try next: one line is enough, which takes a minute. It waits for the "
            f"next retro{' without your name' if nameless else ''}."
        ),
        Buttons(
            *(
                Button(label, action("reflect", f"{number}/{column}", ritual=RETRO))
                for column, label in enumerate(QUESTIONS)
            )
        ),
    ]
    if notes_due is not None:
        parts.append(Text("You took the notes; they are promised by ", notes_due, "."))
    if first:
        parts += [
            Text("It was your first time with us. May I welcome you by name in the channel?"),
            Buttons(
                Button("Yes, welcome me", action("welcome", number)),
                Button("No, thank you", action("no-welcome", number)),
            ),
        ]
    return Message(*parts, Buttons(Button("I wasn't there", action("was-not", number))))


def not_known(movement: str, title: str, number: int, action: Act) -> Message:
    """Offer somebody in private who had said yes and was not seen to put it right; a no needs no word."""
    return Message(
        Text(
            bold(movement),
            ": you had said yes to ",
            bold(shorten(title, limit=TITLE_ROOM)),
            ", and nobody has told me that you were there. If you were, one tap puts it right. If not, that is fine, "
            "and nothing is left for you to do.",
        ),
        Buttons(Button("I was there", action("was-there", number))),
    )


def welcomed(names: Sequence[str]) -> Message:
    """Welcome by name those who said that they would like it."""
    *others, last = [shorten(name, limit=NAME_ROOM) for name in names] or [""]
    if len(others) > MOST_IN_A_LINE:
        return Message(fit(["Welcome:", *others, last]))
    named = " and ".join(part for part in (", ".join(others), last) if part)
    return Message(f"Welcome, {named}." if named else "Welcome.")


# ------------------------------------------------------------------------------------------------ notes


def ask_for_notes_form(action: Action) -> Form:
    """Ask whom to ask whether they take notes."""
    return Form(
        "Who takes notes?",
        action,
        People(name="whom", label="Whom may I ask?", hint="I ask them in private; they can say no."),
        submit="Ask them",
    )


def asked_for_notes(movement: str, shown: Shown, by: str, action: Act) -> Message:
    """Ask somebody in private whether they take notes."""
    return Message(
        Text(bold(movement), f": {shorten(by, limit=NAME_ROOM)} asks whether you take notes at ", *named(shown), "."),
        "It takes about 30 minutes: what was said and decided, for those who could not come, within 24 hours "
        "afterwards. Either answer is fine.",
        Buttons(
            Button("I'll take notes", action("notes", shown.number), "primary"),
            Button("I can't", action("notes-no", shown.number)),
        ),
    )


def takes_notes(shown: Shown, action: Act) -> Whisper:
    """Thank somebody who takes notes."""
    return Whisper(
        Text("You take notes at ", *named(shown), ". Thank you."),
        "When it is over, it becomes your promise: the notes within 24 hours. It takes about 30 minutes, and I remind "
        "you once.",
        Buttons(Button("I can't after all", action("notes-off", shown.number))),
    )


# ------------------------------------------------------------------------------------------------ samples


def samples() -> Iterable[Sample]:
    """Give every view with plausible values."""

    def action(verb: str, about: str | int = "", *, ritual: str = ritual.name) -> Action:
        return Action(ritual, verb, str(about), 1)

    at = Moment(datetime(2026, 5, 7, 16, 0, tzinfo=UTC), "Thu 7 May, 18:00")
    shown = Shown(1, "Town hall", at, 90)
    yield "You came, in private", came("Clean River", "Town hall", 1, action)
    yield "You came and took notes, in private", came("Clean River", "Town hall", 1, action, notes_due=at)
    yield "You came for the first time, in private", came("Clean River", "Town hall", 1, action, first=True)
    yield "You came with few others, in private", came("Clean River", "Town hall", 1, action, nameless=False)
    yield "You had said yes, in private", not_known("Clean River", "Town hall", 1, action)
    yield "Welcome", welcomed(["Chi"])
    yield "Welcome, several", welcomed(["Chi", "Dee", "Eli"])
    yield "Who takes notes?", ask_for_notes_form(action("notes-ask", 1))
    yield "Would you take notes? In private", asked_for_notes("Clean River", shown, "Ana", action)
    yield "You take notes", takes_notes(shown, action)
