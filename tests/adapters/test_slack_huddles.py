"""Huddles: who is in one now, who had been, and what becomes of a state that Slack forgot to change."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from bot.chat import DeliveryError, Person, Present, WasPresent
from tests.adapters.slack_scene import START, Scene, logged, slack

BEN = Person("UBEN", "Ben", "Europe/Berlin")
THREAD = {"type": "message", "subtype": "huddle_thread", "user": "USLACKBOT", "ts": "1793530800.000100"}


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with slack() as scene:
        yield scene


async def tell(scene: Scene, event: dict[str, Any]) -> None:
    """Send an event as Slack would, whatever it is."""
    task = scene.stand.platform.events.tell(scene.stand.platform.found("movement"), event)
    assert task is not None
    assert await task
    await scene.chat.rest()


def news(kind: str, room: str, until: int = 0) -> dict[str, Any]:
    """Somebody's user object as Slack tells it, in a huddle or in none."""
    state = {"huddle_state": "in_a_huddle", "huddle_state_call_id": room} if room else {"huddle_state": "default_unset"}
    profile = {**state, "huddle_state_expiration_ts": until}
    return {"type": kind, "user": {"id": "UBEN", "real_name": "Ben", "tz": "Europe/Berlin", "profile": profile}}


def moves(scene: Scene) -> list[tuple[str, str, bool, float]]:
    """Who came where, or left, and at which minute."""
    return [
        (one.who.name, one.place.channel, one.here, (one.at - START).total_seconds() / 60)
        for one in scene.engine.of(Present)
    ]


def pass_minutes(scene: Scene, minutes: int) -> None:
    scene.clock.move_to(scene.clock() + timedelta(minutes=minutes))


async def test_when_a_huddle_is_over_everybody_who_was_there_is_told(scene: Scene) -> None:
    await scene.stand.enter_call("ben", "river")
    pass_minutes(scene, 10)
    await scene.stand.enter_call("chi", "river")
    await scene.stand.leave_call("ben", "river")
    pass_minutes(scene, 10)
    assert scene.engine.of(WasPresent) == []
    await scene.stand.leave_call("chi", "river")
    was = scene.engine.of(WasPresent)
    assert was == [
        WasPresent(id=one.id, who=who, place=scene.river, at=scene.clock(), began=START, room=was[0].room)
        for one, who in zip(was, (BEN, Person("UCHI", "Chi", "Europe/Berlin")), strict=True)
    ]
    assert (len({one.id for one in was}), scene.methods().count("conversations.history")) == (2, 1)


async def test_what_the_event_says_counts_where_the_message_cannot_be_read_again(scene: Scene) -> None:
    await scene.stand.enter_call("ben", "river")
    scene.stand.refuse_next("not_in_channel", "conversations.history")
    with logged() as lines:
        await scene.stand.leave_call("ben", "river")
    assert [one.who.name for one in scene.engine.of(WasPresent)] == ["Ben"]
    assert [(one["event"], one["error"]) for one in lines if one["log_level"] == "warning"] == [
        ("slack: a huddle's message could not be read", "not_in_channel")
    ]


async def test_an_end_without_times_or_people_is_understood(scene: Scene) -> None:
    room = {"id": "R1", "participants": [], "participant_history": ["UBEN"], "has_ended": True, "date_end": "soon"}
    changed = {"type": "message", "subtype": "message_changed", "ts": "1793530900.000100", "channel": "CRIVER"}
    await tell(scene, {**changed, "event_ts": "1793530900.000100", "message": {**THREAD, "room": room}})
    await tell(scene, {**changed, "message": {**THREAD, "room": {"id": "R1", "has_ended": True}}})
    was = scene.engine.of(WasPresent)
    assert [(one.who.id, one.began == one.at, f"{one.at.timestamp():.0f}") for one in was] == [
        ("UBEN", True, "1793530900")
    ]


