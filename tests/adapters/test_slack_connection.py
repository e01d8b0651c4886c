from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest

from adapters.slack.chat import SlackChat
from adapters.slack.connection import SlackRefusedError
from adapters.slack.recording import library_log
from bot.chat import Answer, Commanded, Event, Message, Said, Whisper
from bot.clock import MovedClock
from tests.adapters.slack_platform import SlackStand
from tests.adapters.slack_scene import COMMANDS, START, Engine, Scene, hello, logged, new_stand, running, slack


def lines(stand: SlackStand) -> int:
    return len(stand.platform.sockets.open)


def break_one(stand: SlackStand) -> None:
    """Let one connection end without a word, as a network does."""
    request = stand.platform.sockets.open[0].socket._req
    transport = getattr(request, "transport", None)
    assert transport is not None
    transport.abort()


async def test_two_lines_stand_and_any_of_them_brings_what_happens() -> None:
    async with slack() as scene:
        await scene.stand.wait_until(lambda: lines(scene.stand) == 2)
        assert scene.chat.connected
        for number in range(4):
            await scene.stand.command("ben", "river", f"/away {number}")
        assert [event.words for event in scene.engine.of(Commanded)] == ["0", "1", "2", "3"]
    assert (scene.chat.connected, lines(scene.stand)) == (False, 0)


async def test_while_one_line_is_made_anew_the_other_carries_everything() -> None:
    async with slack() as scene:
        await scene.stand.wait_until(lambda: lines(scene.stand) == 2)
        scene.engine.answer = lambda event: Whisper(event.words) if isinstance(event, Commanded) else None
        break_one(scene.stand)
        await scene.stand.wait_until(lambda: lines(scene.stand) == 1)
        answers = [await scene.stand.command("ben", "river", f"/away {number}") for number in range(20)]
        assert answers == [Whisper(str(number)) for number in range(20)]
        assert scene.chat.connected
        await scene.stand.wait_until(lambda: lines(scene.stand) == 2, 8)


async def test_an_answer_whose_line_broke_goes_over_the_other() -> None:
    async with slack() as scene:
        await scene.stand.wait_until(lambda: lines(scene.stand) == 2)
        scene.engine.gate.clear()
        scene.engine.answer = lambda event: Whisper(event.words) if isinstance(event, Commanded) else None
        acts = [asyncio.create_task(scene.stand.command("ben", "river", f"/away {number}")) for number in range(6)]
        await scene.engine.until(6)
        break_one(scene.stand)
        await scene.stand.wait_until(lambda: lines(scene.stand) == 1)
        scene.engine.gate.set()
        assert await asyncio.gather(*acts) == [Whisper(str(number)) for number in range(6)]


async def test_slack_ending_connections_in_good_order_loses_nothing() -> None:
    async with slack() as scene:
        await scene.stand.wait_until(lambda: lines(scene.stand) == 2)
        first = {connection.number for connection in scene.stand.platform.sockets.open}
        await scene.stand.disconnect("refresh_requested")
        await scene.stand.wait_until(
            lambda: len({connection.number for connection in scene.stand.platform.sockets.open} - first) == 2
        )
        await scene.stand.command("ben", "river", "/away")
        await scene.stand.say("ben", "river", "Still here?")
        assert [type(event) for event in scene.engine.heard] == [Commanded, Said]


async def test_what_was_said_while_no_line_stood_comes_when_one_does() -> None:
    async with slack() as scene:
        await scene.stand.wait_until(lambda: lines(scene.stand) == 2)
        scene.stand.drop_connections()
        said = asyncio.create_task(scene.stand.say("ben", "river", "Hello?"))
        await scene.engine.until(1)
        await said
        assert [event.words for event in scene.engine.of(Said)] == ["Hello?"]
        await scene.stand.wait_until(lambda: lines(scene.stand) == 2)


async def test_a_socket_address_that_refuses_for_a_while_is_not_dialed_for_ever() -> None:
    async with slack(patience=0.4) as scene:
        await scene.stand.wait_until(lambda: lines(scene.stand) == 2)
        scene.stand.platform.sockets.ticket_seconds = 0.2
        scene.stand.refuse_sockets()
        scene.stand.drop_connections()
        asked = scene.methods().count("apps.connections.open")
        await scene.stand.wait_until(lambda: scene.methods().count("apps.connections.open") >= asked + 4)
        assert not scene.chat.connected
        scene.stand.refuse_sockets(refuse=False)
        await scene.stand.wait_until(lambda: lines(scene.stand) == 2)
        await scene.chat.ready()
        await scene.stand.command("ben", "river", "/away")
        assert len(scene.engine.of(Commanded)) == 1


