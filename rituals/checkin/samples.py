"""One sample of every check-in view, for the gallery."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from bot.chat import Action, Message, Moment
from bot.ritual import Sample
from rituals.checkin import forms, messages
from rituals.checkin.declaration import ritual
from rituals.checkin.questions import FIRST_SETS


def _action(verb: str, about: str | int = "") -> Action:
    return Action(ritual.name, verb, str(about), 1)


@ritual.gallery
def samples() -> Iterable[Sample]:
    """Give every view with plausible values."""
    day = "Mon 4 May"
    closes = Moment(datetime(2026, 5, 6, 7, 0, tzinfo=UTC), "Wed 6 May, 09:00")
    words, scale = FIRST_SETS[0][1], FIRST_SETS[1][1]
    yield "Open", messages.board(messages.Board(day, words, 3, closes, energy=True), 1, _action)
    yield "Open, with a scale", messages.board(messages.Board(day, scale, 0, closes), 1, _action)
    yield "On one's own page", Message(*messages.owed(closes, 1, _action))
    yield "Closed, late answers welcome", messages.board(messages.Board(day, words, 7, None), 1, _action)
    yield "Closed for good", messages.board(messages.Board(day, words, 1, None, final=True), 1, _action)
    yield (
        "Answers in the thread",
        messages.page(
            day,
            [
                messages.Entry("Chi", "1. Talked to the harbour office\n2. Print the flyer"),
                messages.Entry("Ben", "1. Found a room", late=True),
            ],
        ),
    )
    yield "An answer that moved to a later post", messages.page(day, [])
    given = forms.Given({"1": "Talked to the harbour office"}, "Put up ten posters")
    yield "Answering", forms.answer_form(words, given, _action("answer", 1), most=550)
    yield "Answering a scale", forms.answer_form(scale, forms.Given(), _action("answer", 1), most=550)
    yield "I did something", forms.deed_form("", _action("deed", 1))
    yield (
        "Thank you",
        messages.kept(open_until=closes, late=False, shown=True, change=_action("answer", 1), deed=_action("deed", 1)),
    )
    yield "Tapped", messages.tapped("How was your week with us?", "4", _action("answer", 1), more=True)
    yield "Reminder, in private", messages.reminder("Clean River", 1, closes, _action)
    yield "Reminder, answered", messages.reminder_done("Clean River")
    yield "Energy, in private", messages.energy_question(1, _action)
    yield (
        "Summary",
        messages.summary(
            messages.Outcome(
                day,
                7,
                [("How was your week with us?", (3, 4, 4, 5, 3, 4))],
                [("Chi", "Put up ten posters")],
                (2, 3, 3, 4, 4),
                5,
            )
        ),
    )
    yield "Summary, few figures", messages.summary(messages.Outcome(day, 3, energy_given=3))
    yield "Summary, nobody answered", messages.summary(messages.Outcome(day, 0))
    yield (
        "Question sets",
        messages.question_sets([(1, "Moving forward", words), (2, "How it feels", scale)], _action, full=False),
    )
    yield "Editing questions", forms.question_form(words, _action("set", 1))
    yield (
        "Settings",
        forms.settings_form(
            {"open_hours": "48", "remind_hours": "24", "change_every": "4", "energy": "yes"}, _action("settings")
        ),
    )
