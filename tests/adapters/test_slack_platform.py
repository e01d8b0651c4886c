from __future__ import annotations

import asyncio
import hashlib
import hmac
import html
import json
import re
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from hypothesis import assume, given, settings
from yarl import URL

from adapters.playground.refusals import RoomError
from adapters.playground.scene import BOT, Channel
from adapters.slack.render import render_form, render_message, render_problems, render_whisper
from bot.chat import (
    Action,
    Button,
    Buttons,
    Choice,
    Form,
    Link,
    Mention,
    Menu,
    Message,
    Option,
    People,
    Person,
    Place,
    Problems,
    Text,
    When,
    Whisper,
    Words,
)
from bot.clock import MovedClock
from bot.plain import read_aloud
from tests.adapters import views
from tests.adapters.slack_platform import SlackStand, UnansweredError
from tests.adapters.slack_platform.bare_app import BareApp
from tests.adapters.slack_platform.reading import read_form, read_message

START = datetime(2026, 11, 1, 11, 0, tzinfo=UTC)
GO = Action("demo", "go", "7", 3)
PICK = Action("demo", "pick")
BOARD = Message(
    "How are you?",
    Buttons(Button("Go", GO), Link("More", "https://a.example")),
    Menu("Which?", PICK, (Option("Four", "4"),)),
)
FORM = Form(
    "Check in",
    GO,
    Words(name="words", label="Words", most=20),
    Choice(name="mood", label="Mood", options=(Option("Good", "4"), Option("Tired", "2")), required=False),
    People(name="who", label="Who", most=2, required=False),
    When(name="day", label="Day", required=False),
    When(name="at", label="At", clock=True, required=False),
)
WHOLE: dict[str, str | tuple[str, ...]] = {
    "words": "Hello",
    "mood": "4",
    "who": ("ben", "ana"),
    "day": "2026-11-12",
    "at": "2026-11-12 18:00",
}


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock(wall=lambda: START)


@pytest.fixture
async def stand(clock: MovedClock) -> AsyncIterator[SlackStand]:
    stand = SlackStand(now=clock)
    for name in ("ana", "ben", "chi", "eli"):
        stand.add_person(Person(name, name.title(), "Europe/Berlin"))
    stand.add_channel("river", "river", creator="ana")
    stand.seat("river", "ben", "chi")
    await stand.start()
    yield stand
    await stand.stop()


@pytest.fixture
async def bare(stand: SlackStand) -> AsyncIterator[BareApp]:
    async with aiohttp.ClientSession() as session:
        bare = BareApp(stand, session)
        yield bare
        await bare.close()


@pytest.fixture
async def app(bare: BareApp) -> BareApp:
    await bare.connect()
    return bare


async def post(app: BareApp, message: Message = BOARD, **more: object) -> str:
    answer = await app.call("chat.postMessage", **{"channel": "CRIVER", **render_message(message), **more})
    assert answer["ok"], answer
    return f"{answer['channel']}/{answer['ts']}"


async def open_form(app: BareApp, form: Form = FORM, **more: object) -> str:
    """Let Chi open a form with a command."""
    await app.stand.command("chi", "river", "/drumbeat")
    trigger = app.heard[-1]["payload"]["trigger_id"]
    answer = await app.call("views.open", trigger_id=trigger, view=render_form(form) | more)
    assert answer["ok"], answer
    return str(answer["view"]["id"])


def heard_events(app: BareApp) -> list[str]:
    return [one["payload"]["event"]["type"] for one in app.heard if one.get("type") == "events_api"]


def last_event(app: BareApp) -> dict[str, Any]:
    event: dict[str, Any] = [one for one in app.heard if one.get("type") == "events_api"][-1]["payload"]["event"]
    return event


def payload(app: BareApp) -> dict[str, Any]:
    found: dict[str, Any] = app.heard[-1]["payload"]
    return found


async def refusal(doing: Any) -> str:  # noqa: ANN401 - any coroutine
    with pytest.raises(RoomError) as refused:
        await doing
    return refused.value.why


# ------------------------------------------------------------------------------------------------ the Web API


@pytest.mark.parametrize(
    ("token", "method", "error"),
    [
        ("", "auth.test", "not_authed"),
        ("xoxb-wrong", "auth.test", "invalid_auth"),
        ("xapp-1-ADRUMBEAT-made-up", "auth.test", "not_allowed_token_type"),
        (None, "chat.postmessage", "unknown_method"),
        (None, "apps.connections.open", "not_allowed_token_type"),
        ("xapp-1-wrong", "apps.connections.open", "invalid_auth"),
    ],
)
async def test_who_has_the_wrong_token_gets_nowhere(bare: BareApp, token: str | None, method: str, error: str) -> None:
    assert (await bare.call(method, token=token))["error"] == error


