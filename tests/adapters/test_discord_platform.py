"""What the made-up Discord refuses: it is only of use if it is as strict as the real one."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.clock import MovedClock
from tests.adapters.discord_platform import DiscordStand
from tests.adapters.discord_platform.caller import V2, Caller, button, text
from tests.adapters.discord_platform.refusing import Json
from tests.adapters.discord_platform.scenery import START, make_stand, move, river


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock(wall=lambda: START)


@pytest.fixture
async def stand(clock: MovedClock) -> AsyncIterator[DiscordStand]:
    stand = make_stand(clock, "members", "message_content")
    await stand.start()
    yield stand
    await stand.stop()


@pytest.fixture
async def caller(stand: DiscordStand) -> AsyncIterator[Caller]:
    async with Caller(stand) as caller:
        yield caller


# ------------------------------------------------------------------------------------------------ who may what


async def test_a_stranger_is_told_nothing(stand: DiscordStand) -> None:
    async with aiohttp.ClientSession() as session:
        url = f"{stand.api_url}/users/@me"
        async with session.get(url, headers={"Authorization": "Bot wrong"}) as answer:
            assert (answer.status, await answer.json()) == (401, {"message": "401: Unauthorized", "code": 0})
            # Letter for letter: discord.py takes a body for text as soon as a charset stands there.
            assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("right", "method", "rest", "body", "refusal"),
    [
        ("VIEW_CHANNEL", "POST", "/messages", text("a"), (403, 50001)),
        ("VIEW_CHANNEL", "GET", "", None, (403, 50001)),
        ("SEND_MESSAGES", "POST", "/messages", text("a"), (403, 50013)),
        ("READ_MESSAGE_HISTORY", "GET", "/messages/{first}", None, (403, 50013)),
        ("CREATE_PUBLIC_THREADS", "POST", "/messages/{first}/threads", {"name": "a"}, (403, 50013)),
        ("ADD_REACTIONS", "PUT", "/messages/{first}/reactions/🎉/@me", None, (403, 50013)),
    ],
)
async def test_a_bot_that_lacks_a_right_is_refused(
    stand: DiscordStand,
    caller: Caller,
    right: str,
    method: str,
    rest: str,
    body: Json | None,
    refusal: tuple[int, int],
) -> None:
    first = (await caller.post("river", text("first")))["id"]
    stand.forbid("river", right)
    assert await caller.refusal(method, river(stand, rest.format(first=first)), body) == refusal
    stand.permit("river", right)
    status, _ = await caller.call(method, river(stand, rest.format(first=first)), body)
    assert status in (200, 204)


async def test_a_bot_that_was_thrown_out_finds_nothing_any_more(stand: DiscordStand, caller: Caller) -> None:
    server, pond = stand.native("movement"), stand.native("pond")
    await stand.delete_channel("pond")
    assert await caller.refusal("POST", f"/channels/{pond}/messages", text("a")) == (404, 10003)
    await stand.kick_bot()
    assert await caller.refusal("POST", river(stand), text("a")) == (403, 50001)
    assert await caller.refusal("GET", f"/guilds/{server}") == (404, 10004)
    await stand.invite_bot()
    assert await caller.post("river", text("back"))


async def test_a_private_message_reaches_only_who_wants_it(stand: DiscordStand, caller: Caller) -> None:
    async def write(person: str) -> object:
        _, channel = await caller.call("POST", "/users/@me/channels", {"recipient_id": stand.native(person)})
        status, told = await caller.call("POST", f"/channels/{channel['id']}/messages", text("Hello"))
        return "sent" if status == 200 else (status, told["code"])

    stand.close_inbox("ben")
    assert [await write(one) for one in ("ana", "ben", "chi")] == ["sent", (403, 50007), (403, 50278)]
    assert await caller.refusal("POST", "/users/@me/channels", {"recipient_id": "5"}) == (400, 50033)
    assert [post.text for post in stand.inbox("ana")] == ["Hello"]


# ------------------------------------------------------------------------------------------------ messages


@pytest.mark.parametrize(
    "body",
    [
        text("a", flags=V2 | 64),
        text("a", content="b"),
        text("a" * 4001),
        text(" "),
        text("a", nonce="n" * 26),
        text("a", components=[]),
        text("a", components=[{"type": 10, "content": "a"}, button("Yes", "same"), button("No", "same")]),
        text("a", components=[{"type": 10, "content": "a", "id": 3}, {"type": 10, "content": "a", "id": 3}]),
        text("a", components=[{"type": 12, "items": [{"media": {"url": "attachment://a.png"}}]}]),
        text("a", components=[{"type": 10, "content": "a"}] * 41),
        text("a", allowed_mentions={"parse": ["everyone"]}),
        {"content": "a" * 2001},
    ],
)
async def test_a_message_past_the_limits_is_refused(stand: DiscordStand, caller: Caller, body: Json) -> None:
    assert await caller.refusal("POST", river(stand), body) == (400, 50035)
    assert stand.posts == ()


async def test_an_empty_message_is_refused(stand: DiscordStand, caller: Caller) -> None:
    assert await caller.refusal("POST", river(stand), {"content": " "}) == (400, 50006)


async def test_a_nonce_is_good_for_one_message_for_some_minutes(
    stand: DiscordStand, caller: Caller, clock: MovedClock
) -> None:
    once = {"nonce": "once", "enforce_nonce": True}
    first = await caller.post("river", text("One", **once))
    assert (await caller.post("river", text("Two", **once)))["id"] == first["id"]
    assert [post.text for post in stand.posts] == ["One"]
    stand.delete(first["id"])
    assert await caller.refusal("POST", river(stand), text("Three", **once)) == (404, 10008)
    move(clock, minutes=6)
    await caller.post("river", text("Four", **once))
    await caller.post("river", text("Five", nonce="once"))
    assert [post.text for post in stand.posts] == ["Four", "Five"]


async def test_only_the_author_edits_a_message(stand: DiscordStand, caller: Caller) -> None:
    await stand.say("ana", "river", "Mine")
    posted = await caller.post("river", text("Yours"))
    theirs = stand.posts[0].id
    assert await caller.refusal("PATCH", river(stand, f"/messages/{theirs}"), text("x")) == (403, 50005)
    assert await caller.refusal("PATCH", river(stand, "/messages/5"), text("x")) == (404, 10008)
    assert (await caller.call("PATCH", river(stand, f"/messages/{posted['id']}"), text("Ours")))[0] == 200
    assert [post.text for post in stand.posts] == ["Mine", "Ours"]


async def test_a_thread_hangs_on_a_message_once(stand: DiscordStand, caller: Caller, clock: MovedClock) -> None:
    root = (await caller.post("river", text("Root")))["id"]
    path = river(stand, f"/messages/{root}/threads")
    assert await caller.refusal("POST", path, {"name": " "}) == (400, 50035)
    status, thread = await caller.call("POST", path, {"name": "Root", "auto_archive_duration": 60})
    assert (status, thread["id"], thread["parent_id"]) == (200, root, stand.native("river"))
    assert await caller.refusal("POST", path, {"name": "Root"}) == (400, 160004)
    inside = (await caller.post(root, text("Inside")))["id"]
    move(clock, minutes=61)
    edit = f"/channels/{root}/messages/{inside}"
    assert await caller.refusal("PATCH", edit, text("x")) == (400, 50083)
    await caller.post(root, text("Awake"))
    assert (await caller.call("PATCH", edit, text("Edited")))[0] == 200
    await stand.lock_thread(root)
    assert await caller.refusal("POST", f"/channels/{root}/messages", text("x")) == (403, 160005)
    assert [post.text for post in stand.thread(root)] == ["Edited", "Awake"]
    stand.forbid("river", "SEND_MESSAGES_IN_THREADS")
    assert await caller.refusal("POST", f"/channels/{root}/messages", text("x")) == (403, 50013)


async def test_history_comes_in_pages(stand: DiscordStand, caller: Caller) -> None:
    for number in range(5):
        await caller.post("river", text(str(number), nonce=f"n{number}", enforce_nonce=True))
    ids = [post.id for post in stand.posts]

    async def page(**query: str) -> list[str]:
        _, told = await caller.call("GET", river(stand), params=query)
        assert all("nonce" not in one for one in told)
        return [one["components"][0]["content"] for one in told]

    assert await page() == ["4", "3", "2", "1", "0"]
    assert await page(after=ids[0], limit="2") == ["2", "1"]
    assert await page(before=ids[4], limit="2") == ["3", "2"]
    assert await caller.refusal("GET", river(stand), params={"limit": "101"}) == (400, 50035)
    stand.forbid("river", "READ_MESSAGE_HISTORY")
    assert await page() == []


async def test_members_come_in_pages_of_a_thousand_at_most(stand: DiscordStand, caller: Caller) -> None:
    path = f"/guilds/{stand.native('movement')}/members"
    _, everybody = await caller.call("GET", path, params={"limit": "1000"})
    ids = [one["user"]["id"] for one in everybody]
    assert {stand.named(one) for one in ids} >= {"ana", "ben", "eli", "drumbeat"}
    assert ids == sorted(ids, key=int)
    _, later = await caller.call("GET", path, params={"limit": "1", "after": ids[1]})
    assert [one["user"]["id"] for one in later] == [ids[2]]
    assert await caller.refusal("GET", path, params={"limit": "1001"}) == (400, 50035)


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("attachment://b.md", "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND"),
        ("https://files.example/a.md", "A file is named as attachment://"),
        ("attachment://a b.md", "A file is named as attachment://"),
        ("attachment://a.md", ""),
    ],
)
async def test_a_file_is_shown_only_where_it_comes_along(
    stand: DiscordStand, caller: Caller, url: str, fault: str
) -> None:
    body = {"flags": V2, "components": [{"type": 13, "file": {"url": url}}]}
    form = aiohttp.FormData()
    form.add_field("payload_json", aiohttp.JsonPayload(body).decode(), content_type="application/json")
    form.add_field("files[0]", b"# A", filename="a.md", content_type="text/markdown")
    status, told = await caller.call("POST", river(stand), data=form)
    assert (status, fault in str(told)) == (400 if fault else 200, True)


async def test_a_picture_comes_with_its_words(stand: DiscordStand, caller: Caller) -> None:
    gallery = {"type": 12, "items": [{"media": {"url": "attachment://a.png"}, "description": "Twelve came"}]}
    body = text("Look", components=[{"type": 10, "content": "Look"}, gallery])
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("payload_json", aiohttp.JsonPayload(body).decode(), content_type="application/json")
    form.add_field("files[0]", b"\x89PNG", filename="a.png", content_type="image/png")
    status, told = await caller.call("POST", river(stand), data=form)
    assert (status, stand.posts[0].text) == (200, "Look\n(Twelve came)")
    kept = {**body, "attachments": [{"id": told["attachments"][0]["id"]}]}
    assert (await caller.call("PATCH", river(stand, f"/messages/{told['id']}"), kept))[0] == 200
    lost = {**body, "attachments": []}
    assert await caller.refusal("PATCH", river(stand, f"/messages/{told['id']}"), lost) == (400, 50035)


# ------------------------------------------------------------------------------------------------ limits and mishaps


async def test_too_many_posts_have_to_wait(stand: DiscordStand, caller: Caller, clock: MovedClock) -> None:
    stand.limits.posts = True
    for _ in range(5):
        await caller.post("river", text("a"))
    headers = {"Authorization": f"Bot {stand.token}"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(stand.api_url + river(stand), json=text("a"), headers=headers) as answer,
    ):
        told = await answer.json()
        wanted = ("Via", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Scope")
        assert (answer.status, told["retry_after"], told["global"]) == (429, 5.0, False)
        assert [answer.headers[one] for one in wanted] == ["1.1 google", "5", "0", "user"]
    await caller.post("pond", text("Another channel"))
    move(clock, seconds=5)
    await caller.post("river", text("a"))


async def test_an_old_message_is_edited_rarely(stand: DiscordStand, caller: Caller, clock: MovedClock) -> None:
    stand.limits.old_edits = True
    path = river(stand, f"/messages/{(await caller.post('river', text('a')))['id']}")
    for _ in range(3):
        assert (await caller.call("PATCH", path, text("young")))[0] == 200
    move(clock, hours=1)
    assert (await caller.call("PATCH", path, text("old")))[0] == 200
    assert await caller.refusal("PATCH", path, text("too soon")) == (429, 30046)
    move(clock, minutes=1)
    assert (await caller.call("PATCH", path, text("older")))[0] == 200


async def test_what_goes_wrong_on_purpose(stand: DiscordStand, caller: Caller) -> None:
    stand.fail_next(1)
    stand.fail_next(1, retry_after=7)
    stand.refuse_next(50013)
    stand.fail_next(1, after_storing=True)
    assert await caller.refusal("POST", river(stand), text("a")) == (503, 0)
    status, told = await caller.call("POST", river(stand), text("b"))
    assert (status, told["retry_after"]) == (429, 7)
    assert await caller.refusal("POST", river(stand), text("c")) == (403, 50013)
    with pytest.raises(aiohttp.ClientError):
        await caller.call("POST", river(stand), text("d"))
    assert [call.text for call in stand.calls] == ["d"]
    assert [call.text for call in stand.failed_calls] == ["a", "b"]
    assert [call["status"] for call in stand.recorded] == [503, 429, 403, 502]
