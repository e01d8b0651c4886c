"""Who belongs to a channel on Discord, who comes and who goes, as Drumbeat learns it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.chat import Changed, DeliveryError, Joined, Left, Message, Person, Place
from tests.adapters.discord_house import START, House, discord_house
from tests.adapters.discord_platform.rights import Right, Role

HELLO = Message("Hello")


async def test_everybody_who_can_see_the_channel_is_a_member() -> None:
    async with discord_house() as house:
        house.stand.add_channel("sea", "sea", creator="eli")
        house.stand.add_person(Person("robo", "Robo", bot=True))
        house.stand.add_person(Person("fay", "Fay", steward=True))
        house.stand.seat("river", "robo", "fay")
        await house.settle()
        members = await house.chat.members(house.place())
        founder = Person(house.stand.world.servers[house.native("movement")].owner, "Founder", steward=True, bot=True)
        robo = Person(house.native("robo"), "Robo", bot=True)
        there = [house.person("ana", steward=True), house.person("ben"), robo, house.person("fay", steward=True)]
        assert sorted(members, key=lambda person: person.name) == sorted([*there, founder], key=lambda one: one.name)


async def test_many_members_come_in_pages() -> None:
    async with discord_house(connect=False) as house:
        for number in range(1000):
            house.stand.add_person(Person(f"p{number}", f"P{number}"))
        house.stand.seat("river", *(f"p{number}" for number in range(1000)))
        await house.connect()
        assert len({person.id for person in await house.chat.members(house.place())}) == 1000 + 3
        assert [call["status"] for call in house.calls("GET", "/members")] == [200, 200]


async def test_without_the_grant_drumbeat_says_what_it_cannot_know() -> None:
    async with discord_house(privileged=()) as house:
        with pytest.raises(DeliveryError) as told:
            await house.chat.members(house.place())
        assert (told.value.why, told.value.permanent) == ("Discord does not tell me who is in a channel", True)
        assert told.value.mend == (
            "Switch on 'Server Members Intent' on your application's page (Bot, Privileged Gateway Intents) and start "
            "Drumbeat again. Until then people are members once they act, and whoever never does is not missed."
        )


# ------------------------------------------------------------------------------------------------ coming and going


def comings(house: House) -> list[tuple[str, str, str]]:
    """Who came into which channel and who left, by short names."""
    return [
        (type(heard).__name__, heard.who.name, house.stand.named(heard.place.channel))
        for heard in house.heard
        if isinstance(heard, Joined | Left)
    ]


async def test_whoever_comes_into_a_home_channel_has_joined_and_who_leaves_it_has_left() -> None:
    async with discord_house() as house:
        house.stand.add_channel("sea", "sea", creator="ana")
        await house.chat.members(house.place())
        house.pass_time(minutes=5)
        await house.stand.join("chi", "river")
        await house.stand.join("ben", "sea")
        house.pass_time(minutes=5)
        await house.stand.leave("chi", "river")
        assert comings(house) == [("Joined", "Chi", "river"), ("Left", "Chi", "river")]
        assert [heard.at for heard in house.heard] == [START + timedelta(minutes=5), START + timedelta(minutes=10)]


async def test_whoever_leaves_the_channel_and_stays_on_the_server_has_left() -> None:
    async with discord_house() as house:
        house.stand.add_channel("sea", "sea", creator="ana")
        house.stand.seat("sea", "ben")
        await house.chat.members(house.place())
        await house.stand.leave("ben", "river")
        await house.stand.join("ben", "river")
        assert comings(house) == [("Left", "Ben", "river"), ("Joined", "Ben", "river")]


async def test_a_channel_becomes_a_home_when_something_is_posted_in_it() -> None:
    async with discord_house() as house:
        await house.chat.post(house.place(), HELLO, once="1")
        await house.stand.join("chi", "river")
        await house.stand.leave("ben", "river")
        assert comings(house) == [("Joined", "Chi", "river"), ("Left", "Ben", "river")]


async def test_on_a_public_channel_everybody_of_the_server_has_joined() -> None:
    async with discord_house() as house:
        house.stand.add_channel("plaza", "plaza", creator="ana", public=True)
        await house.settle()
        await house.chat.members(house.place("plaza"))
        await house.stand.join("chi", "river")
        assert comings(house) == [("Joined", "Chi", "plaza")]


async def test_a_channel_that_is_opened_to_everybody_lets_people_join() -> None:
    async with discord_house() as house:
        house.stand.add_channel("sea", "sea", creator="eli")
        await house.chat.members(house.place())
        channel = house.stand.world.channels[house.native("river")]
        closed = channel.overwrites.pop(house.native("movement"))
        house.stand._tell_channel(channel, "UPDATE")
        await house.settle()
        channel.overwrites[house.native("movement")] = closed
        house.stand._tell_channel(channel, "UPDATE")
        await house.settle()
        assert comings(house) == [("Joined", "Eli", "river"), ("Left", "Eli", "river")]


async def test_a_role_that_opens_a_channel_lets_people_join() -> None:
    async with discord_house() as house:
        await house.chat.members(house.place())
        house.stand.add_channel("sea", "sea", creator="eli")
        assert comings(house) == []
        server = house.stand.world.servers[house.native("movement")]
        stewards = next(role for role in server.roles.values() if role.name == "Stewards")
        server.members[house.native("eli")].roles.append(stewards.id)
        told = {"guild_id": server.id, "role": {"id": stewards.id, "name": "Stewards", "permissions": "8"}}
        server.roles[stewards.id] = Role(stewards.id, "Stewards", Right.ADMINISTRATOR)
        await house.stand.tell("GUILD_ROLE_UPDATE", told)
        assert comings(house) == [("Joined", "Eli", "river")]


async def test_who_came_and_left_while_the_line_was_broken_is_noticed() -> None:
    async with discord_house() as house:
        await house.chat.members(house.place())
        gateway = house.stand.service.gateway
        house.stand.invalidate_sessions()
        await house.stand.wait_until(lambda: house.stand.connected == 0)
        house.stand.seat("river", "chi")
        await house.stand.leave("ben", "river")
        await house.stand.wait_until(lambda: gateway.identified == 2)
        await house.chat.ready()
        await house.stand.say("ana", "river", "Back")
        assert comings(house) == [("Joined", "Chi", "river"), ("Left", "Ben", "river")]


async def test_a_new_name_is_heard() -> None:
    async with discord_house() as house:
        await house.stand.say("ben", "river", "Hello")
        await house.stand.rename("ben", "Benedict")
        heard = house.of(Changed)
        there = Place("discord", house.native("movement"))
        assert heard == [
            Changed(id=heard[0].id, who=Person(house.native("ben"), "Benedict"), place=there, at=START),
        ]


async def test_what_people_do_on_another_server_stays_there() -> None:
    async with discord_house() as house:
        house.stand.add_channel("sea", "sea", workspace="other", creator="ben")
        await house.chat.members(house.place())
        await house.chat.members(house.place("sea", workspace="other"))
        await house.stand.join("chi", "sea")
        await house.stand.say("ben", "sea", "Ahoy")
        await house.stand.say("ben", "river", "Hello")
        assert [heard.place for heard in house.heard] == [
            house.place("sea", workspace="other"),
            house.place("sea", workspace="other"),
            house.place(),
        ]


async def test_without_the_grant_people_are_known_as_they_act() -> None:
    async with discord_house(privileged=()) as house:
        await house.chat.post(house.place(), HELLO, once="1")
        await house.stand.join("chi", "river")
        await house.stand.say("chi", "river", "Hello")
        assert [(type(heard).__name__, heard.who) for heard in house.heard] == [
            ("Joined", house.person("chi")),
            ("Said", house.person("chi")),
        ]