async def test_arguments_may_come_as_a_form_or_as_json(bare: BareApp) -> None:
    blocks = render_message(BOARD)["blocks"]
    fields = {"channel": "CRIVER", "text": "Hello", "blocks": json.dumps(blocks), "token": bare.stand.bot_token}
    async with bare.session.post(bare.stand.api_url + "chat.postMessage", data=fields) as answer:
        assert (await answer.json())["ok"]
        assert "chat:write" in answer.headers["X-OAuth-Scopes"]
    await post(bare)
    assert [one.text for one in bare.stand.posts] == [read_aloud(BOARD)] * 2


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": "CNOWHERE"}, "channel_not_found"),
        ({"channel": "CABROAD"}, "channel_not_found"),
        ({"channel": "CSECRET"}, "channel_not_found"),
        ({"channel": "CHILL"}, "not_in_channel"),
        ({"channel": "COLD0"}, "is_archived"),
        ({"channel": "UNOBODY"}, "channel_not_found"),
        ({"channel": "UELI"}, "restricted_action"),
        ({"thread_ts": "1793530800.999999"}, "thread_not_found"),
        ({"text": ""}, "no_text"),
        ({"blocks": "{"}, "invalid_blocks_format"),
        ({"blocks": [{"type": "divider"}] * 51}, "invalid_blocks"),
        (
            {"blocks": [{"type": "context", "elements": [{"type": "plain_text", "text": "x" * 2900}]}] * 5},
            "msg_blocks_too_long",
        ),
        ({"metadata": {"event_type": "a b", "event_payload": {}}}, "invalid_metadata_format"),
        ({"metadata": {"event_type": "a"}}, "invalid_metadata_format"),
        ({"metadata": {"event_type": "a", "event_payload": {"x": ["y"]}}}, "invalid_metadata_schema"),
    ],
)
async def test_a_message_that_cannot_be_posted_is_refused(bare: BareApp, arguments: dict[str, Any], error: str) -> None:
    stand = bare.stand
    stand.add_channel("hill", "hill", creator="ana", bot=False)
    stand.add_channel("secret", "secret", creator="ana", private=True, bot=False)
    stand.add_channel("old0", "old", creator="ana")
    stand.archive("old0")
    stand.add_channel("abroad", "abroad", "elsewhere", creator="ana")
    stand.close_inbox("eli")
    assert await bare.error("chat.postMessage", **{"channel": "CRIVER", "text": "Hello", **arguments}) == error
    assert stand.posts == ()


async def test_what_is_wrong_with_blocks_is_told(bare: BareApp) -> None:
    button = {"type": "button", "action_id": "a", "text": {"type": "plain_text", "text": "x" * 76}}
    answer = await bare.call(
        "chat.postMessage", channel="CRIVER", text="x", blocks=[{"type": "actions", "elements": [button]}]
    )
    told = {"messages": ["[ERROR] a button has 76 characters, not 1 to 75"]}
    assert answer == {"ok": False, "error": "invalid_blocks", "response_metadata": told}


@pytest.mark.parametrize(
    ("scope", "method", "arguments"),
    [
        ("chat:write", "chat.postMessage", {"channel": "CRIVER", "text": "x"}),
        ("channels:read", "conversations.info", {"channel": "CRIVER"}),
        ("channels:history", "conversations.history", {"channel": "CRIVER"}),
        ("channels:join", "conversations.join", {"channel": "CRIVER"}),
        ("im:write", "conversations.open", {"users": "UANA"}),
        ("users:read", "users.list", {}),
        ("files:write", "files.getUploadURLExternal", {"filename": "a", "length": 1}),
    ],
)
async def test_a_scope_that_was_not_granted_is_named(
    bare: BareApp, scope: str, method: str, arguments: dict[str, Any]
) -> None:
    bare.stand.set_scopes(bare.stand.platform.found("movement").scopes - {scope})
    answer = await bare.call(method, **arguments)
    assert (answer["error"], answer["needed"]) == ("missing_scope", scope)
    assert scope not in answer["provided"].split(",")


async def test_only_ones_own_message_can_be_changed_and_only_to_few_words(app: BareApp) -> None:
    stand = app.stand
    _, mine = (await post(app)).split("/")
    await stand.say("chi", "river", "Hello")
    theirs = stand.posts[-1].id.split("/")[1]

    async def change(ts: str, text: str = "x") -> object:
        return await app.error("chat.update", channel="CRIVER", ts=ts, text=text)

    assert await change(theirs) == "cant_update_message"
    assert await change("1793530800.999999") == "message_not_found"
    assert await change(mine, "&" * 800) is None
    assert await change(mine, "&" * 801) == "msg_too_long"
    stand.archive("river")
    assert await change(mine) == "is_inactive"
    stand.unarchive("river")
    stand.delete(f"CRIVER/{mine}")
    assert await change(mine) == "message_not_found"


async def test_a_whisper_reaches_only_who_is_there(bare: BareApp) -> None:
    stand = bare.stand
    assert await bare.error("chat.postEphemeral", channel="CRIVER", user="UELI", text="x") == "user_not_in_channel"
    assert await bare.error("chat.postEphemeral", channel="CRIVER", user="UCHI", text="psst") is None
    assert ([one.text for one in stand.whispers("chi")], stand.whispers("ben"), stand.posts) == (["psst"], (), ())


async def test_an_inbox_is_opened_once_and_not_with_everybody(bare: BareApp) -> None:
    stand = bare.stand
    stand.add_person(Person("robot", "Robot", bot=True))
    stand.close_inbox("eli")
    asked = [(await bare.call("conversations.open", users=one)) for one in ("UCHI", "UCHI")]
    assert [one["channel"]["id"] for one in asked] == ["DCHI", "DCHI"]
    refused = {
        one: await bare.error("conversations.open", users=one) for one in ("UELI", "UROBOT", "UNOBODY", "UDRUMBEAT")
    }
    assert refused == {
        "UELI": "user_disabled",
        "UROBOT": "cannot_dm_bot",
        "UNOBODY": "user_not_found",
        "UDRUMBEAT": "cannot_dm_bot",
    }


