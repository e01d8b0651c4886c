"""Somebody's own page: what they did lately, where that puts them, and one small thing that they could do next."""

from __future__ import annotations

from datetime import timedelta

from bot.chat import Answer, Button
from bot.figures import Record, read_record
from bot.insights.numbers import share
from bot.moments import spoken_span
from bot.turn import Turn
from rituals.me import messages
from rituals.me.declaration import ritual
from rituals.me.offers import Step, find_step
from rituals.me.rising import begin_looking
from rituals.me.words import spoken_record, spoken_standing

CAME_SHOWN = 5


@ritual.command("me", "See your own record and a next small step")
def me(turn: Turn) -> Answer:
    """Show somebody their own page, and nobody else's to anybody."""
    begin_looking(turn)
    if turn.who.opted_out:
        return messages.left_out(turn.movement.name, turn.action)
    record = read_record(turn.db, turn.who, now=turn.now)
    step, button = _say_step(turn, find_step(turn))
    return messages.page(
        messages.Page(
            movement=turn.movement.name,
            done=spoken_record({one.kind: one.quarter for one in record.done}),
            came=[f"{one.title}, {turn.spoken_date(one.at)}" for one in record.came[:CAME_SHOWN]],
            promises=_promises(record),
            standing=spoken_standing(record.level or "newcomer"),
            step=step,
            button=button,
        ),
        turn.action,
    )


def _promises(record: Record) -> str:
    figure = record.follow_through
    return f"Promises kept in time: {share(figure.on_time, figure.counted)}." if figure.counted else ""


def _say_step(turn: Turn, found: Step | None) -> tuple[str, Button | None]:
    if found is not None:
        step, button = found
        whole = step.minutes == 1 or not step.minutes % 60
        minutes = spoken_span(timedelta(minutes=step.minutes)) if whole else f"{step.minutes} minutes"
        return f"{step.words} It takes {minutes}.", button
    if not turn.who.asks:
        return "You would rather not be asked, so I suggest nothing. Settings changes that.", None
    return "There is nothing right now that fits you and the time you have. That is all right.", None
