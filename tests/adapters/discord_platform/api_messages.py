"""Messages over the HTTP API: posting once, editing, reading back, threads that hang on them, reactions.

https://discord.com/developers/docs/resources/message
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from tests.adapters.discord_platform import happenings, shapes
from tests.adapters.discord_platform.api import Door
from tests.adapters.discord_platform.checks import check_message
from tests.adapters.discord_platform.refusing import Json, Refused, wrong
from tests.adapters.discord_platform.rights import Right
from tests.adapters.discord_platform.service import Logged, Request, Service
from tests.adapters.discord_platform.world import COMPONENTS_V2, PRIVATE, THREAD, Channel, Sent

NONCE_LIFE = timedelta(minutes=5)
HISTORY_LIMIT, REACTIONS_LIMIT, NAME_LIMIT = 100, 20, 100
ARCHIVE_MINUTES = (60, 1440, 4320, 10080)


def visible(service: Service, channel_id: str, *needed: Right) -> Channel:
    """Find a channel; refuse it to a bot that cannot see it or lacks a right there."""
    channel = service.world.channel(channel_id)
    if channel.server and not service.world.servers[channel.server].bot_here:
        raise Refused(50001)
    rights = service.world.rights(service.world.bot.id, channel)
    if Right.VIEW_CHANNEL not in rights:
        raise Refused(50001)
    if any(one not in rights for one in needed):
        raise Refused(50013)
    return channel


def _check_may_write(service: Service, channel: Channel, files: dict[str, bytes]) -> None:
    world = service.world
    if channel.kind == PRIVATE:
        if world.accounts[channel.recipient].closed:
            raise Refused(50007)
        if not world.shared_servers(channel.recipient):
            raise Refused(50278)
    else:
        sending = Right.SEND_MESSAGES_IN_THREADS if channel.kind == THREAD else Right.SEND_MESSAGES
        visible(service, channel.id, sending, *([Right.ATTACH_FILES] if files else []))
        if channel.locked and Right.MANAGE_THREADS not in world.rights(world.bot.id, channel):
            raise Refused(160005)


def _post(service: Service, asked: Request) -> Json:
    channel, body, bot = visible(service, asked.names[0]), asked.fields, service.world.bot.id
    _check_may_write(service, channel, asked.files)
    if service.strict:
        check_message(body, asked.files, before="")
    nonce = body.get("nonce")
    if nonce is not None and body.get("enforce_nonce") and (first := _sent_before(service, str(nonce))):
        return {**shapes.message(service.world, first), "nonce": nonce}
    reference = body.get("message_reference")
    if reference is not None:
        visible(service, channel.id, Right.READ_MESSAGE_HISTORY)
        service.world.message(channel, str(reference["message_id"]))
    sent = happenings.new_message(service, channel, bot, nonce=nonce)
    if reference is not None:
        sent.kind, sent.reference = 19, str(reference["message_id"])
    try:
        happenings.fill(service, sent, body, asked.files)
    except Refused:
        del service.world.sent[sent.id]
        raise
    if nonce is not None:
        service.nonces[str(nonce)] = (sent.id, service.now())
    happenings.tell_message(service, "MESSAGE_CREATE", sent, nonce=True)
    service.calls.append(Logged("post", channel.id, sent.id, sent.components, sent.content, sent.at))
    shown = shapes.message(service.world, sent)
    return shown if nonce is None else {**shown, "nonce": nonce}


def _sent_before(service: Service, nonce: str) -> Sent | None:
    """Find what this bot sent with the same nonce in the last minutes; Discord knows it even when it was deleted."""
    message, at = service.nonces.get(nonce, ("", service.now()))
    if not message or service.now() - at > NONCE_LIFE:
        return None
    if message not in service.world.sent:
        raise Refused(10008)
    return service.world.sent[message]


def _edit(service: Service, asked: Request) -> Json:
    channel, body = visible(service, asked.names[0]), asked.fields
    sent = service.world.message(channel, asked.names[1])
    if sent.author != service.world.bot.id:
        raise Refused(50005)
    if channel.kind == THREAD and service.world.is_archived(channel):
        raise Refused(50083)
    if asked.files and channel.kind != PRIVATE:
        visible(service, channel.id, Right.ATTACH_FILES)
    if service.strict:
        check_message(body, asked.files, before="", edit=True, v2=bool(sent.flags & COMPONENTS_V2))
    service.limits.spend_old_edit(channel.id, sent.at)
    happenings.edit_message(service, sent, body, asked.files)
    service.calls.append(Logged("edit", channel.id, sent.id, sent.components, sent.content, service.now()))
    return shapes.message(service.world, sent)


def _delete(service: Service, asked: Request) -> None:
    channel = visible(service, asked.names[0])
    sent = service.world.message(channel, asked.names[1])
    if sent.author != service.world.bot.id:
        visible(service, channel.id, Right.MANAGE_MESSAGES)
    happenings.delete_message(service, sent)


def _shown(service: Service, sent: Sent) -> Json:
    """Show a message as the HTTP API does: by what the application was granted, whatever it identified with."""
    shown = shapes.message(service.world, sent)
    readable = "message_content" in service.gateway.granted or shapes.is_readable(service.world, sent)
    return shown if readable else shapes.without_words(shown)


def _get(service: Service, asked: Request) -> Json:
    channel = visible(service, asked.names[0], Right.READ_MESSAGE_HISTORY)
    return _shown(service, service.world.message(channel, asked.names[1]))


def _history(service: Service, asked: Request) -> list[Json]:
    channel = visible(service, asked.names[0])
    limit = asked.query.get("limit", "50")
    if not limit.isdigit() or not 1 <= int(limit) <= HISTORY_LIMIT:
        raise wrong("limit", "int value should be between 1 and 100.")
    if sum(one in asked.query for one in ("around", "before", "after")) > 1:
        raise wrong("", "around, before and after exclude each other.")
    if Right.READ_MESSAGE_HISTORY not in service.world.rights(service.world.bot.id, channel):
        return []
    after, before = int(asked.query.get("after", 0)), int(asked.query.get("before", 1 << 63))
    found = [one for one in _of(service, channel) if after < int(one.id) < before]
    # After a moment the first messages are given, else the last ones; the newest stands first in any case.
    page = found[: int(limit)] if "after" in asked.query else found[-int(limit) :]
    return [_shown(service, sent) for sent in reversed(page)]


def _of(service: Service, channel: Channel) -> Iterator[Sent]:
    return (one for one in service.world.sent.values() if one.channel == channel.id and not one.only)


def _start_thread(service: Service, asked: Request) -> Json:
    channel = visible(service, asked.names[0], Right.CREATE_PUBLIC_THREADS)
    if not channel.server or channel.kind == THREAD:
        raise Refused(50024)
    root = service.world.message(channel, asked.names[1])
    if root.id in service.world.channels:
        raise Refused(160004)
    name, minutes = asked.fields.get("name"), asked.fields.get("auto_archive_duration") or 4320
    if not isinstance(name, str) or not 1 <= len(name.strip()) <= NAME_LIMIT:
        raise wrong("name", "Must be between 1 and 100 in length.")
    if minutes not in ARCHIVE_MINUTES:
        raise wrong("auto_archive_duration", f"Value must be one of {ARCHIVE_MINUTES}.")
    bot = service.world.bot.id
    return shapes.thread(service.world, happenings.new_thread(service, root, name=name, owner=bot, minutes=minutes))


def _react(service: Service, asked: Request) -> None:
    channel = visible(service, asked.names[0], Right.READ_MESSAGE_HISTORY)
    sent, emoji, bot = service.world.message(channel, asked.names[1]), asked.names[2], service.world.bot.id
    there = bot in sent.reactions.get(emoji, ())
    if asked.method == "DELETE":
        if there:
            happenings.react(service, sent, bot, emoji, on=False)
        return
    if channel.kind == THREAD and service.world.is_archived(channel):
        raise Refused(50083)
    if emoji not in sent.reactions:
        visible(service, channel.id, Right.ADD_REACTIONS)
    if not there:
        happenings.react(service, sent, bot, emoji, on=True)


DOORS = (
    Door("POST", "/channels/{}/messages", _post, kind="post"),
    Door("GET", "/channels/{}/messages", _history),
    Door("GET", "/channels/{}/messages/{}", _get),
    Door("PATCH", "/channels/{}/messages/{}", _edit, kind="edit"),
    Door("DELETE", "/channels/{}/messages/{}", _delete),
    Door("POST", "/channels/{}/messages/{}/threads", _start_thread),
    Door("PUT", "/channels/{}/messages/{}/reactions/{}/@me", _react),
    Door("DELETE", "/channels/{}/messages/{}/reactions/{}/@me", _react),
)
