"""What a check-in asks people to fill in: the answer, what they did, the questions, the settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.chat import (
    FIELD_LABEL_LIMIT,
    FIELDS_LIMIT,
    HINT_LIMIT,
    Action,
    Choice,
    Field,
    Form,
    Option,
    Words,
    shorten,
)
from bot.insights.anonymity import SMALLEST_GROUP
from rituals.checkin.messages import SCALE
from rituals.checkin.questions import MOST_QUESTIONS, QUESTION_LIMIT, is_scale, wording


@dataclass(frozen=True, slots=True)
class Given:
    """What a member answered so far, to be put into the form again."""

    words: dict[str, str] = field(default_factory=dict)
    did: str = ""


def has_deed_field(questions: Sequence[str]) -> bool:
    """Tell whether the form has room to ask what was done; with five questions a button asks instead."""
    return len(questions) < FIELDS_LIMIT


def answer_form(questions: Sequence[str], given: Given, action: Action, *, most: int) -> Form:
    """Ask the questions; with room for it, also whether something was done."""
    fields: list[Field] = [
        _question_field(number, question, given.words.get(str(number), ""), most=most)
        for number, question in enumerate(questions, start=1)
    ]
    if has_deed_field(questions):
        fields.append(
            Words(
                name="did",
                label="Did you do something for us?",
                hint="A line, if you like. It counts as an action.",
                value=given.did,
                required=False,
                most=200,
            )
        )
    return Form("Check-in", action, *fields, submit="Change" if given.words or given.did else "Send")


def _question_field(number: int, question: str, value: str, *, most: int) -> Field:
    words = wording(question)
    # A question may be written in characters that count double, so it is cut by weight.
    short = shorten(words, limit=FIELD_LABEL_LIMIT)
    hint = "" if short == words else shorten(words, limit=HINT_LIMIT)
    if is_scale(question):
        labels = ("1 (low)", "2", "3", "4", "5 (high)")
        return Choice(
            name=f"q{number}",
            label=short,
            hint=hint,
            options=tuple(Option(label, figure) for label, figure in zip(labels, SCALE, strict=True)),
            value=(value,) if value in SCALE else (),
            required=False,
        )
    return Words(name=f"q{number}", label=short, hint=hint, value=value, long=True, required=False, most=most)


def deed_form(value: str, action: Action) -> Form:
    """Ask what somebody did for the movement."""
    return Form(
        "I did something",
        action,
        Words(name="did", label="What did you do for us?", hint="One line is enough.", value=value, most=200),
    )


def question_form(questions: Sequence[str] | None, action: Action) -> Form:
    """Edit one set."""
    written = list(questions or ())
    fields = [
        Words(
            name=f"question{number}",
            label=f"Question {number}",
            hint=_QUESTION_HINTS.get(number, ""),
            value=written[number - 1] if number <= len(written) else "",
            required=False,
            most=QUESTION_LIMIT,
        )
        for number in range(1, MOST_QUESTIONS + 1)
    ]
    return Form("Questions", action, *fields, submit="Save")


_QUESTION_HINTS = {
    1: "End a question with (1-5) and it is answered with a tap.",
    2: "Leave the rest empty if you like: the fewer questions, the more answers.",
    3: "A set without any question is removed.",
    5: "With all five, 'Did you do something for us?' moves to a button.",
}


def settings_form(values: dict[str, str], action: Action) -> Form:
    """Set how a check-in runs."""
    return Form(
        "Check-in settings",
        action,
        Words(
            name="open-hours",
            label="Open for how many hours?",
            hint="It closes earlier when the next one opens.",
            value=values["open_hours"],
            most=4,
        ),
        Words(
            name="remind-hours",
            label="Remind after how many hours?",
            hint="Once, in private, and only those who have not answered. 0: never.",
            value=values["remind_hours"],
            most=4,
        ),
        Words(
            name="change-every",
            label="New questions after how many check-ins?",
            hint="After so many check-ins the next set takes its turn.",
            value=values["change_every"],
            most=3,
        ),
        Choice(
            name="energy",
            label="Ask for energy, in private?",
            hint=f"Shown only as an average of at least {SMALLEST_GROUP} people.",
            options=(Option("Yes", "yes"), Option("No", "no")),
            value=(values["energy"],),
        ),
        submit="Save",
    )