async def test_members_and_people_come_in_pages(bare: BareApp) -> None:
    stand = bare.stand
    for number in range(250):
        stand.add_person(Person(f"p{number}", f"P{number}"))
        stand.seat("river", f"p{number}")

    async def pages(method: str, **arguments: Any) -> list[int]:  # noqa: ANN401 - JSON
        found, cursor = [], ""
        while True:
            answer = await bare.call(method, cursor=cursor, **arguments)
            found.append(len(answer["members"]))
            cursor = answer["response_metadata"]["next_cursor"]
            if not cursor:
                return found

    assert await pages("conversations.members", channel="CRIVER") == [100, 100, 54]
    assert await pages("conversations.members", channel="CRIVER", limit=1000) == [254]
    # Slackbot and the app itself are among the people of a workspace.
    assert await pages("users.list", limit=200) == [200, 56]
    assert await bare.error("conversations.members", channel="CRIVER", limit=1001) == "invalid_limit"
    assert await bare.error("conversations.members", channel="CRIVER", cursor="?") == "invalid_cursor"


async def test_a_history_has_no_replies_and_shows_metadata_only_when_asked(bare: BareApp, clock: MovedClock) -> None:
    root = (await post(bare, metadata={"event_type": "drumbeat_post", "event_payload": {"id": "one"}})).split("/")[1]
    clock.move_to(START + timedelta(seconds=1))
    await post(bare, thread_ts=root)
    await post(bare)
    whole = await bare.call("conversations.history", channel="CRIVER", include_all_metadata=True)
    assert [one.get("metadata", {}).get("event_payload") for one in whole["messages"]] == [None, {"id": "one"}]
    assert all(
        "metadata" not in one for one in (await bare.call("conversations.history", channel="CRIVER"))["messages"]
    )
    thread = (await bare.call("conversations.replies", channel="CRIVER", ts=root))["messages"]
    assert [one["ts"] for one in thread] == [root, "1793530801.000100"]
    alone = await bare.call("conversations.replies", channel="CRIVER", ts="1793530801.000100")
    assert [one["ts"] for one in alone["messages"]] == ["1793530801.000100"]
    later = await bare.call("conversations.history", channel="CRIVER", oldest=root)
    assert [one["ts"] for one in later["messages"]] == ["1793530801.000200"]
    with_it = await bare.call("conversations.history", channel="CRIVER", oldest=root, inclusive=True)
    assert [one["ts"] for one in with_it["messages"]] == ["1793530801.000200", root]
    assert await bare.error("conversations.replies", channel="CRIVER", ts="1.1") == "thread_not_found"


async def test_the_app_joins_public_channels_by_itself_and_no_others(app: BareApp) -> None:
    stand = app.stand
    stand.add_channel("hill", "hill", creator="ana", bot=False)
    stand.add_channel("secret", "secret", creator="ana", private=True)
    assert await app.error("conversations.history", channel="CHILL") == "not_in_channel"
    assert await app.error("conversations.join", channel="CSECRET") == "method_not_supported_for_channel_type"
    assert await app.error("conversations.join", channel="CHILL") is None
    assert (await app.call("conversations.join", channel="CHILL"))["warning"] == "already_in_channel"
    assert await app.error("chat.postMessage", channel="CHILL", text="x") is None
    stand.remove_bot("secret")
    assert await app.error("conversations.info", channel="CSECRET") == "channel_not_found"


async def test_a_token_knows_nothing_of_another_workspace(bare: BareApp) -> None:
    stand = bare.stand
    stand.add_channel("abroad", "abroad", "elsewhere", creator="ana")
    other = stand.token_of("elsewhere")
    assert (await bare.call("auth.test", token=other))["error"] == "account_inactive"
    stand.install("elsewhere")
    assert (await bare.call("auth.test", token=other))["team_id"] == "TELSEWHERE"
    assert (await bare.call("users.info", token=other, user="UANA"))["user"]["team_id"] == "TELSEWHERE"
    assert (await bare.call("users.info", token=other, user="UBEN"))["error"] == "user_not_found"
    assert (await bare.call("conversations.members", token=other, channel="CRIVER"))["error"] == "channel_not_found"
    assert [
        (await bare.call("conversations.open", token=one, users="UANA"))["channel"]["id"] for one in (None, other)
    ] == ["DANA", "DANA0"]


async def test_people_are_told_with_zone_and_rank(bare: BareApp) -> None:
    bare.stand.add_person(Person("kim", "Kim", "Asia/Kathmandu", steward=True))
    told = (await bare.call("users.info", user="UKIM"))["user"]
    assert {key: told[key] for key in ("tz", "tz_offset", "is_admin", "is_bot", "real_name")} == {
        "tz": "Asia/Kathmandu",
        "tz_offset": 20700,
        "is_admin": True,
        "is_bot": False,
        "real_name": "Kim",
    }
    assert told["profile"]["display_name"] == "Kim"
    bare.stand.deactivate("kim")
    assert (await bare.call("users.info", user="UKIM"))["user"]["deleted"]
    assert (await bare.call("conversations.info", channel="CRIVER"))["channel"]["creator"] == "UANA"


