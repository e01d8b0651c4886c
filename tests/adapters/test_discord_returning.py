"""Thrown off a Discord server and invited again, shut out of a channel and let in again: Drumbeat notices."""

from __future__ import annotations

import pytest

from adapters.discord.manifest import invite_link
from bot.chat import DeliveryError, Joined, Message, Person
from tests.adapters.discord_house import START, House, discord_house
from tests.adapters.discord_platform.rights import Right, Role
from tests.logged import log

HELLO = Message("Hello")


def returns(house: House) -> list[Joined]:
    """Where Drumbeat itself came in."""
    return [event for event in house.of(Joined) if event.who.id == house.stand.drumbeat]


async def be_refused(house: House) -> None:
    """Let Drumbeat find out that it may not post."""
    await house.settle()
    with pytest.raises(DeliveryError) as refusal:
        await house.chat.post(house.place(), HELLO, once="1")
    assert (refusal.value.permanent, refusal.value.gone) == (True, False)


async def test_at_the_start_drumbeat_comes_in_nowhere() -> None:
    async with discord_house() as house:
        await house.stand.say("ben", "river", "Hello")
        house.stand.invalidate_sessions()
        await house.stand.wait_until(lambda: house.stand.service.gateway.identified == 2)
        await house.chat.ready()
        await house.settle()
        assert returns(house) == []


async def test_thrown_off_the_server_somebody_reads_in_the_log_how_to_invite_it_again() -> None:
    async with discord_house() as house:
        with log() as entries:
            await house.stand.kick_bot()
            await house.stand.redeliver_last()
        assert [entry for entry in entries if entry["log_level"] == "error"] == [
            {
                "event": "discord server threw Drumbeat off",
                "log_level": "error",
                "server": house.native("movement"),
                "mend": f"Invite it again: {invite_link(house.stand.drumbeat)}",
            }
        ]


async def test_a_server_that_is_out_of_order_threw_nobody_off() -> None:
    async with discord_house() as house:
        with log() as entries:
            await house.stand.tell("GUILD_DELETE", {"id": house.native("movement"), "unavailable": True})
        assert (entries, returns(house)) == ([], [])


async def test_invited_again_drumbeat_has_come_in_where_it_may_write() -> None:
    async with discord_house() as house:
        house.stand.add_channel("hidden", "hidden", creator="ana")
        house.stand.forbid("hidden", "VIEW_CHANNEL")
        await house.stand.kick_bot()
        await house.restart()  # what it knew of the server is forgotten
        house.pass_time(days=1)
        await house.stand.invite_bot()
        (came,) = returns(house)
        drumbeat = Person(house.stand.drumbeat, "Drumbeat", bot=True)
        assert came == Joined(id=came.id, who=drumbeat, place=house.place(), at=house.moment)
        assert came.at > START


async def test_let_into_a_channel_again_drumbeat_has_come_in_once() -> None:
    async with discord_house() as house:
        house.stand.forbid("river", "VIEW_CHANNEL")
        await be_refused(house)
        house.stand.permit("river", "ATTACH_FILES")
        await house.settle()
        assert returns(house) == []
        house.stand.permit("river", "VIEW_CHANNEL")
        await house.settle()
        house.stand.permit("river", "SEND_MESSAGES")
        await house.settle()
        assert [event.place for event in returns(house)] == [house.place()]


async def test_only_what_was_lacking_lets_drumbeat_come_in_again() -> None:
    async with discord_house() as house:
        post = await house.chat.post(house.place(), HELLO, once="1")
        house.stand.forbid("river", "CREATE_PUBLIC_THREADS", "SEND_MESSAGES_IN_THREADS")
        await house.settle()
        with pytest.raises(DeliveryError):
            await house.chat.post(house.place(thread=post), HELLO, once="2")
        house.stand.permit("river", "ADD_REACTIONS")
        await house.settle()
        assert returns(house) == []
        house.stand.permit("river", "CREATE_PUBLIC_THREADS", "SEND_MESSAGES_IN_THREADS")
        await house.settle()
        assert [event.place for event in returns(house)] == [house.place()]


async def test_where_nothing_was_refused_a_new_permission_is_no_news() -> None:
    async with discord_house() as house:
        house.stand.forbid("river", "SEND_MESSAGES")
        house.stand.permit("river", "SEND_MESSAGES")
        await house.settle()
        assert returns(house) == []


async def test_a_role_that_lets_drumbeat_write_again_lets_it_come_in() -> None:
    async with discord_house() as house:
        server = house.stand.world.servers[house.native("movement")]
        bots = next(role for role in server.roles.values() if role.bot)
        for rights in (Right.VIEW_CHANNEL, Right.VIEW_CHANNEL | Right.SEND_MESSAGES):
            assert returns(house) == []
            for one in (server.id, bots.id):
                server.roles[one] = Role(one, server.roles[one].name, rights, bot=server.roles[one].bot)
                told = {"id": one, "name": "any", "permissions": str(int(rights))}
                await house.stand.tell("GUILD_ROLE_UPDATE", {"guild_id": server.id, "role": told})
            if not rights & Right.SEND_MESSAGES:
                await be_refused(house)
        assert [event.place for event in returns(house)] == [house.place()]


async def test_a_permission_that_came_back_while_the_line_was_broken_is_noticed() -> None:
    async with discord_house() as house:
        house.stand.forbid("river", "SEND_MESSAGES")
        await be_refused(house)
        house.stand.invalidate_sessions()
        await house.stand.wait_until(lambda: house.stand.connected == 0)
        house.stand.permit("river", "SEND_MESSAGES")
        await house.stand.wait_until(lambda: house.stand.service.gateway.identified == 2)
        await house.chat.ready()
        await house.settle()
        assert [event.place for event in returns(house)] == [house.place()]
