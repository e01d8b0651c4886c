"""More time for a promise: a new day, agreed in good time or not, told to those who are in it."""

from __future__ import annotations

from datetime import timedelta

from bot.chat import Answer, Problems
from bot.tables import Member, Promise, Renegotiation
from bot.turn import Turn
from rituals.promise import forms, messages
from rituals.promise.declaration import ritual
from rituals.promise.found import asker_of, find, others, refuse
from rituals.promise.making import last_day, read_answer
from rituals.promise.reminding import plan, unplan
from rituals.promise.shown import settle_messages, show, spoken_reminder

WEEK = timedelta(days=7)


@ritual.press("more")
def open_more_time(turn: Turn) -> Answer:
    """Ask for a new day; a week later is proposed."""
    promise = find(turn)
    refusal = refuse(turn, promise)
    if promise is None or refusal is not None:
        return refusal
    proposed = last_day(turn, max(promise.due_at, turn.now) + WEEK)
    return forms.more_time_form(proposed, show(turn, promise).due, turn.action("more", promise.id))


@ritual.submit("more")
def give_more_time(turn: Turn) -> Answer:
    """Move a promise. It counts as agreed in good time only if the day before had not passed."""
    promise = find(turn)
    refusal = refuse(turn, promise)
    if promise is None or refusal is not None:
        return Problems({"": "This promise is not open any more, so there is nothing to move."})
    answers = turn.answers
    due_at = read_answer(turn, answers)
    if due_at is not None and not answers.problems and due_at <= promise.due_at:
        answers.problems["by"] = f"Choose a day after {show(turn, promise).due}."
    if due_at is None or answers.problems:
        return Problems(answers.problems)
    settle_messages(turn, promise, "This has a new day now.")
    unplan(turn, promise)
    turn.db.add(Renegotiation(promise_id=promise.id, was_due_at=promise.due_at, due_at=due_at, agreed_at=turn.now))
    promise.due_at = due_at
    plan(turn, promise)
    shown = show(turn, promise, who=turn.who.name)
    for member in _who_should_know(turn, promise):
        key = f"moved:{promise.id}:{member.id}:{due_at:%Y%m%d%H%M}"
        turn.dm(member, key, messages.moved_note(shown), about=str(promise.id))
    return messages.moved(shown, spoken_reminder(turn, promise, turn.who), turn.action)


def _who_should_know(turn: Turn, promise: Promise) -> list[Member]:
    asker = asker_of(turn, promise)
    return [*others(turn, promise), *([asker] if asker is not None else [])]