async def test_a_picture_can_be_shown_some_time_after_it_was_sent(bare: BareApp) -> None:
    png = b"\x89PNG\r\n\x1a\n"
    asked = await bare.call("files.getUploadURLExternal", filename="chart.png", length=len(png))
    image = {"type": "image", "alt_text": "Twelve came", "slack_file": {"id": asked["file_id"]}}

    async def show() -> object:
        return await bare.error("chat.postMessage", channel="CRIVER", text="x", blocks=[image])

    files = [{"id": asked["file_id"], "title": "Chart"}]
    assert await bare.error("files.completeUploadExternal", files=files) == "file_not_found"
    async with bare.session.post(asked["upload_url"], data=png) as answer:
        assert await answer.text() == "OK - 8"
    assert await bare.error("files.completeUploadExternal", files=files) is None
    assert await show() == "invalid_blocks"
    assert (await bare.call("files.info", file=asked["file_id"]))["file"]["mimetype"] == "image/png"
    assert await show() is None
    assert bare.stand.posts[-1].text == "(Twelve came)"


# ------------------------------------------------------------------------------------------------ mishaps


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


# ------------------------------------------------------------------------------------------------ Socket Mode


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


# ------------------------------------------------------------------------------------------------ what is told


async def test_typed_words_are_escaped_in_events_and_not_in_commands(app: BareApp) -> None:
    words = "<!channel> & https://a.example/?x=1&y=2"
    await app.stand.say("chi", "river", words)
    assert last_event(app)["text"] == "&lt;!channel&gt; &amp; <https://a.example/?x=1&amp;y=2>"
    assert app.stand.posts[-1].words == words
    await app.stand.say("chi", "river", "Thanks @Ana", mentioning=["ana"])
    assert last_event(app)["text"] == "Thanks <@UANA>"
    await app.stand.command("chi", "river", f"/drumbeat {words}")
    assert payload(app)["text"] == words


async def test_a_command_says_where_and_who_and_how_to_answer(app: BareApp) -> None:
    await app.stand.command("chi", "river", "/Drumbeat  status ")
    told = payload(app)
    assert (told["command"], told["text"], told["channel_id"], told["channel_name"], told["user_id"]) == (
        "/drumbeat",
        "status",
        "CRIVER",
        "river",
        "UCHI",
    )
    assert {"team_id", "trigger_id", "response_url", "api_app_id", "is_enterprise_install"} <= told.keys()
    await app.stand.command("chi", "", "/drumbeat")
    assert (payload(app)["channel_name"], payload(app)["channel_id"]) == ("directmessage", "DCHI")


async def test_events_carry_what_slack_puts_around_them(app: BareApp) -> None:
    await app.stand.say("chi", "river", "Hello")
    root = app.stand.posts[-1].id
    await app.stand.say("ben", "river", "Hi", thread=root)
    told = app.heard[-1]["payload"]
    event = told["event"]
    assert (event["thread_ts"], event["parent_user_id"], event["channel_type"]) == (
        root.split("/")[1],
        "UCHI",
        "channel",
    )
    assert (told["team_id"], told["authorizations"][0]["user_id"], told["is_ext_shared_channel"]) == (
        "TMOVEMENT",
        "UDRUMBEAT",
        False,
    )
    assert (told["event_time"], told["event_id"][:2]) == (1793530800, "Ev")


async def test_what_people_do_is_told(app: BareApp) -> None:
    stand = app.stand
    board = await post(app)
    await stand.join("eli", "river")
    await stand.react("eli", board, "👍")
    await stand.react("eli", board, "👍", on=False)
    await stand.leave("eli", "river")
    await stand.say("eli", "", "psst", workspace="movement")
    await stand.open_home("eli")
    stand.add_person(Person("eli", "Elias", "Asia/Tokyo"))
    await stand.enter_call("ana", "river")
    kinds = [
        ("message", None),
        ("member_joined_channel", None),
        ("message", "channel_join"),
        ("reaction_added", None),
        ("reaction_removed", None),
        ("member_left_channel", None),
        ("message", "channel_leave"),
        ("message", None),
        ("app_home_opened", None),
        ("user_change", None),
        ("message", "huddle_thread"),
        ("user_huddle_changed", None),
        ("user_change", None),
    ]
    told = [one["payload"]["event"] for one in app.heard]
    assert sorted((one["type"], str(one.get("subtype"))) for one in told) == sorted((a, str(b)) for a, b in kinds)
    # What the app wrote itself comes back to it.
    assert (told[0]["user"], told[0]["bot_id"]) == ("UDRUMBEAT", "BDRUMBEAT")
    huddle = next(one for one in told if one["type"] == "user_huddle_changed")["user"]["profile"]
    room = next(one for one in told if one.get("subtype") == "huddle_thread")["room"]
    assert (huddle["huddle_state"], huddle["huddle_state_call_id"]) == ("in_a_huddle", room["id"])
    assert (room["channels"], room["participant_history"]) == (["CRIVER"], ["UANA"])
    assert stand.voice == {"river": ("ana",)}
    await stand.leave_call("ana", "river")
    assert stand.voice == {}


async def test_an_app_hears_nothing_from_where_it_is_not(app: BareApp) -> None:
    stand = app.stand
    stand.add_channel("hill", "hill", creator="ana", bot=False)
    stand.add_channel("abroad", "abroad", "elsewhere", creator="ana")
    await stand.say("ana", "hill", "Hello")
    await stand.say("ana", "abroad", "Hello")
    assert app.heard == []
    assert await refusal(stand.command("ana", "abroad", "/drumbeat")) == "/drumbeat is not a valid command."
    stand.install("elsewhere")
    await stand.say("ana", "abroad", "Hello")
    assert [one["payload"]["team_id"] for one in app.heard] == ["TELSEWHERE"]


