"""What goes wrong on this Slack, as on the real one and as a test says."""

from __future__ import annotations

from datetime import timedelta

import aiohttp
import pytest

from bot.chat import Place
from bot.clock import MovedClock
from tests.adapters.slack_platform.bare_app import BareApp
from tests.adapters.slack_platform.scenery import START, post


async def test_slack_fails_as_it_is_told_to(bare: BareApp) -> None:
    stand = bare.stand
    stand.fail_next(1)
    stand.fail_next(1, retry_after=30)
    assert await bare.call("chat.postMessage", channel="CRIVER", text="one") == {"status": 503, "retry_after": None}
    assert await bare.call("chat.postMessage", channel="CRIVER", text="two") == {"status": 429, "retry_after": "30"}
    stand.fail_next(1, after_storing=True)
    with pytest.raises(aiohttp.ClientError):
        await bare.call("chat.postMessage", channel="CRIVER", text="three")
    stand.refuse_next("restricted_action")
    assert await bare.error("chat.postMessage", channel="CRIVER", text="four") == "restricted_action"
    stand.fail_next(1, retry_after=5, method="users.info")
    assert await bare.error("chat.postMessage", channel="CRIVER", text="five") is None
    assert (await bare.call("users.info", user="UANA"))["status"] == 429
    assert [call.text for call in stand.failed_calls] == ["one", "two"]
    assert [(call.kind, call.place, call.text) for call in stand.calls] == [
        ("post", Place("slack", "movement", "river"), "three"),
        ("post", Place("slack", "movement", "river"), "five"),
    ]


async def test_too_many_messages_in_a_channel_have_to_wait(bare: BareApp, clock: MovedClock) -> None:
    stand = bare.stand
    stand.platform.limit_posts = True
    stand.add_channel("hill", "hill", creator="ana")
    sent = [(await bare.call("chat.postMessage", channel="CRIVER", text="x")).get("status") for _ in range(4)]
    assert sent == [None, None, None, 429]
    assert (await bare.call("chat.postMessage", channel="CHILL", text="x"))["ok"]
    clock.move_to(START + timedelta(seconds=1))
    assert (await bare.call("chat.postMessage", channel="CRIVER", text="x"))["ok"]


async def test_each_method_has_so_many_calls_a_minute(bare: BareApp, clock: MovedClock) -> None:
    bare.stand.platform.limit_calls = True
    asked = [(await bare.call("users.list")).get("retry_after") for _ in range(21)]
    assert asked == [*[None] * 20, "3"]
    clock.move_to(START + timedelta(seconds=3))
    assert (await bare.call("users.list"))["ok"]


async def test_a_reply_to_nothing_may_become_a_message_of_the_channel(bare: BareApp) -> None:
    bare.stand.platform.lost_threads = "unthread"
    await post(bare, thread_ts="1793530800.999999")
    assert [one.thread for one in bare.stand.channel_messages("river")] == [""]
