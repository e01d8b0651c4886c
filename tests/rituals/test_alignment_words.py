"""Whatever people type fits: every view of the alignment check, built from the longest and heaviest words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.chat import Action, Form, Message, Moment, Quote
from bot.insights.alignment import Drift
from rituals.alignment import forms, messages, views
from rituals.alignment.declaration import ACTIVITY_MOST, REASON_MOST, WHY_MOST

LONG = Moment(datetime(2026, 5, 1, tzinfo=UTC), "x" * 60)
MANY = 10**12
heavy = pytest.mark.parametrize("letter", ["*", "W", "\N{BROOM}", "a\n"])


def action(verb: str, about: str | int = "") -> Action:
    return Action("alignment-check", verb, str(about), MANY)


def filled(letter: str, most: int) -> str:
    """As many as a field takes; a field of one line has no line breaks."""
    return (letter * (most // (len(letter.encode("utf-16-le")) // 2))).strip()


def line(letter: str, most: int) -> str:
    return filled(letter.strip(), most)


def asked(letter: str) -> messages.Asked:
    label = line(letter, ACTIVITY_MOST)
    chosen = [f"{label}: we change it. {line(letter, 300)} (done by a new date)"] * 10
    return messages.Asked(filled(letter, 600), 99, [(label, "12345 times in 90 days")] * 9, chosen, line(letter, 80))


@heavy
def test_before_and_while_rating(letter: str) -> None:
    view = asked(letter)
    for anonymous in (True, False):
        messages.draft(view, 99, LONG, MANY, action, anonymous=anonymous)
    board = messages.Board("Mon 30 November 2026", view, "signed", 9999, LONG, last_day=True)
    shown = messages.board(board, MANY, action)
    # Word for word, whatever it weighs.
    assert Quote(filled(letter, 600), by="Our mission, version 99") in shown.parts
    labels = [(position, line(letter, ACTIVITY_MOST)) for position in range(6, 11)]
    about = f"{MANY}/2/abcdefghijklmnop"
    assert isinstance(forms.rating_form(labels, {}, action("rate", about), first=True), Form)
    forms.reasons_form(labels, {6: filled(letter, REASON_MOST)}, action("sign-why", about))
    forms.list_form([labels[0][1]] * 9, action("list", MANY))


@heavy
def test_results(letter: str) -> None:
    label, name = line(letter, ACTIVITY_MOST), line(letter, 30)
    said = [messages.Result(f"{number}. {label}", ", ".join([f"{name} 5"] * 4)) for number in range(1, 11)]
    drift = Drift(0.5, mission_down=True, mission_split=True)
    assert isinstance(
        messages.results(messages.Results(4, True, said, drift, b"\x89PNG", reasons=True), MANY, action), Message
    )
    messages.reasons([(f"10. {label}", f"{name}: {filled(letter, REASON_MOST)}")] * 12, 1, MANY, action)


@heavy
def test_choosing(letter: str) -> None:
    label, name = line(letter, ACTIVITY_MOST), line(letter, 80)
    stands = views.stands("change", mission=False, state="objected")
    items = [views.Item(MANY + number, f"{number}. {label}", stands) for number in range(10)]
    views.choices(items, LONG, MANY, action, proposed=10, talk=True)
    objections = [(name, filled(letter, REASON_MOST))] * 5
    why, words = filled(letter, WHY_MOST), filled(letter, 600)
    promise = f"{name}, by Tue 30 November 2027: {line(letter, 300)}"
    for mission, promised in ((words, ""), ("", promise)):
        proposed = views.Proposed(MANY, "change", name, why, mission, promised, 99, 99, LONG, objections)
        whisper = views.item(items[0], proposed, action, decided=False, said="object")
        assert not mission or Quote(mission, by="The mission, as proposed") in whisper.message.parts
    messages.mission_written(words, 99, f"proposed by {name} and agreed")