async def test_only_what_the_app_subscribed_to_is_told(app: BareApp) -> None:
    app.stand.platform.events.subscribed = {"message.im", "reaction_added"}
    await app.stand.say("chi", "river", "Hello")
    await app.stand.say("chi", "", "psst")
    assert [one["payload"]["event"]["channel"] for one in app.heard] == ["DCHI"]


async def test_other_messages_of_slack_have_a_subtype(app: BareApp) -> None:
    await app.stand.say("chi", "river", "Hello", subtype="file_share")
    await app.stand.reword("chi", app.stand.posts[-1].id, "Hello & welcome")
    await app.stand.hear_another_bot("river", "Beep")
    told = [one["payload"]["event"] for one in app.heard]
    assert [one["subtype"] for one in told] == ["file_share", "message_changed", "bot_message"]
    assert (told[1]["message"]["text"], told[1]["previous_message"]["text"]) == ("Hello &amp; welcome", "Hello")
    assert app.stand.posts[0].words == "Hello & welcome"


async def test_removing_the_app_is_told_and_ends_its_token(app: BareApp) -> None:
    app.stand.uninstall()
    assert await app.error("auth.test") == "account_inactive"
    await app.stand.wait_until(lambda: len(app.heard) == 2)
    assert sorted(heard_events(app)) == ["app_uninstalled", "tokens_revoked"]


async def test_the_last_thing_comes_again_when_a_test_says_so(app: BareApp) -> None:
    await app.stand.join("eli", "river")
    await app.stand.say("chi", "river", "Hello")
    await app.stand.redeliver_last()
    once, again = app.heard[-2:]
    assert (again["retry_attempt"], again["payload"]) == (1, once["payload"])


# ------------------------------------------------------------------------------------------------ commands and presses


async def test_the_answer_to_a_command_is_seen_by_one_person(app: BareApp) -> None:
    app.answer = lambda _: render_whisper(Whisper("Only for you"))
    assert await app.stand.command("chi", "river", "/drumbeat") == Whisper("Only for you")
    assert ([one.text for one in app.stand.whispers("chi")], app.stand.posts) == (["Only for you"], ())


async def test_an_answer_that_is_no_message_is_an_error_for_the_person(app: BareApp) -> None:
    for wrong in ({"response_action": "clear"}, {"text": "x", "nonsense": 1}, {"text": "x", "response_type": "loud"}):
        app.answer = lambda _, body=wrong: body  # type: ignore[misc]
        assert await refusal(app.stand.command("chi", "river", "/drumbeat")) == "dispatch_unknown_error"
    board = await post(app)
    app.answer = lambda _: {"text": "Thanks"}
    assert await refusal(app.stand.press("chi", board, GO)) == "dispatch_unknown_error"
    assert app.stand.whispers("chi") == ()


async def test_only_what_a_message_shows_can_be_pressed_by_who_sees_it(app: BareApp) -> None:
    stand = app.stand
    board = await post(app)
    why = "The message doesn't show that any more."
    assert await refusal(stand.press("chi", board, Action("demo", "other"))) == why
    assert await refusal(stand.press("chi", board, PICK, "5")) == "The menu has no such choice."
    assert await refusal(stand.press("eli", board, GO)) == "Eli is not in #river."
    await stand.say("chi", "river", "Hello")
    assert await refusal(stand.press("chi", stand.posts[-1].id, GO)) == "People's own words have no buttons."
    stand.delete(board)
    assert await refusal(stand.press("chi", board, GO)) == "That message is gone."


async def test_a_press_tells_what_was_pressed_and_on_what(app: BareApp) -> None:
    stand = app.stand
    board = await post(app)
    await stand.press("chi", board, PICK, "4")
    told = payload(app)
    assert told["actions"][0]["selected_option"]["value"] == "4"
    assert (told["container"], told["message"]["ts"], told["channel"]) == (
        {"type": "message", "message_ts": board.split("/")[1], "channel_id": "CRIVER", "is_ephemeral": False},
        board.split("/")[1],
        {"id": "CRIVER", "name": "river"},
    )
    await stand.press("chi", board, GO)
    assert (payload(app)["actions"][0]["action_id"], payload(app)["user"]["id"]) == ("demo:go:7:3", "UCHI")
    await stand.tap_link("chi", board, "More")
    assert (payload(app)["actions"][0]["action_id"], payload(app)["actions"][0]["url"]) == (
        "link-1-1",
        "https://a.example",
    )
    app.answer = lambda _: render_whisper(Whisper(*BOARD.parts))
    await stand.command("chi", "river", "/drumbeat")
    app.answer = lambda _: {}
    await stand.press("chi", stand.whispers("chi")[-1].id, GO)
    assert (payload(app)["container"]["is_ephemeral"], "message" in payload(app)) == (True, False)


