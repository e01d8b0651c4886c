from __future__ import annotations

import asyncio

import pytest

from adapters.slack.people import person_of
from bot.chat import DeliveryError, Person, Place
from bot.clock import MovedClock
from tests.adapters.slack_scene import START, Scene, new_stand, slack


def crowd(scene: Scene, number: int) -> None:
    """Let many people be in the channel since before the adapter came."""
    for name in (f"p{one}" for one in range(number)):
        scene.stand.add_person(Person(name, name.title(), "Europe/Berlin"))
        scene.stand.seat("river", name)


async def test_the_people_of_a_channel_are_listed_programs_marked_and_the_gone_left_out() -> None:
    async with slack() as scene:
        scene.stand.add_person(Person("gus", "Gus", bot=True))
        scene.stand.add_person(Person("fay", "Fay", "America/Bogota", steward=True))
        scene.stand.seat("river", "gus", "fay")
        scene.stand.deactivate("dee")
        await scene.stand.say("ben", "river", "Where is Dee?")
        scene.stand.world.conversations["CRIVER"].members["USLACKBOT"] = None
        assert await scene.chat.members(scene.river) == (
            Person("UANA", "Ana", "Europe/Berlin"),
            Person("UDRUMBEAT", "Drumbeat", bot=True),
            Person("UBEN", "Ben", "Europe/Berlin"),
            Person("UCHI", "Chi", "Europe/Berlin"),
            Person("UGUS", "Gus", bot=True),
            Person("UFAY", "Fay", "America/Bogota", steward=True),
        )


async def test_thousands_are_listed_in_pages_and_few_calls() -> None:
    clock = MovedClock(wall=lambda: START)
    stand = new_stand(clock)
    for name in (f"p{one}" for one in range(2500)):
        stand.add_person(Person(name, name.title(), "Europe/Berlin"))
        stand.seat("river", name)
    async with slack(stand) as scene:
        people = await scene.chat.members(scene.river)
        assert len(people) == 2505
        assert people[-1] == Person("UP2499", "P2499", "Europe/Berlin")
        asked = [method for method in scene.methods() if method != "apps.connections.open"]
        assert asked == ["auth.test", *["conversations.members"] * 3, *["users.list"] * 3]
        assert {line["limit"] for line in scene.payloads("conversations.members")} == {999}
        # Known by now, they are not asked for again.
        await scene.chat.members(scene.river)
        assert scene.methods().count("users.list") == 3


async def test_short_pages_are_followed_to_the_end() -> None:
    async with slack() as scene:
        crowd(scene, 60)
        scene.stand.platform.page_limit = 7
        assert len(await scene.chat.members(scene.river)) == 65


async def test_a_list_waits_when_slack_asks_to_slow_down() -> None:
    async with slack() as scene:
        crowd(scene, 60)
        await scene.chat.rest()
    async with slack(scene.stand) as scene:
        for method in ("conversations.members", "users.list", "users.list"):
            scene.stand.fail_next(1, retry_after=0.05, method=method)
        assert len(await scene.chat.members(scene.river)) == 65


async def test_a_list_that_was_cut_off_goes_on_where_it_was() -> None:
    async with slack() as scene:
        crowd(scene, 60)
        await scene.chat.rest()
    async with slack(scene.stand) as scene:
        listing, go_on = asyncio.Event(), asyncio.Event()

        async def hold(method: str) -> None:
            if method == "users.list":
                listing.set()
                await go_on.wait()

        scene.stand.platform.before_call = hold
        asking = asyncio.create_task(scene.chat.members(scene.river))
        await listing.wait()
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        go_on.set()
        await scene.chat.rest()
        assert len(await scene.chat.members(scene.river)) == 65
        assert scene.methods().count("users.list") == 1


async def test_a_channel_that_is_gone_or_not_ours_has_no_people() -> None:
    async with slack() as scene:
        for place in (Place("slack", "TMOVEMENT", "CNOWHERE"), Place("slack", "TOTHER", "CRIVER")):
            with pytest.raises(DeliveryError) as caught:
                await scene.chat.members(place)
            assert caught.value.permanent


async def test_somebody_nobody_can_describe_has_no_new_name() -> None:
    async with slack() as scene:
        scene.stand.world.conversations["CRIVER"].members["UFROMELSEWHERE"] = None
        assert Person("UFROMELSEWHERE", "") in await scene.chat.members(scene.river)


@pytest.mark.parametrize("number", [0, 60])
async def test_without_the_permission_to_see_people_nobody_is_renamed(number: int) -> None:
    async with slack() as scene:
        crowd(scene, number)
        await scene.chat.rest()
    async with slack(scene.stand) as scene:
        scene.stand.set_scopes({"chat:write", "channels:read"})
        with pytest.raises(DeliveryError) as caught:
            await scene.chat.members(scene.river)
        error = caught.value
        assert (error.why, error.permanent, error.gone) == ("I lack the permission users:read", True, False)
        assert error.mend.startswith("Make the manifest anew")


@pytest.mark.parametrize(
    ("described", "person"),
    [
        ({"id": "U1", "name": "ana.b", "profile": {"display_name": "Ana"}, "real_name": "Ana B."}, Person("U1", "Ana")),
        (
            {"id": "U1", "name": "ana.b", "profile": {"display_name": " "}, "real_name": "Ana B."},
            Person("U1", "Ana B."),
        ),
        ({"id": "U1", "name": "ana.b", "profile": {"real_name": "Ana Bo"}}, Person("U1", "Ana Bo")),
        ({"id": "U1", "name": "ana.b"}, Person("U1", "ana.b")),
        ({"id": "U1"}, Person("U1", "")),
        ({"id": "W1", "name": "x", "tz": None, "is_owner": True}, Person("W1", "x", steward=True)),
        (
            {"id": "W1", "name": "x", "tz": "Asia/Kabul", "is_primary_owner": True},
            Person("W1", "x", "Asia/Kabul", steward=True),
        ),
        ({"id": "USLACKBOT", "name": "slackbot", "is_bot": False}, Person("USLACKBOT", "slackbot", bot=True)),
    ],
)
def test_people_are_called_what_they_call_themselves(described: dict[str, object], person: Person) -> None:
    assert person_of(described) == person
