"""What the gathering asks people to fill in when one is announced, changed, cancelled or handed on."""

from __future__ import annotations

from dataclasses import dataclass

from bot.chat import ANSWER_LIMIT, HINT_LIMIT, Action, Choice, Form, Option, People, When, Words
from rituals.gathering.declaration import KINDS, PLACE_MOST, PURPOSES, TITLE_MOST, WORDS_MOST

WHY_MOST = 200
LENGTH_MOST = 20
CADENCE_MOST = 100
PLACES_MOST = 5
WHERE_HINT = "'voice Lounge', 'huddle', a link or an address. May stay empty for now."


@dataclass(frozen=True, slots=True)
class Filled:
    """What is known already of what a form asks for, each as people write it."""

    title: str = ""
    when: str = ""
    minutes: str = ""
    where: str = ""
    again: str = ""
    capacity: str = ""
    words: str = ""
    kind: str = "call"
    purpose: str = "organizing"
    co_host: str = ""


def announce_form(filled: Filled, hint: str, action: Action) -> Form:
    """Ask for what a gathering needs, with what is known filled in; ``hint`` says what was not understood."""
    return Form(
        "A gathering",
        action,
        _title(filled.title),
        When(
            name="when",
            label="When?",
            hint=_cut(hint or "Such as 'tomorrow 18:00'."),
            value=filled.when,
            clock=True,
        ),
        _length(filled.minutes),
        _where(filled.where),
        Words(
            name="again",
            label="Does it come again?",
            hint="Such as 'every other tuesday'. Empty: this once.",
            value=_whole(filled.again, CADENCE_MOST),
            required=False,
            most=CADENCE_MOST,
        ),
        submit="Announce it",
    )


def change_form(filled: Filled, action: Action) -> Form:
    """Ask for one gathering's new time and place."""
    return Form(
        "Time and place",
        action,
        When(name="when", label="When?", value=filled.when, clock=True),
        _length(filled.minutes),
        _where(filled.where),
        _places(filled.capacity),
        Words(
            name="words",
            label="What should people know?",
            value=filled.words,
            long=True,
            required=False,
            most=WORDS_MOST,
        ),
        submit="Save",
    )


def change_series_form(filled: Filled, action: Action) -> Form:
    """Ask for the new rhythm and place of several gatherings of a series."""
    return Form(
        "Time and place",
        action,
        Words(
            name="again",
            label="How often, and at what time?",
            hint="Such as 'every other tuesday 18:00'.",
            value=filled.again,
            most=CADENCE_MOST,
        ),
        _length(filled.minutes),
        _where(filled.where),
        _places(filled.capacity),
        submit="Save",
    )


def details_form(filled: Filled, action: Action) -> Form:
    """Ask what it is called, what kind it is, what it is for, and who helps to host it."""
    return Form(
        "Details",
        action,
        _title(filled.title),
        Choice(
            name="kind",
            label="What kind is it?",
            options=tuple(Option(label.capitalize(), value) for value, label in KINDS.items()),
            value=(filled.kind,),
        ),
        Choice(
            name="purpose",
            label="What is it for?",
            options=tuple(Option(label.capitalize(), value) for value, label in PURPOSES.items()),
            value=(filled.purpose,),
        ),
        People(
            name="co-host",
            label="Who hosts it with the host?",
            hint="They are told, and can step down. May stay empty.",
            value=(filled.co_host,) if filled.co_host else (),
            required=False,
        ),
        submit="Save",
    )


def cancel_form(action: Action) -> Form:
    """Ask why it is called off, which nobody needs to say."""
    return Form(
        "Cancel it",
        action,
        Words(
            name="why",
            label="Why? May stay empty.",
            hint="Shown to those who wanted to come.",
            required=False,
            most=WHY_MOST,
        ),
        submit="Cancel it",
    )


def ask_host_form(action: Action) -> Form:
    """Ask whom to ask whether they host it."""
    return Form(
        "Who could host it?",
        action,
        People(name="whom", label="Whom may I ask?", hint="I ask them in private; they can say no."),
        submit="Ask them",
    )


def cut_units(words: str, most: int) -> str:
    """Cut words to so many characters as forms and labels count them."""
    units = words.encode("utf-16-le")
    return words if len(units) <= 2 * most else units[: 2 * most - 2].decode("utf-16-le", "ignore") + "…"


def _title(title: str) -> Words:
    """Too long a title comes back whole, to be shortened."""
    long = _units(title) > TITLE_MOST
    return Words(
        name="title",
        label="What is it?",
        hint="Such as: Town hall",
        value=_whole(title, ANSWER_LIMIT) if long else title,
        long=long,
        most=ANSWER_LIMIT if long else TITLE_MOST,
    )


def _length(minutes: str) -> Words:
    return Words(
        name="length", label="How long does it take?", hint="Such as '90m' or '2h'.", value=minutes, most=LENGTH_MOST
    )


def _where(place: str) -> Words:
    return Words(
        name="where", label="Where?", hint=WHERE_HINT, value=_whole(place, PLACE_MOST), required=False, most=PLACE_MOST
    )


def _places(capacity: str) -> Words:
    return Words(
        name="places",
        label="For how many people?",
        hint="A number. Empty: for as many as come. The hosts take no place.",
        value=capacity,
        required=False,
        most=PLACES_MOST,
    )


def _units(words: str) -> int:
    return len(words.encode("utf-16-le")) // 2


def _whole(words: str, most: int) -> str:
    return cut_units(words, most)


def _cut(hint: str) -> str:
    return cut_units(hint, HINT_LIMIT)
