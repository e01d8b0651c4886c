"""One sample of every check-in view, for the gallery."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from bot.chat import Action, Moment
from bot.ritual import Sample
from rituals.checkin import views
from rituals.checkin.opening import ritual
from rituals.checkin.questions import FIRST_SETS


def _action(verb: str, about: str | int = "") -> Action:
    return Action(ritual.name, verb, str(about), 1)


@ritual.gallery
def samples() -> Iterable[Sample]:
    """Give every view with plausible values."""
    day = "Mon 4 May"
    closes = Moment(datetime(2026, 5, 6, 7, 0, tzinfo=UTC), "Wed 6 May, 09:00")
    words, scale = FIRST_SETS[0][1], FIRST_SETS[1][1]
    yield "Open", views.board(views.Board(day, words, 3, closes, energy=True), 1, _action)
    yield "Open, with a scale", views.board(views.Board(day, scale, 0, closes), 1, _action)
    yield "Closed, late answers welcome", views.board(views.Board(day, words, 7, None), 1, _action)
    yield "Closed for good", views.board(views.Board(day, words, 1, None, final=True), 1, _action)
    yield (
        "Answers in the thread",
        views.page(
            day,
            [
                views.Entry("Chi", "1. Talked to the harbour office\n2. Print the flyer"),
                views.Entry("Ben", "1. Found a room", late=True),
            ],
        ),
    )
    given = views.Given({"1": "Talked to the harbour office"}, "Put up ten posters")
    yield "Answering", views.answer_form(words, given, _action("answer", 1), most=550)
    yield "Answering a scale", views.answer_form(scale, views.Given(), _action("answer", 1), most=550)
    yield "I did something", views.deed_form("", _action("deed", 1))
    yield "Thank you", views.kept(open_until=closes, late=False, shown=True, occurrence_id=1, action=_action, deed=True)
    yield "Tapped", views.tapped("How was your week with us?", "4", _action("answer", 1), more=True)
    yield "Reminder, in private", views.reminder("Clean River", 1, closes, _action)
    yield "Reminder, answered", views.reminder_done("Clean River")
    yield "Energy, in private", views.energy_question(1, _action)
    yield (
        "Summary",
        views.summary(
            views.Outcome(
                day,
                7,
                [("How was your week with us?", (3, 4, 4, 5, 3, 4))],
                [("Chi", "Put up ten posters")],
                (2, 3, 3, 4, 4),
                5,
            )
        ),
    )
    yield "Summary, few figures", views.summary(views.Outcome(day, 3, energy_given=3))
    yield "Summary, nobody answered", views.summary(views.Outcome(day, 0))
    yield (
        "Question sets",
        views.question_sets([(1, "Moving forward", words), (2, "How it feels", scale)], _action, full=False),
    )
    yield "Editing questions", views.question_form(words, _action("set", 1))
    yield (
        "Settings",
        views.settings_form(
            {"open_hours": "48", "remind_hours": "24", "change_every": "4", "energy": "yes"}, _action("settings")
        ),
    )
