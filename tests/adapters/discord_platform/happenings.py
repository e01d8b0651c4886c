"""What happens to messages and threads, whoever did it: the world is changed, and the gateway tells."""

from __future__ import annotations

import re
from typing import Any

from tests.adapters.discord_platform import shapes
from tests.adapters.discord_platform.checks import FILE, GALLERY, nested
from tests.adapters.discord_platform.refusing import Json, wrong
from tests.adapters.discord_platform.rights import Right
from tests.adapters.discord_platform.service import Service
from tests.adapters.discord_platform.world import COMPONENTS_V2, LOADING, THREAD, Channel, Sent

KINDS = {"png": "image/png", "md": "text/markdown", "html": "text/html", "csv": "text/csv", "json": "application/json"}
_MENTION = re.compile(r"<@!?([0-9]{1,19})>")


def tell_message(service: Service, event: str, sent: Sent, *, nonce: bool = False) -> None:
    """Tell of a message that is new or different; nobody but its reader is told of an ephemeral one."""
    channel = service.world.channels[sent.channel]
    if sent.only or Right.VIEW_CHANNEL not in service.world.rights(service.world.bot.id, channel):
        return
    shown = shapes.message(service.world, sent)
    if channel.server:
        shown["guild_id"] = channel.server
        author = service.world.servers[channel.server].members.get(sent.author)
        if author is not None:
            shown["member"] = shapes.partial_member(author)
    if nonce and sent.nonce is not None:
        shown["nonce"] = sent.nonce
    bare = None if shapes.is_readable(service.world, sent) else shapes.without_words(shown)
    service.gateway.tell(event, shown, server=channel.server, bare=bare)


def new_message(service: Service, channel: Channel, author: str, **rest: Any) -> Sent:  # noqa: ANN401 - passed on
    """Put a message where it belongs; writing in an archived thread opens it again."""
    was_archived = channel.kind == THREAD and service.world.is_archived(channel)
    sent = service.world.write(channel, author, **rest)
    sent.mentions = _mentioned(service, sent, None)
    if was_archived:
        tell_thread(service, "THREAD_UPDATE", channel)
    return sent


def fill(service: Service, sent: Sent, body: Json, files: dict[str, bytes]) -> None:
    """Give a message what a body says; what it does not name stays as it is."""
    if "content" in body:
        sent.content = body["content"] or ""
    sent.flags = (sent.flags | (body.get("flags") or 0) & COMPONENTS_V2) & ~LOADING
    if "attachments" in body or files:
        _attach(service, sent, body.get("attachments") or [], files)
    if "components" in body:
        sent.components = _numbered(_placed(sent, body["components"] or []))
    sent.mentions = _mentioned(service, sent, body.get("allowed_mentions"))


def edit_message(service: Service, sent: Sent, body: Json, files: dict[str, bytes]) -> None:
    """Let a message say something else, and tell of it."""
    fill(service, sent, body, files)
    sent.edited = service.now()
    sent.version += 1
    tell_message(service, "MESSAGE_UPDATE", sent)
    service.world.changed()


def delete_message(service: Service, sent: Sent) -> None:
    """Take a message away."""
    del service.world.sent[sent.id]
    channel = service.world.channels[sent.channel]
    gone: Json = {"id": sent.id, "channel_id": channel.id}
    if not sent.only:
        gone |= {"guild_id": channel.server} if channel.server else {}
        service.gateway.tell("MESSAGE_DELETE", gone, server=channel.server)
    service.world.changed()


def new_thread(service: Service, root: Sent, *, name: str, owner: str, minutes: int = 4320) -> Channel:
    """Hang a thread on a message; it gets the message's own id."""
    home = service.world.channels[root.channel]
    thread = Channel(root.id, THREAD, name, home.server, parent=home.id, owner=owner)
    thread.touched, thread.archive_minutes = service.now(), minutes
    service.world.channels[thread.id] = thread
    tell_thread(service, "THREAD_CREATE", thread, newly_created=True)
    tell_message(service, "MESSAGE_UPDATE", root)
    return thread


def archive_quiet_threads(service: Service) -> None:
    """Archive the threads in which nobody wrote for long, and tell of it."""
    if service.archived_until == service.now():
        return
    service.archived_until = service.now()
    noting, service.gateway.notes = service.gateway.notes, False
    for thread in [one for one in service.world.channels.values() if one.kind == THREAD and not one.archived]:
        if service.world.is_archived(thread):
            thread.archived = True
            tell_thread(service, "THREAD_UPDATE", thread)
    service.gateway.notes = noting


def tell_thread(service: Service, event: str, thread: Channel, **more: object) -> None:
    """Tell of a thread, unless the bot cannot see it."""
    if Right.VIEW_CHANNEL in service.world.rights(service.world.bot.id, thread):
        service.gateway.tell(event, {**shapes.thread(service.world, thread), **more}, server=thread.server)


