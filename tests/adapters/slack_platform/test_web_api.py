"""What may be called, by whom, and what is refused."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from adapters.slack.render import render_message
from bot.chat import Person
from bot.clock import MovedClock
from bot.plain import read_aloud
from tests.adapters.slack_platform.bare_app import BareApp
from tests.adapters.slack_platform.scenery import BOARD, START, post


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


async def test_a_file_is_seen_where_the_app_wrote_its_address(app: BareApp) -> None:
    async def bring(name: str) -> str:
        asked = await app.call("files.getUploadURLExternal", filename=name, length=3)
        async with app.session.post(asked["upload_url"], data=b"# A") as answer:
            assert answer.status == 200
        await app.call("files.completeUploadExternal", files=[{"id": asked["file_id"], "title": name}])
        return str((await app.call("files.info", file=asked["file_id"]))["file"]["permalink"])

    async def files(text: str, *, small: bool = False) -> list[str]:
        block = {
            "type": "rich_text",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "link", **link}]}],
        }
        await app.call("chat.postMessage", channel="CRIVER", text=text, blocks=[block], unfurl_media=not small)
        view = app.stand.posts[-1].view
        return [file.name for file in view.attachments] if view else []

    link = {"url": await bring("a.md"), "text": "a.md"}
    assert await files("Look") == []
    assert await files(f"Look <{link['url']}|a.md>", small=True) == []
    assert await files(f"Look <{link['url']}|a.md>") == ["a.md"]
    files_sent = [{"id": "FNOBODYS", "title": "b.md"}]
    assert await app.error("files.completeUploadExternal", files=files_sent) == "file_not_found"
