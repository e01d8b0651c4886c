"""Channels, who is in them and what was said: https://docs.slack.dev/reference/methods/conversations.history etc."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from tests.adapters.slack_platform.objects import channel_object, message_object
from tests.adapters.slack_platform.refusing import Json, RefusedError
from tests.adapters.slack_platform.world import Conversation, Line

if TYPE_CHECKING:
    from tests.adapters.slack_platform.web import Call

Thing = TypeVar("Thing")
READ = {"channel": "channels:read", "group": "groups:read", "im": "im:read"}
HISTORY = {"channel": "channels:history", "group": "groups:history", "im": "im:history"}


def page(call: Call, things: Sequence[Thing], *, default: int = 100, most: int = 1000) -> tuple[list[Thing], str]:
    """Cut a page out of a list, and give the cursor of the next one: ''  at the end."""
    try:
        limit = int(call.text("limit") or default)
        start = int(base64.b64decode(call.text("cursor") or "MA==", validate=True))
    except (ValueError, binascii.Error) as why:
        raise RefusedError("invalid_cursor" if call.text("cursor") else "invalid_limit") from why
    if not 1 <= limit <= most:
        raise RefusedError("invalid_limit")
    # 'Fewer than the requested number may be returned, even if the end of the list hasn't been reached.'
    limit = min(limit, call.platform.page_limit or limit)
    after = start + limit
    return list(things[start:after]), base64.b64encode(str(after).encode()).decode() if after < len(things) else ""


def info(call: Call) -> Json:
    channel = _channel(call, READ)
    shown = channel_object(channel, call.workspace)
    if call.flag("include_num_members"):
        shown["num_members"] = len(channel.members)
    return {"ok": True, "channel": shown}


def members(call: Call) -> Json:
    """List the people of a channel, the app among them. A public one may be asked from outside."""
    channel = _channel(call, READ)
    people, cursor = page(call, list(channel.members))
    return {"ok": True, "members": people, "response_metadata": {"next_cursor": cursor}}


def listing(call: Call) -> Json:
    call.need("channels:read", "groups:read", "im:read")
    kinds = {"public_channel": "channel", "private_channel": "group", "im": "im"}
    wanted = {kinds[one] for one in (call.text("types") or "public_channel").split(",") if one in kinds}
    bot = call.workspace.bot_user
    seen = [
        one
        for one in call.platform.world.conversations.values()
        if one.team == call.workspace.id
        and one.kind in wanted
        and (one.kind == "channel" or bot in one.members)
        and not (call.flag("exclude_archived") and one.archived)
        and (call.method == "conversations.list" or bot in one.members)
    ]
    found, cursor = page(call, seen, most=999)
    shown = [channel_object(one, call.workspace) for one in found]
    return {"ok": True, "channels": shown, "response_metadata": {"next_cursor": cursor}}


def history(call: Call) -> Json:
    """List what stands in a channel itself, newest first; replies are in their threads."""
    channel = _readable(call)
    lines = [line for line in channel.lines.values() if line.thread_ts in ("", line.ts)]
    found, cursor = page(call, _between(call, lines)[::-1], most=999)
    return _told(call, found, cursor)


def replies(call: Call) -> Json:
    """List a thread, its root first. Asked with a reply's ts, Slack gives that reply alone.

    https://github.com/slackapi/bolt-python/issues/783
    """
    channel = _readable(call)
    root = channel.lines.get(call.needed("ts"))
    if root is None:
        raise RefusedError("thread_not_found")
    if root.thread_ts not in ("", root.ts):
        return _told(call, [root], "")
    answers = _between(call, [line for line in channel.lines.values() if line.thread_ts == root.ts and line != root])
    found, cursor = page(call, answers, most=1000)
    return _told(call, [root, *found], cursor)


def join(call: Call) -> Json:
    call.need("channels:join")
    channel = call.platform.world.conversation(call.workspace, call.needed("channel"))
    if channel.kind != "channel":
        raise RefusedError("method_not_supported_for_channel_type")
    if channel.archived:
        raise RefusedError("is_archived")
    answer: Json = {"ok": True, "channel": channel_object(channel, call.workspace)}
    if call.workspace.bot_user in channel.members:
        return answer | {"warning": "already_in_channel"}
    call.platform.come(channel, call.workspace.bot_user)
    return answer | {"channel": channel_object(channel, call.workspace)}


def open_inbox(call: Call) -> Json:
    call.need("im:write")
    world, people = call.platform.world, [one for one in call.text("users").split(",") if one]
    if not people:
        raise RefusedError("users_list_not_supplied")
    if len(people) > 1:
        raise RefusedError("mpim_is_not_played_here")
    if people[0] in {call.workspace.bot_user, "USLACKBOT"}:
        raise RefusedError("cannot_dm_bot")
    user = world.user(call.workspace, people[0])
    if user.person.bot:
        raise RefusedError("cannot_dm_bot")
    if user.deleted:
        raise RefusedError("user_disabled")
    if not user.open_inbox:
        # 'The calling user is restricted from seeing the requested user.'
        raise RefusedError(call.platform.closed_inbox)
    there = (call.workspace.id, user.id) in world.inboxes
    channel = world.inbox(call.workspace, user.id)
    whole = channel_object(channel, call.workspace) if call.flag("return_im") else {"id": channel.id}
    return {"ok": True, "channel": whole, **({"no_op": True, "already_open": True} if there else {})}


METHODS: dict[str, Callable[[Call], Json]] = {
    "conversations.info": info,
    "conversations.members": members,
    "conversations.list": listing,
    "users.conversations": listing,
    "conversations.history": history,
    "conversations.replies": replies,
    "conversations.join": join,
    "conversations.open": open_inbox,
}


def _channel(call: Call, scopes: dict[str, str]) -> Conversation:
    channel = call.platform.world.conversation(call.workspace, call.needed("channel"))
    call.need(scopes[channel.kind])
    return channel


def _readable(call: Call) -> Conversation:
    channel = _channel(call, HISTORY)
    if call.workspace.bot_user not in channel.members:
        raise RefusedError("not_in_channel")
    return channel


def _between(call: Call, lines: list[Line]) -> list[Line]:
    """Only with ``inclusive`` are the messages of exactly ``oldest`` and ``latest`` among those found."""
    oldest, latest = call.text("oldest") or "0", call.text("latest")
    try:
        first, last = float(oldest), float(latest) if latest else float("inf")
    except ValueError as why:
        raise RefusedError("invalid_ts_oldest") from why
    ends = {oldest, latest} if call.flag("inclusive") else set()
    return [line for line in lines if first < float(line.ts) < last or line.ts in ends or _same(line, ends)]


def _same(line: Line, ends: set[str]) -> bool:
    return any(one and float(one) == float(line.ts) for one in ends)


def _told(call: Call, lines: list[Line], cursor: str) -> Json:
    metadata = call.flag("include_all_metadata")
    shown = [_with_thread(line, call, metadata=metadata) for line in lines]
    return {"ok": True, "messages": shown, "has_more": bool(cursor), "response_metadata": {"next_cursor": cursor}}


def _with_thread(line: Line, call: Call, *, metadata: bool) -> Json:
    shown = message_object(line, call.workspace, metadata=metadata)
    if line.thread_ts:
        return shown
    below = [one for one in call.platform.world.conversations[line.channel].lines.values() if one.thread_ts == line.ts]
    if below:
        people = list(dict.fromkeys(one.user for one in below))
        shown |= {"thread_ts": line.ts, "reply_count": len(below), "reply_users": people, "latest_reply": below[-1].ts}
    return shown
