"""How Drumbeat comes to a Discord server, and what it finds wrong when it looks."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from adapters.discord.manifest import EXTRAS, INTENTS, NAMES, PERMISSIONS, invite_link, write_manifest
from bot.chat import Place
from bot.clock import MovedClock, wall_clock
from tests.adapters.discord_house import House, discord_house

PAGE = "https://discord.com/developers/applications"


def test_the_link_asks_for_exactly_what_is_used() -> None:
    asked = parse_qs(urlsplit(invite_link("1001")).query)
    view, send, files, history, threads, in_threads, events = (1 << bit for bit in (10, 11, 15, 16, 35, 38, 44))
    assert asked == {
        "client_id": ["1001"],
        "scope": ["bot applications.commands"],
        "permissions": [str(view | send | files | history | threads | in_threads | events)],
    }


def test_everything_that_is_asked_for_is_explained() -> None:
    manifest = write_manifest("1001")
    assert invite_link("1001") in manifest
    asked = {**PERMISSIONS, **EXTRAS}
    assert [name for name, why in asked.items() if f"{NAMES[name]}: {why}" not in manifest] == []
    assert [name for name, cost in INTENTS.items() if f"{name}: {cost}" not in manifest] == []


async def examined(house: House, *homes: Place) -> list[tuple[str, str, str]]:
    """What is found, without what tests need not know."""
    return await house.make_chat(now=wall_clock).examine(homes)


async def test_a_drumbeat_that_has_everything_finds_nothing_wrong() -> None:
    async with discord_house(connect=False) as house:
        assert await examined(house, house.place()) == [
            ("Discord", f"answers at {house.stand.api_url}", ""),
            ("Discord's token", "belongs to the bot Drumbeat", ""),
            ("Discord's gateway", "can be reached; 1 shard, 1000 sessions left today", ""),
            ("Server Members Intent", "is granted", ""),
            ("Message Content Intent", "is granted", ""),
            ("Discord servers", "1", ""),
            ("#river on movement", "has every permission", ""),
        ]


async def test_what_was_not_granted_is_said_with_what_it_costs() -> None:
    async with discord_house(connect=False, privileged=()) as house:
        page = f"{PAGE}/{house.stand.drumbeat}/bot"
        assert (await examined(house))[3:5] == [
            (name, f"is not granted. {costs} Switch it on at {page}", "")
            for name, costs in (
                (
                    "Server Members Intent",
                    (
                        "Without it I know people only once they act, so nobody who never does is missed, and "
                        "reminders reach only those who did."
                    ),
                ),
                (
                    "Message Content Intent",
                    (
                        "Without it replies are counted but not read, except where somebody mentions me; answers by "
                        "button and form lose nothing."
                    ),
                ),
            )
        ]


async def test_a_missing_permission_in_a_home_is_said_with_its_mend() -> None:
    async with discord_house(connect=False) as house:
        house.stand.forbid("river", "SEND_MESSAGES", "ATTACH_FILES")
        assert (await examined(house, house.place()))[-1] == (
            "#river on movement",
            "lacks Send Messages, Attach Files",
            "In the settings of #river, under Permissions, allow Drumbeat: Send Messages, Attach Files.",
        )


async def test_what_drumbeat_does_without_is_no_fault_and_is_said_with_its_price() -> None:
    async with discord_house(connect=False) as house:
        house.stand.forbid("river", "CREATE_EVENTS")
        assert (await examined(house, house.place()))[-1] == (
            "#river on movement",
            "lacks Create Events. Without it gatherings stand in the channel and in calendars only.",
            "",
        )


async def test_a_home_that_is_gone_is_said() -> None:
    async with discord_house(connect=False) as house:
        home = house.place()
        await house.stand.kick_bot()
        servers, found = (await examined(house, home))[-2:]
        assert servers == (
            "Discord servers",
            "none: nobody has invited the bot",
            f"Open {invite_link(house.stand.drumbeat)}",
        )
        assert found == (
            f"Home channel {home.channel}",
            "I am not on that Discord server any more",
            (
                "Invite me again with the link that `manifest discord` prints. "
                f"It is {invite_link(house.stand.drumbeat)}"
            ),
        )


async def test_a_deleted_home_and_a_hidden_one_are_told_apart() -> None:
    async with discord_house(connect=False) as house:
        house.stand.add_channel("sea", "sea", creator="ana")
        homes = house.place(), house.place("sea")
        house.stand.forbid("river", "VIEW_CHANNEL")
        await house.stand.delete_channel("sea")
        assert (await examined(house, *homes))[-2:] == [
            (
                f"Home channel {homes[0].channel} on movement",
                "I cannot see the channel",
                "In the settings of the channel, under Permissions, allow Drumbeat “View Channel”.",
            ),
            (
                f"Home channel {homes[1].channel} on movement",
                "the channel was deleted",
                "Start again in another channel with /drumbeat.",
            ),
        ]


async def test_a_clock_that_is_wrong_is_said() -> None:
    async with discord_house(connect=False) as house:
        for minutes, how in ((5, "300 seconds ahead of Discord's"), (-5, "300 seconds behind Discord's")):
            clock = MovedClock(timedelta(minutes=minutes))
            what, told, mend = (await house.make_chat(now=clock).examine([]))[1]
            assert (what, mend) == ("clock", "Set this machine's clock.")
            # The seconds on either clock may just have changed.
            assert abs(int(told.split()[0]) - 300) < 30
            assert told.split()[1:] == how.split()[1:]


async def test_a_gateway_that_cannot_be_reached_is_said() -> None:
    async with discord_house(connect=False) as house:
        house.stand.service.gateway.url = "ws://127.0.0.1:9/gateway"
        what, how, mend = (await examined(house))[2]
        assert (what, how.split(" (")[0]) == ("Discord's gateway", "cannot be reached at ws://127.0.0.1:9/gateway")
        assert mend == "Let this machine open web sockets to 127.0.0.1:9: on them Discord tells what happens."


async def test_a_bot_that_may_begin_no_more_sessions_today_is_said() -> None:
    async with discord_house(connect=False) as house:
        house.stand.service.gateway.identify_limit = 0
        assert (await examined(house))[2] == (
            "Discord's gateway",
            "can be reached; 1 shard, 0 sessions left today",
            "Wait 24 hours, and see in the log why Drumbeat began so many: each start takes one.",
        )


async def test_a_wrong_token_is_said() -> None:
    async with discord_house(connect=False) as house:
        what, how, mend = (await house.make_chat(token="wrong").examine([]))[1]
        assert (what, how) == ("Discord's token", "is not one that Discord knows")
        assert mend == (
            "Discord does not know this token. Copy it anew from your application's page (Bot, Reset Token) into "
            "discord_token."
        )


async def test_a_discord_that_is_not_there_is_said() -> None:
    async with discord_house(connect=False) as house:
        await house.stand.stop()
        ((what, how, mend),) = await examined(house)
        assert (what, mend) == ("Discord", "Check the address in discord_api_url, and that this machine may call it.")
        assert how.startswith(f"does not answer at {house.stand.api_url} (")


async def test_a_discord_out_of_order_is_said() -> None:
    async with discord_house(connect=False) as house:
        house.stand.fail_requests(1, status=503)
        assert (await examined(house))[0][1] == f"does not answer at {house.stand.api_url} (status 503)"


@pytest.mark.parametrize("name", PERMISSIONS)
def test_permissions_are_called_as_people_see_them(name: str) -> None:
    assert NAMES[name]