def react(service: Service, sent: Sent, person: str, emoji: str, *, on: bool) -> None:
    """Put a reaction on a message, or take it away."""
    there = sent.reactions.setdefault(emoji, [])
    if on:
        there.append(person)
    else:
        there.remove(person)
    if not there:
        del sent.reactions[emoji]
    channel = service.world.channels[sent.channel]
    told: Json = {
        "user_id": person,
        "channel_id": channel.id,
        "message_id": sent.id,
        "emoji": {"id": None, "name": emoji},
        "burst": False,
        "type": 0,
    }
    if channel.server:
        told["guild_id"] = channel.server
        if on:
            told["member"] = shapes.member(service.world.servers[channel.server].members[person])
            told["message_author_id"] = sent.author
    if Right.VIEW_CHANNEL in service.world.rights(service.world.bot.id, channel):
        service.gateway.tell(f"MESSAGE_REACTION_{'ADD' if on else 'REMOVE'}", told, server=channel.server)


# ------------------------------------------------------------------------------------------------ parts of a message


def _written_mentions(sent: Sent) -> list[str]:
    texts = [sent.content, *(one.get("content", "") for one in nested(sent.components))]
    return list(dict.fromkeys(person for text in texts for person in _MENTION.findall(text)))


def _may_mention(allowed: Json, person: str) -> bool:
    return "users" in allowed.get("parse", []) or person in map(str, allowed.get("users", []))


def _mentioned(service: Service, sent: Sent, allowed: Json | None) -> list[str]:
    return [
        one
        for one in _written_mentions(sent)
        if one in service.world.accounts and (allowed is None or _may_mention(allowed, one))
    ]


def _attach(service: Service, sent: Sent, named: list[Json], files: dict[str, bytes]) -> None:
    """Keep the attachments that are named and add the new ones, in the order of the list."""
    kept = {one["id"]: one for one in sent.attachments}
    uploads = list(files.items())
    told = named or [{"id": place} for place in range(len(uploads))]
    attachments: list[Json] = []
    for one in told:
        if str(one["id"]) in kept:
            attachments.append(kept[str(one["id"])])
            continue
        if not str(one["id"]).isdigit() or int(one["id"]) >= len(uploads):
            raise wrong("attachments", "Uploaded file not found.")
        uploaded, content = uploads[int(one["id"])]
        name = one.get("filename") or uploaded
        new = service.world.mint.new()
        url = f"https://cdn.discordapp.com/attachments/{sent.channel}/{new}/{name}"
        shown: Json = {"id": new, "filename": name, "size": len(content), "url": url, "proxy_url": url}
        if one.get("description"):
            shown["description"] = one["description"]
        kind = KINDS.get(name.rpartition(".")[2], "text/plain; charset=utf-8")
        attachments.append({**shown, "content_type": kind, **({"width": 1, "height": 1} if "image" in kind else {})})
        sent.files[url] = content
    sent.attachments = attachments


def _placed(sent: Sent, components: list[Json]) -> list[Json]:
    """Put the addresses of what was uploaded in the place of its names."""
    named = {f"attachment://{one['filename']}": one for one in sent.attachments}
    return [_placed_one(component, named) for component in components]


def _placed_one(component: Json, named: dict[str, Json]) -> Json:
    if component.get("type") == GALLERY:
        return _placed_gallery(component, named)
    if component.get("type") == FILE:
        media = _placed_media(component["file"]["url"], named)
        found = next(one for one in named.values() if one["url"] == media["url"])
        return {"spoiler": False, **component, "file": media, "name": found["filename"], "size": found["size"]}
    return component


def _placed_gallery(gallery: Json, named: dict[str, Json]) -> Json:
    items = [
        {"description": None, "spoiler": False, **item, "media": _placed_media(item["media"]["url"], named)}
        for item in gallery["items"]
    ]
    return {**gallery, "items": items}


def _placed_media(url: str, named: dict[str, Json]) -> Json:
    if url.startswith("attachment://") and url not in named:
        raise wrong("components", "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND")
    if url not in named:
        return {"id": "0", "url": url, "proxy_url": url}
    found = named[url]
    return {"id": "0", "url": found["url"], "proxy_url": found["url"], "attachment_id": found["id"]}


def _numbered(components: list[Json]) -> list[Json]:
    """Give a number to each component that has none, as Discord does."""
    taken = {one["id"] for one in nested(components) if one.get("id")}
    free = (number for number in range(1, 1000) if number not in taken)

    def give(component: Json) -> Json:
        numbered: Json = {**component, "id": component.get("id") or next(free)}
        if "components" in component:
            numbered["components"] = [give(one) for one in component["components"]]
        if component.get("type") == 3:
            numbered = {"min_values": 1, "max_values": 1, "disabled": False, **numbered}
        return numbered

    return [give(component) for component in components]