async def test_a_response_url_replaces_adds_and_deletes_and_then_ends(app: BareApp, clock: MovedClock) -> None:
    stand = app.stand
    app.answer = lambda _: render_whisper(Whisper(*BOARD.parts))
    await stand.command("chi", "river", "/drumbeat")
    app.answer = lambda _: {}
    await stand.press("chi", stand.whispers("chi")[-1].id, GO)
    url = payload(app)["response_url"]

    async def answer(**body: object) -> int:
        async with app.session.post(url, json=body) as answered:
            return answered.status

    assert await answer(nonsense=1) == 400
    assert await answer(text="Beside it", replace_original=False) == 200
    assert await answer(text="Instead", replace_original=True) == 200
    assert [one.text for one in stand.whispers("chi")] == ["Instead", "Beside it"]
    assert await answer(delete_original=True) == 200
    assert [one.text for one in stand.whispers("chi")] == ["Beside it"]
    assert await answer(text="For all", response_type="in_channel") == 200
    assert [one.text for one in stand.posts] == ["For all"]
    assert [await answer(text="x") for _ in range(2)] == [200, 404]
    await stand.command("chi", "river", "/drumbeat")
    url = payload(app)["response_url"]
    clock.move_to(START + timedelta(minutes=31))
    assert await answer(text="Too late") == 404


async def test_five_hundred_people_press_at_once(app: BareApp) -> None:
    stand = app.stand
    board = await post(app)
    names = [f"p{number}" for number in range(500)]
    for name in names:
        stand.add_person(Person(name, name))
    stand.seat("river", *names)
    stand.platform.strict = False
    await stand.wait_until(lambda: len(heard_events(app)) > 500)
    await asyncio.gather(*(stand.press(name, board, GO) for name in names))
    pressed = {one["payload"]["user"]["id"] for one in app.heard if one["type"] == "interactive"}
    assert pressed == {stand.native(name) for name in names}


# ------------------------------------------------------------------------------------------------ forms


async def test_a_trigger_opens_one_form_and_soon(app: BareApp) -> None:
    stand, form = app.stand, render_form(FORM)
    stand.add_channel("abroad", "abroad", "elsewhere", creator="ana")
    stand.install("elsewhere")
    await stand.command("chi", "river", "/drumbeat")
    trigger = payload(app)["trigger_id"]
    other = await app.call("views.open", token=stand.token_of("elsewhere"), trigger_id=trigger, view=form)
    assert other["error"] == "invalid_trigger_id"
    assert await app.error("views.open", trigger_id="1.2.x", view=form) == "invalid_trigger_id"
    assert await app.error("views.open", trigger_id=trigger, view=form) is None
    assert await app.error("views.open", trigger_id=trigger, view=form) == "exchanged_trigger_id"
    stand.platform.triggers.seconds = 0
    await stand.command("chi", "river", "/drumbeat")
    assert await app.error("views.open", trigger_id=payload(app)["trigger_id"], view=form) == "expired_trigger_id"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"title": {"type": "plain_text", "text": "x" * 25}}, "title has 25 characters, not 1 to 24"),
        ({"submit": None}, "submit is no plain_text"),
        ({"private_metadata": "x" * 3001}, "private_metadata has 3001 characters, not 0 to 3000"),
        ({"blocks": []}, "must provide blocks [json-pointer:/view/blocks]"),
    ],
)
async def test_a_form_that_cannot_be_shown_is_refused(app: BareApp, change: dict[str, object], fault: str) -> None:
    await app.stand.command("chi", "river", "/drumbeat")
    view = render_form(FORM) | change
    answer = await app.call("views.open", trigger_id=payload(app)["trigger_id"], view=view)
    assert (answer["error"], answer["response_metadata"]["messages"]) == ("invalid_arguments", [f"[ERROR] {fault}"])


async def test_a_filled_form_arrives_as_slack_writes_it_down(app: BareApp) -> None:
    form = await open_form(app, private_metadata="kept")
    assert await app.stand.fill("chi", form, WHOLE) is None
    view = payload(app)["view"]
    assert (view["callback_id"], view["private_metadata"], view["id"]) == ("demo:go:7:3", "kept", form)
    option = {"text": {"type": "plain_text", "text": "Good", "emoji": True}, "value": "4"}
    assert view["state"]["values"] == {
        "words": {"words": {"type": "plain_text_input", "value": "Hello"}},
        "mood": {"mood": {"type": "radio_buttons", "selected_option": option}},
        "who": {"who": {"type": "multi_users_select", "selected_users": ["UBEN", "UANA"]}},
        "day": {"day": {"type": "datepicker", "selected_date": "2026-11-12"}},
        # Six in the evening in Berlin.
        "at": {"at": {"type": "datetimepicker", "selected_date_time": 1794502800}},
    }
    assert app.stand.form("chi") is None
    assert await app.error("views.update", view_id=form, view=render_form(FORM)) == "not_found"


async def test_slacks_own_form_lets_nobody_send_nonsense(app: BareApp) -> None:
    form = await open_form(app)
    assert await refusal(app.stand.fill("chi", form, {})) == "“Words” needs an answer."
    assert await refusal(app.stand.fill("chi", form, {"words": "x" * 21})) == "“Words” has 21 characters; 20 fit."
    assert await refusal(app.stand.fill("chi", form, {"words": "x", "mood": "9"})) == "“Mood” has no such choice."
    assert await refusal(app.stand.fill("chi", form, {"words": "x", "at": "soon"})) == "“At” is picked from a calendar."
    app.stand.close_form("chi", form)
    assert await refusal(app.stand.fill("chi", form, WHOLE)) == "That form is closed. Open it again."
    assert await app.error("views.update", view_id=form, view=render_form(FORM)) == "not_found"