async def test_a_state_that_is_stuck_ends_when_slack_says_it_does(scene: Scene) -> None:
    soon, later = (int((START + timedelta(minutes=one)).timestamp()) for one in (30, 60))
    await tell(scene, {**THREAD, "channel": "CRIVER", "room": {"id": "R1", "participants": []}})
    await tell(scene, news("user_huddle_changed", "R1", soon))
    await tell(scene, news("user_huddle_changed", "R1", soon))
    await tell(scene, news("user_change", "R1", later))  # and is prolonged like that
    pass_minutes(scene, 40)
    await scene.stand.enter_call("chi", "river")
    assert ("Ben", "CRIVER", False, 60) not in moves(scene)
    pass_minutes(scene, 40)
    await scene.stand.leave_call("chi", "river")
    assert [one for one in moves(scene) if one[0] == "Ben"] == [
        *(("Ben", "CRIVER", True, 0), ("Ben", "CRIVER", False, 60))
    ]


async def test_a_huddle_whose_message_is_deleted_is_over(scene: Scene) -> None:
    await scene.stand.enter_call("ben", "river")
    line = next(one for one in scene.stand.world.lines() if one.subtype == "huddle_thread")
    message = {**THREAD, "ts": line.ts, "room": line.room}
    deleted = {"type": "message", "subtype": "message_deleted", "deleted_ts": line.ts, "ts": "1793530900.000100"}
    await tell(scene, {**deleted, "channel": "CRIVER", "previous_message": message})
    assert [one[:3] for one in moves(scene)] == [("Ben", "CRIVER", True), ("Ben", "CRIVER", False)]
    assert scene.engine.of(WasPresent) == []


async def test_whoever_is_seen_in_the_huddle_is_not_taken_for_stuck(scene: Scene) -> None:
    await scene.stand.enter_call("ben", "river")
    look = scene.chat.inside
    assert await look(scene.river, "CRIVER") == (BEN,)
    pass_minutes(scene, 60 * 30)
    await scene.stand.enter_call("chi", "river")
    assert [one[:3] for one in moves(scene)] == [("Ben", "CRIVER", True), ("Chi", "CRIVER", True)]


async def test_the_huddle_is_found_however_much_was_written_since_and_else_nothing_is_claimed(scene: Scene) -> None:
    await scene.stand.enter_call("ben", "river")
    scene.stand.platform.page_limit = 1
    for number in range(6):
        await scene.stand.say("chi", "river", f"Word {number}")
    known = await scene.chat.inside(scene.river, "CRIVER")
    async with slack(scene.stand) as other:  # a process that did not hear of it
        unknown = await other.chat.inside(scene.river, "CRIVER")
        scene.stand.platform.page_limit = 2
        found = await other.chat.inside(scene.river, "CRIVER")
    assert (known, unknown, [one.id for one in found or ()]) == ((BEN,), None, ["UBEN"])


async def test_a_huddle_that_is_over_is_empty_and_the_next_one_is_another(scene: Scene) -> None:
    assert await scene.chat.inside(scene.river, "CRIVER") == ()
    await scene.stand.enter_call("ben", "river")
    line = next(one for one in scene.stand.world.lines() if one.subtype == "huddle_thread")
    assert line.room is not None
    line.room = line.room | {"has_ended": True}  # and the news of it is still on its way
    assert await scene.chat.inside(scene.river, "CRIVER") == ()
    del scene.stand.world.conversations["CRIVER"].lines[line.ts]
    assert await scene.chat.inside(scene.river, "CRIVER") == ()


async def test_what_is_no_channel_has_no_huddle_that_we_could_see(scene: Scene) -> None:
    assert [await scene.chat.inside(scene.river, room) for room in ("lounge", "the river", "D123")] == [None] * 3
    scene.stand.refuse_next("not_in_channel", "conversations.history")
    with pytest.raises(DeliveryError) as refusal:
        await scene.chat.inside(scene.river, "CRIVER")
    assert refusal.value.permanent
