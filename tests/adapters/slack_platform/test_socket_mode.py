"""What comes over sockets, what comes again, and what is lost."""

from __future__ import annotations

import aiohttp
import pytest

from tests.adapters.slack_platform import SlackStand
from tests.adapters.slack_platform.bare_app import BareApp
from tests.adapters.slack_platform.scenery import heard_events, refusal


async def test_an_address_works_once_and_not_for_long(bare: BareApp) -> None:
    url = await bare.ticket()
    await bare.connect(url)
    assert (bare.greetings[0]["type"], bare.greetings[0]["num_connections"]) == ("hello", 1)
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await bare.connect(url)
    bare.stand.platform.sockets.ticket_seconds = 0
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await bare.connect()


async def test_ten_connections_are_enough(bare: BareApp) -> None:
    for _ in range(11):
        await bare.connect()
    kinds = [(one["type"], one.get("num_connections"), one.get("reason")) for one in bare.greetings]
    assert kinds[-2:] == [("hello", 10, None), ("disconnect", None, "too_many_websockets")]


async def test_connections_take_turns(bare: BareApp) -> None:
    first, second = await bare.connect(), await bare.connect()
    await bare.stand.say("chi", "river", "one")
    await bare.stand.say("chi", "river", "another")
    assert len(set(map(id, bare.heard_over))) == 2
    await first.close()
    await bare.stand.wait_until(lambda: len(bare.stand.platform.sockets.open) == 1)
    await bare.stand.say("chi", "river", "two")
    await bare.stand.say("chi", "river", "three")
    assert (heard_events(bare), bare.stand.failures) == (["message"] * 4, [])
    await second.close()


async def test_an_event_that_is_not_acknowledged_comes_again_with_the_same_id(app: BareApp) -> None:
    dispatch = app.stand.platform.dispatch
    dispatch.ack_seconds, dispatch.retry_seconds = 0.05, (0.0, 0.01, 0.01)
    app.answer = lambda _: None
    await app.stand.say("chi", "river", "Hello?")
    await app.stand.wait_until(lambda: "lost: event message" in app.stand.failures)
    assert [(one["retry_attempt"], one["retry_reason"]) for one in app.heard] == [
        (0, ""),
        (1, "timeout"),
        (2, "timeout"),
        (3, "timeout"),
    ]
    assert len({one["payload"]["event_id"] for one in app.heard}) == 1
    assert len({one["envelope_id"] for one in app.heard}) == 4


async def test_a_command_that_is_not_acknowledged_is_lost(app: BareApp) -> None:
    app.stand.platform.dispatch.ack_seconds = 0.05
    app.answer = lambda _: None
    assert await refusal(app.stand.command("chi", "river", "/drumbeat now")) == "operation_timeout"
    assert (len(app.heard), app.stand.failures) == (1, ["operation_timeout: /drumbeat now"])


async def test_a_command_goes_nowhere_when_nobody_is_connected(stand: SlackStand) -> None:
    assert await refusal(stand.command("chi", "river", "/drumbeat")) == "dispatch_failed"


async def test_what_happens_while_nobody_is_connected_is_told_afterwards(app: BareApp) -> None:
    app.stand.platform.dispatch.ack_seconds = 0.05
    app.stand.drop_connections()
    await app.stand.say("chi", "river", "Hello?")
    await app.connect()
    await app.stand.wait_until(lambda: app.heard)
    assert (app.heard[0]["retry_attempt"], app.heard[0]["retry_reason"]) == (1, "no_connection")


async def test_slack_says_when_a_connection_ends(app: BareApp) -> None:
    await app.stand.disconnect("warning")
    await app.stand.disconnect()
    await app.stand.wait_until(lambda: not app.stand.platform.sockets.open)
    await app.stand.wait_until(lambda: len(app.heard) == 2)
    assert [one["reason"] for one in app.heard] == ["warning", "refresh_requested"]


async def test_a_muted_connection_answers_no_ping(app: BareApp) -> None:
    app.stand.mute_sockets()
    app.stand.platform.dispatch.ack_seconds = 0.05
    assert await refusal(app.stand.command("chi", "river", "/drumbeat")) == "operation_timeout"
    app.stand.mute_sockets(mute=False)
    assert await app.stand.command("chi", "river", "/drumbeat") is None