async def test_problems_stand_at_the_fields_of_the_form(app: BareApp) -> None:
    form = await open_form(app)
    problems = Problems({"words": "Say more"})
    app.answer = lambda _: render_problems(problems, ["words"])
    assert await app.stand.fill("chi", form, WHOLE) == problems
    opened = app.stand.form("chi")
    assert opened is not None
    assert (opened.problems, opened.typed["words"]) == ((("words", "Say more"),), "Hello")
    app.answer = lambda _: {"response_action": "errors", "errors": {"nowhere": "x"}}
    assert await refusal(app.stand.fill("chi", form, WHOLE)) == "We had some trouble connecting. Try again?"
    assert app.stand.failures == ["ack.view_submission: [\"'nowhere' is no input of this view\"]"]


async def test_a_form_can_be_followed_by_another_or_by_words(app: BareApp) -> None:
    form = await open_form(app)
    second = Form("Next", GO, Words(name="more", label="More"))
    app.answer = lambda _: {"response_action": "push", "view": render_form(second)}
    assert await app.stand.fill("chi", form, WHOLE) == second
    opened = app.stand.form("chi")
    assert opened is not None
    thanks = {
        "type": "modal",
        "title": {"type": "plain_text", "text": "Done"},
        "blocks": render_message(Message("Thanks"))["blocks"],
    }
    app.answer = lambda _: {"response_action": "update", "view": thanks}
    assert await app.stand.fill("chi", opened.id, {"more": "x"}) == Whisper("Thanks")
    assert (app.stand.form("chi"), app.stand.notice("chi")) == (None, Message("Thanks"))
    told = await app.call("views.update", view_id=opened.id, hash="old", view=render_form(second))
    assert told["error"] == "hash_conflict"
    assert await app.error("views.update", view_id=opened.id, view=render_form(second)) is None
    app.answer = lambda _: {"response_action": "clear"}
    assert await app.stand.fill("chi", opened.id, {"more": "x"}) is None
    assert app.stand.form("chi") is None


async def test_a_patient_person_sees_what_comes_after_the_acknowledgement(app: BareApp) -> None:
    app.stand.patience = 5
    typing = asyncio.create_task(app.stand.command("chi", "river", "/drumbeat"))
    await app.stand.wait_until(lambda: app.heard)
    await app.call("views.open", trigger_id=payload(app)["trigger_id"], view=render_form(FORM))
    assert await typing == FORM


async def test_a_home_shows_what_was_published_last(app: BareApp) -> None:
    home = {"type": "home", "blocks": render_message(BOARD)["blocks"]}
    assert app.stand.home("chi") is None
    assert await app.error("views.publish", user_id="UCHI", view=home | {"type": "modal"}) == "invalid_arguments"
    assert await app.error("views.publish", user_id="UNOBODY", view=home) == "user_not_found"
    published = await app.call("views.publish", user_id="UCHI", view=home)
    assert app.stand.home("chi") == BOARD
    assert await app.error("views.publish", user_id="UCHI", view=home, hash="old") == "hash_conflict"
    other = {"type": "home", "blocks": render_message(Message("Other", *BOARD.parts))["blocks"]}
    assert await app.error("views.update", view_id=published["view"]["id"], view=other) is None
    assert (app.stand.home("chi"), app.stand.whispers("chi")) == (Message("Other", *BOARD.parts), ())
    await app.stand.press_home("chi", GO)
    assert (payload(app)["view"]["id"], payload(app)["container"]["type"]) == (published["view"]["id"], "view")
    assert not {"response_url", "channel", "message"} & payload(app).keys()


async def test_a_button_in_a_modal_of_words_can_be_pressed(app: BareApp) -> None:
    await open_form(app)
    opened = app.stand.form("chi")
    assert opened is not None
    told = {
        "type": "modal",
        "title": {"type": "plain_text", "text": "One moment"},
        "blocks": render_message(BOARD)["blocks"],
    }
    app.answer = lambda _: {"response_action": "update", "view": told}
    assert await app.stand.fill("chi", opened.id, WHOLE) == Whisper(*BOARD.parts)
    app.answer = lambda _: {}
    await app.stand.press("chi", app.stand.whispers("chi")[-1].id, GO)
    assert (payload(app)["container"], payload(app)["view"]["id"]) == (
        {"type": "view", "view_id": opened.id},
        opened.id,
    )
    app.stand.close_form("chi", opened.id)
    assert await refusal(app.stand.press_in_form("chi", GO)) == "That form is closed. Open it again."


async def test_closing_a_form_is_told_when_the_form_asks_for_it(app: BareApp) -> None:
    app.stand.close_form("chi", await open_form(app))
    app.stand.close_form("chi", await open_form(app, notify_on_close=True))
    await app.stand.say("chi", "river", "Never mind")
    kinds = [one["payload"].get("type") for one in app.heard if one["type"] == "interactive"]
    assert kinds == ["view_closed"]


# ------------------------------------------------------------------------------------------------ HTTP and installing


async def test_requests_to_an_address_are_signed(bare: BareApp) -> None:
    stand = bare.stand
    await stand.deliver_to(await bare.listen())
    bare.answer = lambda _: {"text": "Here you are"}
    assert await stand.command("chi", "river", "/drumbeat a&b") == Whisper("Here you are")
    body, headers = bare.seen_at_url[-1]
    signed = f"v0:{headers['X-Slack-Request-Timestamp']}:{body}".encode()
    assert (
        headers["X-Slack-Signature"]
        == "v0=" + hmac.new(stand.signing_secret.encode(), signed, hashlib.sha256).hexdigest()
    )
    assert abs(time.time() - int(headers["X-Slack-Request-Timestamp"])) < 60
    assert payload(bare)["text"] == "a&b"
    bare.answer = lambda _: {}
    await stand.press("chi", await post(bare), GO)
    assert payload(bare)["type"] == "block_actions"


