"""The line to Discord: how Drumbeat comes, stays, comes back, and goes."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import web

from adapters.discord import SettingsError
from adapters.discord.calls import Pace
from adapters.discord.connection import Pauses
from adapters.discord.replies import Replies
from bot.chat import Action, Button, Buttons, DeliveryError, Message, Pressed, Said, Whisper
from tests.adapters.discord_house import Slow, always, discord_house

GO = Action("x", "go")
ASK = Message("Go?", Buttons(Button("Go", GO)))


# ------------------------------------------------------------------------------------------------ coming


async def test_drumbeat_comes_with_the_grants_it_has_and_is_refused_nothing() -> None:
    for privileged in ((), ("members",), ("message_content",), ("members", "message_content")):
        async with discord_house(privileged=privileged) as house:
            assert house.chat.connected
            (session,) = house.stand.service.gateway.sessions.values()
            granted = [
                name for name, bit in (("members", 1 << 1), ("message_content", 1 << 15)) if session.intents & bit
            ]
            assert granted == [*privileged]


async def test_a_wrong_token_is_said_and_not_tried_again() -> None:
    async with discord_house(connect=False) as house:
        with pytest.raises(SettingsError, match="Discord does not know this token"):
            await house.begin(token="wrong")
        assert [(call["path"], call["status"]) for call in house.recorded] == [("/users/@me", 401)]


async def test_a_grant_that_was_taken_back_is_said_and_not_tried_again() -> None:
    async with discord_house(connect=False) as house:
        gateway = house.stand.service.gateway
        # What the application's page says and what the gateway does differ for a moment.
        running = house.begin()
        await house.stand.wait_until(lambda: any("gateway" in str(call["path"]) for call in house.stand.recorded))
        gateway.granted = frozenset()
        with pytest.raises(SettingsError, match="Privileged Gateway Intents"):
            await running
        assert gateway.identified == 0


async def test_shards_that_there_are_not_are_said() -> None:
    async with discord_house(connect=False) as house:
        with pytest.raises(SettingsError, match="write '0-3/8' for the first four of eight"):
            await house.begin(shards="7-3/8")


async def test_nothing_but_the_given_address_is_called() -> None:
    async with discord_house() as house:
        gateway = house.stand.service.gateway
        assert (gateway.identified, house.chat.connected) == (1, True)
        house.stand.invalidate_sessions()
        await house.stand.wait_until(lambda: gateway.identified == 2)
        assert {call["path"] for call in house.recorded} == {call["path"] for call in house.stand.recorded}


async def test_an_address_without_a_path_is_completed() -> None:
    async with discord_house(connect=False) as house:
        api_url = house.stand.api_url.removesuffix("/api/v10") + "/"
        chat = type(house.chat)(
            token=house.stand.token, api_url=api_url, commands=list, now=lambda: house.moment, pauses=Pauses()
        )
        assert (await chat.examine([]))[0] == ("Discord", f"answers at {house.stand.api_url}", "")


async def test_drumbeat_waits_for_a_discord_that_is_not_there_yet() -> None:
    async with discord_house(connect=False) as house:
        await house.stand.stop()
        running = house.begin()
        await asyncio.sleep(0)
        assert not house.chat.connected
        with pytest.raises(DeliveryError) as told:
            await house.chat.post(house.place(), ASK, once="1")
        assert told.value.retry_after == 2.0
        await house.stand.start()
        async with asyncio.timeout(10):
            await house.chat.ready()
        assert not running.done()


async def test_drumbeat_waits_for_a_gateway_that_is_not_there_yet() -> None:
    async with discord_house(connect=False) as house:
        gateway = house.stand.service.gateway
        right, gateway.url = gateway.url, "ws://127.0.0.1:9/gateway"
        house.begin()
        asked = ["/gateway/bot"] * 3
        await house.stand.wait_until(lambda: [call["path"] for call in house.stand.recorded][-3:] == asked)
        assert not house.chat.connected
        gateway.url = right
        async with asyncio.timeout(10):
            await house.chat.ready()
        assert gateway.identified == 1


async def test_drumbeat_begins_no_more_sessions_than_discord_lets_it() -> None:
    async with discord_house(connect=False) as house:
        gateway = house.stand.service.gateway
        gateway.identify_limit = 1
        await house.connect()
        house.stand.invalidate_sessions()
        await house.stand.wait_until(lambda: [call["path"] for call in house.stand.recorded].count("/gateway/bot") == 2)
        await house.settle()
        assert (gateway.identified, house.chat.connected) == (1, False)


async def test_several_shards_hear_everything_once() -> None:
    async with discord_house(connect=False) as house:
        house.stand.service.gateway.shards = 2
        for number in range(4):
            house.stand.add_channel(f"sea{number}", "sea", workspace=f"other{number}", creator="ana")
        await house.connect()
        assert house.stand.connected == 2
        for number in range(4):
            await house.stand.say("ana", f"sea{number}", f"Ahoy {number}")
        await house.stand.say("ana", "", "Psst")
        assert [heard.words for heard in house.of(Said)] == ["Ahoy 0", "Ahoy 1", "Ahoy 2", "Ahoy 3", "Psst"]


async def test_a_process_hears_only_its_own_shards() -> None:
    async with discord_house(connect=False) as house:
        shard = (int(house.native("movement")) >> 22) % 2
        await house.connect(shards=f"{1 - shard}/2")
        await house.stand.say("ana", "river", "Hello")
        assert house.heard == []
        with pytest.raises(DeliveryError) as told:
            await house.chat.members(house.place())
        assert not told.value.permanent
        await house.disconnect()
        await house.connect(shards=f"{shard}/2")
        await house.stand.say("ana", "river", "Hello")
        assert [heard.words for heard in house.of(Said)] == ["Hello"]


async def test_sessions_begin_one_after_the_other() -> None:
    async with discord_house(connect=False) as house:
        gateway, loop = house.stand.service.gateway, asyncio.get_running_loop()
        gateway.shards = 3
        began = loop.time()
        house.begin(pauses=Pauses(sessions=0.1))
        await house.stand.wait_until(lambda: gateway.identified == 3)
        assert loop.time() - began >= 0.2


# ------------------------------------------------------------------------------------------------ coming back


async def test_what_happened_while_the_line_was_broken_is_heard_once() -> None:
    async with discord_house() as house:
        gateway = house.stand.service.gateway
        house.stand.drop_connections()
        await house.stand.wait_until(lambda: house.stand.connected == 0)
        await house.stand.say("ana", "river", "Where are you?")
        await house.stand.wait_until(lambda: gateway.resumed == 1)
        await house.stand.say("ana", "river", "There you are")
        assert [heard.words for heard in house.of(Said)] == ["Where are you?", "There you are"]
        assert (gateway.identified, house.chat.connected) == (1, True)


async def test_a_press_that_is_told_again_after_a_break_is_heard_once() -> None:
    async with discord_house() as house:
        post = await house.chat.post(house.place(), ASK, once="1")
        house.answer = always(Whisper("Noted."))
        await house.stand.press("ben", post, GO)
        told = house.stand.events[-1]
        house.stand.drop_connections()
        await house.stand.redeliver(told)
        await house.stand.wait_until(lambda: house.stand.service.gateway.resumed == 1)
        await house.stand.say("ana", "river", "There you are")
        assert len(house.of(Pressed)) == 1
        assert len(house.stand.whispers("ben")) == 1


async def test_drumbeat_comes_again_when_discord_asks_it_to() -> None:
    async with discord_house() as house:
        gateway = house.stand.service.gateway
        house.stand.ask_to_reconnect()
        await house.stand.wait_until(lambda: gateway.resumed == 1)
        house.stand.invalidate_sessions(resumable=True)
        await house.stand.wait_until(lambda: gateway.resumed == 2)
        await house.stand.say("ana", "river", "Hello")
        assert [heard.words for heard in house.of(Said)] == ["Hello"]
        assert gateway.identified == 1


async def test_when_discord_declares_the_session_over_a_new_one_begins() -> None:
    async with discord_house() as house:
        gateway = house.stand.service.gateway
        house.stand.invalidate_sessions()
        await house.stand.wait_until(lambda: gateway.identified == 2)
        await house.chat.ready()
        await house.stand.say("ana", "river", "Hello")
        assert [heard.words for heard in house.of(Said)] == ["Hello"]


async def test_an_outage_is_waited_for_and_the_session_taken_up_again() -> None:
    async with discord_house() as house:
        gateway = house.stand.service.gateway
        await house.stand.stop()
        await house.stand.wait_until(lambda: house.stand.connected == 0)
        await house.stand.say("ana", "river", "Is anybody there?")
        await house.stand.start()
        await house.stand.wait_until(lambda: gateway.resumed == 1)
        await house.stand.say("ana", "river", "Hello")
        assert [heard.words for heard in house.of(Said)] == ["Is anybody there?", "Hello"]


async def test_a_line_that_breaks_for_a_reason_nobody_knows_begins_anew() -> None:
    async with discord_house() as house:
        gateway = house.stand.service.gateway
        await house.stand.tell("READY", {"guilds": []})
        await house.stand.wait_until(lambda: gateway.identified == 2)
        await house.chat.ready()
        await house.stand.say("ana", "river", "Hello")
        assert [heard.words for heard in house.of(Said)] == ["Hello"]


async def test_a_server_that_drumbeat_was_thrown_off_while_away_is_forgotten() -> None:
    async with discord_house() as house:
        gateway = house.stand.service.gateway
        house.stand.add_channel("sea", "sea", workspace="other", creator="ben")
        await house.settle()
        house.stand.invalidate_sessions()
        await house.stand.wait_until(lambda: house.stand.connected == 0)
        await house.stand.kick_bot()
        await house.stand.wait_until(lambda: gateway.identified == 2)
        await house.chat.ready()
        with pytest.raises(DeliveryError) as told:
            await house.chat.members(house.place())
        assert (told.value.why, house.calls("GET", "/members")) == ("I am not on that Discord server any more", [])
        assert len(await house.chat.members(house.place("sea", workspace="other"))) == 2


# ------------------------------------------------------------------------------------------------ going


async def test_what_is_under_way_is_finished_before_drumbeat_goes() -> None:
    async with discord_house() as house:
        slow = Slow(Whisper("Noted."))
        house.answer = slow
        acting = asyncio.create_task(house.stand.command("ana", "river", "/drumbeat"))
        writing = asyncio.create_task(house.stand.say("ben", "river", "Hello"))
        await house.stand.wait_until(lambda: len(house.stand.channel_messages("river")) == 1)
        await house.stand.service.gateway.arrived()
        stopping = asyncio.create_task(house.disconnect())
        await house.stand.wait_until(lambda: house.stand.connected == 0)
        assert (slow.asked, slow.finished) == (2, 0)
        slow.go_on.set()
        await stopping
        await writing
        assert await acting == Whisper("Noted.")
        assert slow.finished == 2


async def test_drumbeat_goes_at_once_while_it_waits_to_come_back() -> None:
    async with discord_house() as house:
        await house.stand.stop()
        await house.stand.wait_until(lambda: house.stand.connected == 0)
        async with asyncio.timeout(2):
            await house.disconnect()
        assert not house.chat.connected


# ------------------------------------------------------------------------------------------------ calling


async def test_an_answer_to_which_the_line_breaks_is_given_again() -> None:
    asked: list[str] = []

    async def take(request: web.Request) -> web.Response:
        asked.append(request.path)
        if len(asked) == 1 and request.transport is not None:
            request.transport.abort()
        return web.Response(status=204)

    app = web.Application()
    app.router.add_post("/{rest:.*}", take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    recorded: list[dict[str, object]] = []
    replies = Replies(f"http://127.0.0.1:{runner.addresses[0][1]}", record=recorded.append)
    try:
        await replies.answer({"webhook_id": "1", "webhook_token": "secret"}, body={"type": 6})
    finally:
        await replies.close()
        await runner.cleanup()
    assert asked == ["/api/v10/interactions/1/secret/callback"] * 2
    assert [(call["path"], call["status"]) for call in recorded] == [
        ("/interactions/1/token/callback", 0),
        ("/interactions/1/token/callback", 200),
    ]


async def test_no_more_is_asked_of_discord_in_a_second_than_it_allows() -> None:
    pace, loop = Pace(), asyncio.get_running_loop()
    asked: list[float] = []

    async def ask() -> None:
        await pace.wait()
        asked.append(loop.time())

    began = loop.time()
    await asyncio.gather(*(ask() for _ in range(60)))
    assert len([at for at in asked if at < began + 1]) <= 50
    assert len([at for at in asked if at < began + 0.2]) >= 10
