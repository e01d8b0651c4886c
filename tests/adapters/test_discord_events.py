"""Gatherings among a Discord server's own events: made, changed, started and ended, and only where that is right."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from adapters.discord.manifest import bits
from bot.chat import Appointment, DeliveryError
from tests.adapters.discord_house import START, House, discord_house
from tests.adapters.discord_platform.rights import Right

TOWN_HALL = Appointment(
    title="Town hall",
    words="What do we do in winter?",
    starts_at=START + timedelta(hours=6),
    ends_at=START + timedelta(hours=7, minutes=30),
    place="Online",
)
IN_CALL = replace(TOWN_HALL, place="Voice channel square", room="square")
SHOWN = ("name", "description", "status", "entity_type", "channel_id", "entity_metadata")
SAID = {"name": "Town hall", "description": "What do we do in winter?"}


def events(house: House) -> list[dict[str, Any]]:
    """The events of the server, by what people see of them."""
    server = house.stand.world.servers[house.native("movement")]
    return [{name: event[name] for name in SHOWN} for event in server.events.values()]


def sent(house: House) -> list[tuple[str, dict[str, Any] | None]]:
    """What was asked of Discord about events, besides looking."""
    about = [call for call in house.recorded if "scheduled-events" in str(call["path"]) and call["method"] != "GET"]
    return [(str(call["method"]), call.get("json")) for call in about]


async def keep(house: House, event_id: str, appointment: Appointment, channel: str = "green") -> str:
    await house.settle()
    return await house.chat.keep_event(house.place(channel), event_id, appointment)


def make_public(house: House) -> None:
    house.stand.add_channel("green", "green", creator="ana", public=True)


async def test_a_gathering_elsewhere_is_an_event_of_the_server_and_follows_every_change() -> None:
    async with discord_house() as house:
        make_public(house)
        event = await keep(house, "", TOWN_HALL)
        there = {**SAID, "entity_type": 3, "channel_id": None, "entity_metadata": {"location": "Online"}}
        assert events(house) == [{**there, "status": 1}]
        # The same again asks for nothing, and neither does a second making that was in doubt.
        assert await keep(house, event, TOWN_HALL) == event
        assert await keep(house, "", TOWN_HALL) == event
        assert [method for method, _ in sent(house)] == ["POST"]
        later = replace(TOWN_HALL, title="Winter hall", starts_at=START + timedelta(hours=7))
        assert await keep(house, event, later) == event
        changes = {"name": "Winter hall", "scheduled_start_time": "2026-11-01T18:00:00+00:00"}
        assert sent(house)[1:] == [("PATCH", changes)]
        # What is elsewhere begins and ends by itself.
        house.pass_time(hours=7, minutes=5)
        assert await keep(house, event, replace(later, state="under way")) == event
        house.pass_time(hours=1)
        assert await keep(house, event, replace(later, state="over")) == event
        assert len(sent(house)) == 2
        assert events(house) == [{**there, "name": "Winter hall", "status": 3}]


async def test_a_gathering_in_a_call_is_started_and_ended() -> None:
    async with discord_house() as house:
        make_public(house)
        house.stand.add_call("square")
        event = await keep(house, "", IN_CALL)
        call = next(one for one in house.stand.world.channels.values() if one.name == "square")
        there = {**SAID, "entity_type": 2, "channel_id": call.id, "entity_metadata": None}
        assert events(house) == [{**there, "status": 1}]
        house.pass_time(hours=6)
        await keep(house, event, replace(IN_CALL, state="under way"))
        # While it runs its start stands still; the rest can change.
        await keep(house, event, replace(IN_CALL, state="under way", starts_at=START, words="In the big room"))
        await keep(house, event, replace(IN_CALL, state="over"))
        assert sent(house)[1:] == [
            ("PATCH", {"status": 2}),
            ("PATCH", {"description": "In the big room"}),
            ("PATCH", {"status": 3}),
        ]
        assert await keep(house, event, IN_CALL) == event  # what is completed stays so


async def test_a_gathering_on_a_stage_moves_to_another_place() -> None:
    async with discord_house() as house:
        make_public(house)
        house.stand.add_call("square", stage=True)
        event = await keep(house, "", IN_CALL)
        assert [one["entity_type"] for one in events(house)] == [1]
        await keep(house, event, TOWN_HALL)
        assert [(one["entity_type"], one["entity_metadata"]) for one in events(house)] == [(3, {"location": "Online"})]


async def test_a_cancelled_gathering_is_a_cancelled_event_and_one_that_nobody_started_goes_quietly() -> None:
    async with discord_house() as house:
        make_public(house)
        house.stand.add_call("square")
        cancelled = await keep(house, "", TOWN_HALL)
        assert await keep(house, cancelled, replace(TOWN_HALL, state="cancelled")) == cancelled
        event = await keep(house, "", IN_CALL)
        assert await keep(house, event, replace(IN_CALL, state="over")) == ""
        running = await keep(house, "", replace(IN_CALL, title="Now"))
        await keep(house, running, replace(IN_CALL, title="Now", state="under way"))
        await keep(house, running, replace(IN_CALL, title="Now", state="cancelled"))
        assert [(one["name"], one["status"]) for one in events(house)] == [("Town hall", 4), ("Now", 3)]
        # What is over, was cancelled or has begun makes no event.
        over = replace(TOWN_HALL, state="over")
        begun = replace(TOWN_HALL, starts_at=START)
        assert [await keep(house, "", one) for one in (over, replace(over, state="cancelled"), begun)] == [""] * 3


async def test_what_only_some_may_see_is_no_event_for_all() -> None:
    async with discord_house() as house:
        make_public(house)
        house.stand.add_call("river")  # whoever sees #river, and nobody else
        house.stand.add_call("square")  # everybody on the server
        assert await keep(house, "", TOWN_HALL, "river") == ""
        assert await keep(house, "", IN_CALL, "river") == ""
        event = await keep(house, "", replace(IN_CALL, room="#River"), "river")
        assert [(one["name"], one["entity_type"]) for one in events(house)] == [("Town hall", 2)]
        # It moves to where everybody would see it.
        assert await keep(house, event, IN_CALL, "river") == ""
        assert events(house) == []
        # Somebody more is let into the call.
        house.stand.seat("river", "chi")
        call = next(one for one in house.stand.world.channels.values() if one.name == "river" and one.kind == 2)
        call.overwrites[house.native("dee")] = replace(
            next(iter(call.overwrites.values())), id="1", allow=Right.VIEW_CHANNEL
        )
        house.stand._tell_channel(call, "UPDATE")
        assert await keep(house, "", replace(IN_CALL, room="river"), "river") == ""


async def test_a_call_that_we_may_not_enter_is_named_and_not_linked() -> None:
    async with discord_house() as house:
        make_public(house)
        house.stand.add_call("square")
        call = next(one for one in house.stand.world.channels.values() if one.name == "square")
        house.stand._change_bot(call, deny=("CONNECT",), allow=())
        await keep(house, "", IN_CALL)
        assert [(one["entity_type"], one["entity_metadata"]) for one in events(house)] == [
            (3, {"location": "Voice channel square"})
        ]


async def refused(house: House, event_id: str = "") -> tuple[str, bool, bool]:
    with pytest.raises(DeliveryError) as told:
        await keep(house, event_id, TOWN_HALL)
    return told.value.why, told.value.permanent, told.value.gone


async def test_a_refusal_says_whether_to_try_again() -> None:
    async with discord_house() as house:
        make_public(house)
        event = await keep(house, "", TOWN_HALL)
        server = house.stand.world.servers[house.native("movement")]
        server.events.clear()
        assert await refused(house, event) == ("somebody deleted the event", True, True)
        roles = server.roles
        bots = next(one for one in roles.values() if one.bot)
        roles[bots.id] = replace(bots, rights=bots.rights & ~Right(bits("create_events")))
        assert (await refused(house))[1:] == (True, False)
        roles[bots.id] = bots
        house.stand.service.outages.append(503)
        assert (await refused(house))[1:] == (False, False)
        for number in range(100):
            server.events[str(number)] = {"status": 1, "entity_type": 2, "creator_id": "1"}
        assert (await refused(house))[1:] == (True, False)


async def test_what_cannot_be_told_apart_from_an_outage_is_tried_again() -> None:
    async with discord_house(connect=False) as house:
        make_public(house)
        assert await refused(house) == ("I am not connected to Discord yet", False, False)