async def test_an_event_that_an_address_refuses_comes_again(bare: BareApp) -> None:
    stand = bare.stand
    stand.platform.dispatch.retry_seconds = (0.0, 0.01, 0.01)
    await stand.deliver_to(await bare.listen())
    bare.answer = lambda _: None
    await stand.say("chi", "river", "Hello?")
    await stand.wait_until(lambda: "lost: event message" in stand.failures)
    marks = [(one.get("X-Slack-Retry-Num"), one.get("X-Slack-Retry-Reason")) for _, one in bare.seen_at_url[1:]]
    assert marks == [(None, None), ("1", "http_error"), ("2", "http_error"), ("3", "http_error")]


async def test_installing_gives_a_token_for_another_workspace_once(bare: BareApp, clock: MovedClock) -> None:
    stand = bare.stand
    stand.add_channel("abroad", "abroad", "elsewhere", creator="eli")
    stand.platform.redirect_uri = "https://drumbeat.example/slack/oauth_redirect"
    asked = {
        "client_id": stand.platform.client_id,
        "scope": "chat:write,users:read",
        "state": "s",
        "team": "TELSEWHERE",
    }
    url = f"{stand.platform.origin}/oauth/v2/authorize"

    async def code() -> str:
        async with bare.session.get(url, params=asked, allow_redirects=False) as answer:
            sent_to = URL(answer.headers["Location"])
            assert (answer.status, sent_to.host, sent_to.query["state"]) == (302, "drumbeat.example", "s")
            return sent_to.query["code"]

    secrets = {"client_id": stand.platform.client_id, "client_secret": stand.platform.client_secret}
    assert await bare.error("oauth.v2.access", **secrets | {"client_secret": "x"}, code="x") == "bad_client_secret"
    first = await code()
    got = await bare.call("oauth.v2.access", **secrets, code=first)
    assert (got["team"]["id"], got["bot_user_id"], got["scope"]) == (
        "TELSEWHERE",
        "UDRUMBEAT1",
        "chat:write,users:read",
    )
    assert (await bare.call("auth.test", token=got["access_token"]))["team_id"] == "TELSEWHERE"
    assert await bare.error("oauth.v2.access", **secrets, code=first) == "invalid_code"
    late = await code()
    clock.move_to(START + timedelta(minutes=11))
    assert await bare.error("oauth.v2.access", **secrets, code=late) == "invalid_code"
    assert {one["payload"].get("client_secret", "left-out") for one in stand.recorded} == {"left-out"}


# ------------------------------------------------------------------------------------------------ reading back


def name(native: str) -> tuple[str, str]:
    return native, native.lower()


@settings(max_examples=80)
@given(views.messages)
def test_a_message_that_slack_shows_reads_as_it_was_written(message: Message) -> None:
    mentions = [
        span for part in message.parts if isinstance(part, Text) for span in part.spans if isinstance(span, Mention)
    ]
    known = {one.person: one.name for one in mentions}
    assume(all(known[one.person] == one.name and re.fullmatch("[UW][A-Z0-9]{2,}", one.person) for one in mentions))
    shown = render_message(message)
    read = read_message(shown["text"], shown["blocks"], naming=lambda native: (native, known.get(native, native)))
    assert plainly(read_aloud(read)) == plainly(read_aloud(message))


@given(views.forms)
def test_a_form_that_slack_shows_reads_as_it_was_written(form: Form) -> None:
    read = read_form(render_form(form), naming=name)
    assert read_aloud(read) == read_aloud(form)
    assert [(one.name, one.label, one.hint, one.required, type(one)) for one in read.fields] == [
        (one.name, one.label, one.hint, one.required, type(one)) for one in form.fields
    ]
    assert (read.action, read.submit) == (form.action, form.submit)


def test_what_keeps_words_from_calling_everybody_is_not_seen() -> None:
    message = Message("<!channel> come")
    assert read_message("", render_message(message)["blocks"], naming=name) == message


def plainly(words: str) -> str:
    return words.replace("<\u2060!", "<!")


async def test_the_room_looks_the_same_on_slack(app: BareApp) -> None:
    stand = app.stand
    board = await post(app)
    await stand.say("chi", "river", "Fine", thread=board)
    assert stand.channels == (Channel("river", "river", "movement", "ana", ("ana", "ben", "chi")),)
    (shown,) = stand.channel_messages("river")
    assert (shown.view, shown.author, shown.place) == (BOARD, BOT, Place("slack", "movement", "river"))
    (reply,) = stand.thread(board)
    assert (reply.author, reply.words, reply.place) == ("chi", "Fine", Place("slack", "movement", "river", board))
    assert (stand.native("ana"), stand.named("CRIVER"), html.unescape(reply.text)) == ("UANA", "river", "Fine")


async def test_whoever_acts_while_slack_waits_sees_the_error(app: BareApp) -> None:
    app.stand.platform.dispatch.ack_seconds = 0.05
    form = await open_form(app)
    app.answer = lambda _: None
    with pytest.raises(UnansweredError, match="operation_timeout"):
        await app.stand.fill("chi", form, WHOLE)
    assert app.stand.form("chi") is not None