async def test_a_slack_that_is_down_at_the_start_is_waited_for() -> None:
    clock = MovedClock(wall=lambda: START)
    stand = new_stand(clock)
    await stand.start()
    stand.break_api()
    chat = SlackChat(
        bot_token=stand.bot_token,
        app_token=stand.app_token,
        api_url=stand.api_url,
        commands=lambda: COMMANDS,
        now=clock,
    )
    scene = Scene(stand, chat, Engine(), [], clock)
    asyncio.get_running_loop().call_later(0.2, stand.break_api, 0)
    async with running(scene):
        await stand.command("ben", "river", "/away")
    assert len(scene.engine.of(Commanded)) == 1
    await stand.stop()


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"bot_token": "xoxb-wrong"}, "Slack does not accept the bot token (invalid_auth)."),
        ({"app_token": "xapp-wrong"}, "Slack does not accept the app-level token (invalid_auth)."),
        ({"app_token": "xoxb-wrong"}, "Slack does not accept the app-level token (not_allowed_token_type)."),
    ],
)
async def test_a_wrong_token_ends_the_start_with_what_to_do(wrong: dict[str, Any], why: str) -> None:
    with pytest.raises(SlackRefusedError) as caught:
        async with slack(**wrong, patience=0.2):
            await asyncio.get_running_loop().create_future()
    assert str(caught.value).startswith(why)
    assert "_TOKEN" in str(caught.value)


async def test_a_token_that_is_taken_back_while_it_runs_ends_nothing() -> None:
    async with slack(patience=0.2) as scene:
        await scene.stand.wait_until(lambda: lines(scene.stand) == 2)
        good, asked = scene.stand.app_token, scene.methods().count("apps.connections.open")
        scene.stand.platform.sockets._app_token = "another"
        scene.stand.drop_connections()
        await scene.stand.wait_until(lambda: scene.methods().count("apps.connections.open") > asked + 1)
        scene.stand.platform.sockets._app_token = good
        await scene.stand.wait_until(lambda: lines(scene.stand) == 2)
        assert await scene.chat.post(scene.river, hello(), once="one")


async def test_what_the_library_logs_is_where_and_never_what() -> None:
    with logged() as entries:
        async with slack(patience=0.4) as scene:
            await scene.stand.wait_until(lambda: lines(scene.stand) == 2)
            scene.stand.refuse_sockets()
            scene.stand.drop_connections()
            await scene.stand.wait_until(lambda: scene.methods().count("apps.connections.open") >= 6)
            scene.stand.refuse_sockets(refuse=False)
            await scene.stand.wait_until(lambda: lines(scene.stand) == 2)
        try:
            int("hello, my xoxb-secret")
        except ValueError as error:
            library_log().error("Dialing wss://slack.example/link/?ticket=secret: %s", error)
            library_log().exception("It failed: hello")
        library_log().info("Somebody said: hello")
    told = [entry for entry in entries if entry["event"] == "slack library"]
    here = "test_what_the_library_logs_is_where_and_never_what"
    for entry in told[-2:]:
        assert set(entry) == {"event", "log_level", "told_by", "error", "where"}
        assert entry["error"] == "ValueError"
        assert re.fullmatch(rf"test_slack_connection\.{here}:\d+", entry["told_by"])
        assert re.fullmatch(rf"test_slack_connection\.{here}:\d+", entry["where"])
    for word in ("ticket", "hello", "secret", "slack.example"):
        assert word not in str(entries)
    assert [entry for entry in told if ".connect:" in entry["told_by"] and entry["error"]]


async def test_what_goes_wrong_with_somebodys_words_is_logged_without_them() -> None:
    def break_down(event: Event) -> Answer:
        raise RuntimeError(getattr(event, "words", ""))

    with logged() as entries:
        async with slack() as scene:
            scene.stand.platform.dispatch.retry_seconds = ()
            scene.stand.platform.dispatch.ack_seconds = 0.5
            scene.engine.answer = break_down
            await scene.stand.command("ben", "river", "/away my secret illness")
            await scene.stand.say("ben", "river", "my secret illness")
    assert "secret" not in str(entries)
    assert {entry["error"] for entry in entries if "error" in entry} == {"RuntimeError"}
    assert all("break_down" in entry["where"] for entry in entries if "error" in entry)


async def test_what_people_say_is_never_logged() -> None:
    with logged() as entries:
        async with slack() as scene:
            scene.engine.answer = lambda _: Whisper(Message("a very private answer").parts[0])
            await scene.stand.command("ben", "river", "/away because of my secret illness")
            await scene.stand.say("ben", "river", "my secret illness")
            scene.stand.refuse_next("internal_error", "chat.postEphemeral")
            scene.stand.refuse_next("internal_error", "chat.postEphemeral")
            await scene.stand.say("ben", "river", "my secret illness")
    for word in ("secret", "private", "Ben", scene.stand.bot_token, scene.stand.app_token):
        assert word not in str(entries)
