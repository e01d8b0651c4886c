"""What the app writes: https://docs.slack.dev/reference/methods/chat.postMessage and its relatives."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.adapters.slack_platform.faults import Sent
from tests.adapters.slack_platform.limits import TEXT_LETTERS, UPDATE_BYTES, check_blocks, check_metadata
from tests.adapters.slack_platform.objects import message_object
from tests.adapters.slack_platform.refusing import Json, RefusedError
from tests.adapters.slack_platform.world import Conversation

if TYPE_CHECKING:
    from tests.adapters.slack_platform.web import Call


def sent(call: Call) -> Sent:
    """Note what a call wants to send."""
    kind = call.method == "chat.postMessage"
    blocks = call.structure("blocks", "invalid_blocks_format") or []
    where = (call.workspace.id, call.text("channel"), call.text("thread_ts"), call.text("ts"))
    return Sent("post" if kind else "edit", *where, call.text("text"), blocks)


def post(call: Call) -> Json:
    call.need("chat:write")
    channel = _reach(call)
    text, blocks = _read(call)
    metadata = check_metadata(call.structure("metadata", "invalid_metadata_format"))
    thread_ts = _thread(call, channel)
    # Whether what keeps links small keeps files away too is written nowhere, so here it does.
    if call.arguments.get("unfurl_media") not in (False, "false"):
        call.platform.files.share(call.workspace.id, channel.id, text)
    line = call.platform.write(
        channel, call.workspace.bot_user, text, blocks=blocks, thread_ts=thread_ts, metadata=metadata, bot=True
    )
    if line.is_answer:
        call.platform.show(next(user for user in channel.members if user != line.user), line)
    else:
        call.platform.note_sent("post", call.workspace, line)
    answer: Json = {"ok": True, "channel": channel.id, "ts": line.ts, "message": message_object(line, call.workspace)}
    if len(call.text("text")) > TEXT_LETTERS:
        answer["response_metadata"] = {"warnings": ["message_truncated"]}
    return answer


def update(call: Call) -> Json:
    call.need("chat:write")
    channel = call.platform.world.conversation(call.workspace, call.needed("channel"))
    line = channel.lines.get(call.needed("ts"))
    if line is None or line.subtype:
        raise RefusedError("message_not_found")
    if line.user != call.workspace.bot_user:
        raise RefusedError("cant_update_message")
    if channel.archived:
        raise RefusedError("is_inactive")
    text, blocks = _read(call)
    # 'The text field cannot exceed 4,000 characters'; measured in bytes after & < > are escaped.
    if len(html.escape(call.text("text"), quote=False).encode()) > UPDATE_BYTES:
        raise RefusedError("msg_too_long")
    before = message_object(line, call.workspace)
    # Whether metadata that is not sent again stays is written nowhere, so here it goes.
    line.metadata = check_metadata(call.structure("metadata", "invalid_metadata_format"))
    line.text, line.blocks = text, blocks
    call.platform.files.share(call.workspace.id, channel.id, text)
    call.platform.tell_edit(line, before)
    call.platform.note_sent("edit", call.workspace, line)
    shown = message_object(line, call.workspace)
    return {"ok": True, "channel": channel.id, "ts": line.ts, "text": text, "message": shown}


def delete(call: Call) -> Json:
    call.need("chat:write")
    channel = call.platform.world.conversation(call.workspace, call.needed("channel"))
    line = channel.lines.get(call.needed("ts"))
    if line is None:
        raise RefusedError("message_not_found")
    if line.user != call.workspace.bot_user:
        raise RefusedError("cant_delete_message")
    call.platform.erase(line)
    return {"ok": True, "channel": channel.id, "ts": line.ts}


def whisper(call: Call) -> Json:
    """Post to one person: 'Intended recipient is not in the specified channel' is user_not_in_channel."""
    call.need("chat:write")
    channel = _reach(call)
    user = call.needed("user")
    if user not in channel.members:
        raise RefusedError("user_not_in_channel")
    text, blocks = _read(call)
    ephemeral = call.platform.whisper(channel, user, text, blocks, thread_ts=_thread(call, channel))
    return {"ok": True, "message_ts": ephemeral.ts}


def permalink(call: Call) -> Json:
    channel = call.platform.world.conversation(call.workspace, call.needed("channel"))
    ts = call.needed("message_ts")
    if ts not in channel.lines:
        raise RefusedError("message_not_found")
    link = f"https://{call.workspace.name}.slack.com/archives/{channel.id}/p{ts.replace('.', '')}"
    return {"ok": True, "channel": channel.id, "permalink": link}


METHODS: dict[str, Callable[[Call], Json]] = {
    "chat.postMessage": post,
    "chat.update": update,
    "chat.delete": delete,
    "chat.postEphemeral": whisper,
    "chat.getPermalink": permalink,
}


def _reach(call: Call) -> Conversation:
    """Find where to write. A person's id stands for their direct messages with the app."""
    world, native = call.platform.world, call.needed("channel")
    if native in world.users:
        world.user(call.workspace, native)
        native = world.inbox(call.workspace, native).id
    channel = world.conversation(call.workspace, native)
    if channel.archived:
        raise RefusedError("is_archived")
    if call.workspace.bot_user not in channel.members:
        raise RefusedError("not_in_channel")
    if channel.kind == "im":
        user = world.users[next(one for one in channel.members if one != call.workspace.bot_user)]
        if not user.open_inbox:
            # 'A workspace preference prevents the authenticated user from posting.' Somebody who was deactivated is
            # written to without an error: https://github.com/slackapi/python-slack-sdk/issues/1156
            raise RefusedError("restricted_action")
    return channel


def _read(call: Call) -> tuple[str, list[Json]]:
    text, blocks = call.text("text"), call.structure("blocks", "invalid_blocks_format") or []
    if call.arguments.get("markdown_text"):
        raise RefusedError("markdown_text_conflict" if text or blocks else "markdown_is_not_read_here")
    if not text and not blocks and not call.arguments.get("attachments"):
        raise RefusedError("no_text")
    if blocks and call.platform.strict:
        blocks = check_blocks(text, blocks, ready=call.platform.files.is_ready)
    return text[:TEXT_LETTERS], call.platform.name_blocks(blocks)


def _thread(call: Call, channel: Conversation) -> str:
    """Find the thread to write in. What Slack does when its root is gone is told in two ways; see ``lost_threads``."""
    ts = call.text("thread_ts")
    if not ts:
        return ""
    root = channel.lines.get(ts)
    if root is None:
        if call.platform.lost_threads == "unthread":
            return ""
        raise RefusedError("thread_not_found")
    # 'Avoid using a reply's ts value; use its parent instead.' A reply's thread is the one that it stands in.
    return root.thread_ts or root.ts
