"""Promises that other rituals make: written down in their turn, about their occurrence, and taken up afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.chat import Answer, Message, Whisper
from bot.people import find_member
from bot.practices import open_slot
from bot.promises import end_of, make_promise, promises_of, spoken_due, spoken_standings
from bot.ritual import Ritual
from bot.tables import Act, Occurrence
from bot.turn import Turn
from rituals.promise import ritual as promise_ritual
from tests.hamlet import Hamlet

circle = Ritual("circle", "A round at whose end somebody promises something.")


@circle.command("end", "End a round with a promise of somebody, perhaps together with whoever ends it")
def end(turn: Turn) -> Answer:
    person, what, *together = turn.words.split()
    occurrence = open_slot(turn.db, turn.practice(), turn.now, now=turn.now)
    owner = find_member(turn.db, turn.movement, person)
    assert occurrence is not None
    assert owner is not None
    due = end_of(turn.today() + timedelta(days=4), zone=turn.zone)
    other = turn.who if together else None
    make_promise(turn, what=what, owner=owner, co_owner=other, due_at=due, about="topic-1", occurrence=occurrence)
    return None


@circle.command("remember", "Put somebody down a moment later")
def remember(turn: Turn) -> Answer:
    turn.later(turn.now, "put-down")
    return None


@circle.timer("put-down")
def put_down(turn: Turn) -> None:
    owner = find_member(turn.db, turn.movement, "chi")
    assert owner is not None
    make_promise(turn, what="posters", owner=owner, due_at=turn.now + timedelta(days=4))


@circle.command("last", "See what came of it")
def last(turn: Turn) -> Answer:
    occurrence = turn.db.scalars(select(Occurrence).order_by(Occurrence.id.desc())).first()
    assert occurrence is not None
    promised = promises_of(turn, occurrence)
    words = spoken_standings(turn, promised)
    lines = [f"{one.what} by {spoken_due(turn, one)}: {words[one.id]}" for one in promised]
    turn.show("last", Message(*lines))
    return Whisper(*(f"{one.ritual} {one.about}" for one in promised))


@pytest.fixture
def hamlet(database_url: str) -> Iterator[Hamlet]:
    hamlet = Hamlet(database_url, circle, promise_ritual)
    yield hamlet
    hamlet.close()


def acts(hamlet: Hamlet) -> list[tuple[object, ...]]:
    with hamlet.database.reading() as db:
        found = select(Act.member_id, Act.kind, Act.occurrence_id).where(Act.kind != "message").order_by(Act.id)
        return [tuple(row) for row in db.execute(found)]


def inbox(hamlet: Hamlet, who: str) -> list[str]:
    return [post.text for post in hamlet.room.inbox(who)]


def test_a_day_ends_at_midnight_also_where_the_clocks_change() -> None:
    assert end_of(date(2026, 10, 25), zone="Europe/Berlin").isoformat() == "2026-10-25T23:00:00+00:00"
    assert end_of(date(2026, 10, 24), zone="Europe/Berlin").isoformat() == "2026-10-24T22:00:00+00:00"


async def test_what_somebody_promises_for_themselves_is_promised_at_once_and_nobody_is_written_to(
    hamlet: Hamlet,
) -> None:
    hamlet.found()
    await hamlet.command("chi", "/end chi gloves")
    await hamlet.settle()
    assert [inbox(hamlet, who) for who in ("ana", "ben", "chi", "dee")] == [[], [], [], []]
    assert acts(hamlet) == [(3, "promise_made", 1)]
    assert await hamlet.command("ana", "/last") == Whisper("circle topic-1")
    await hamlet.settle()
    assert hamlet.channel() == ["gloves by Thu 5 November: still open"]


async def test_somebody_else_is_asked_in_private_and_what_came_of_it_is_told_without_shame(hamlet: Hamlet) -> None:
    hamlet.found()
    await hamlet.command("ana", "/end dee gloves together")
    await hamlet.settle()
    question = (
        "Clean River: Ana asks whether you will do this, by Thu 5 November.\n> gloves\nEither answer is fine.\n"
        "[I'll do it] [I can't]"
    )
    assert inbox(hamlet, "dee") == [question]
    assert acts(hamlet) == []
    await hamlet.command("ana", "/last")
    await hamlet.settle()
    assert hamlet.channel() == ["gloves by Thu 5 November: asked for"]
    post = hamlet.room.inbox("dee")[0]
    assert post.view is not None
    await hamlet.room.press("dee", post.id, post.view.actions[0], "")
    await hamlet.settle()
    assert acts(hamlet) == [(4, "promise_made", 1), (1, "promise_made", 1)]
    hamlet.pass_time(days=9)
    await hamlet.settle()
    await hamlet.command("ana", "/last")
    await hamlet.settle()
    assert hamlet.channel() == ["gloves by Thu 5 November: still open"]


async def test_who_was_put_down_by_nobody_in_particular_is_asked_by_the_movement(hamlet: Hamlet) -> None:
    hamlet.found()
    await hamlet.command("ana", "/remember")
    await hamlet.settle()
    question = (
        "Clean River: Your movement asks whether you will do this, by Thu 5 November, 12:00.\n> posters\n"
        "Either answer is fine.\n[I'll do it] [I can't]"
    )
    assert inbox(hamlet, "chi") == [question]
