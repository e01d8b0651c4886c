"""What the page is told: the whole room when it connects, and after that only what changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from adapters.playground.room import Room
from adapters.playground.scene import Post
from adapters.playground.stage import Change, OpenForm
from bot.wire import Json, to_json

POSTS_TOLD = 1000


def tell_all(room: Room) -> Json:
    """Write down the room as it is; of the posts the newest, with what their threads hang on."""
    posts = {post.id: post for post in room.posts[-POSTS_TOLD:]}
    for post in tuple(posts.values()):
        root = room.message(post.thread)
        if root is not None:
            posts[root.id] = root
    told = sorted(posts.values(), key=lambda post: post.number)
    whispers = [_tell_post(whisper, only=one.id) for one in room.people for whisper in room.whispers(one.id)]
    return {"is": "room", "posts": [*map(_tell_post, told), *whispers], **_tell_scene(room), "voice": room.voice}


def tell_changes(room: Room, changes: Iterable[Change]) -> Json:
    """Write down the present state of everything that changed: however often it did, it is told once."""
    told: Json = {"is": "changes", "posts": [], "gone": []}
    for change in changes:
        match change.kind:
            case "post" | "whisper":
                told["posts"].extend(_tell_changed(room, change))
            case "gone" | "dismissed":
                told["gone"].append(change.id)
            case "scene":
                told.update(_tell_scene(room))
            case "calls":
                told["voice"] = room.voice
            case "clock" | "form":
                pass  # the time goes with everything; a form only to who opened it, as the reply to their act
    return told


def tell_form(room: Room, opened: OpenForm) -> Json:
    """Write down a form with the people who can be picked in it."""
    return {
        "id": opened.id,
        "form": to_json(opened.form),
        "people": list(room.people_of(opened.place)),
        "problems": [list(pair) for pair in opened.problems],
    }


def tell_clock(now: datetime, *, moving: bool, movable: bool) -> Json:
    """Write down what time it is, and in which time zone the movement lives."""
    return {"now": now.isoformat(), "zone": getattr(now.tzinfo, "key", ""), "moving": moving, "movable": movable}


def _tell_changed(room: Room, change: Change) -> list[Json]:
    if change.kind == "whisper":
        return [_tell_post(one, only=change.person) for one in room.whispers(change.person) if one.id == change.id]
    post = room.message(change.id)
    return [] if post is None else [_tell_post(post)]


def _tell_scene(room: Room) -> Json:
    people = [{"id": one.id, "name": one.name, "zone": one.zone, "bot": one.bot} for one in room.people]
    channels = [
        {"id": one.id, "name": one.name, "workspace": one.workspace, "people": list(one.people)}
        for one in room.channels
    ]
    return {"people": people, "channels": channels}


def _tell_post(post: Post, *, only: str = "") -> Json:
    return {
        "id": post.id,
        "number": post.number,
        "channel": post.place.channel,
        "thread": post.place.thread,
        "inbox": post.place.person,
        "only": only,
        "author": post.author,
        "at": post.at.isoformat(),
        "words": post.words,
        "view": None if post.view is None else to_json(post.view),
        "edited": post.edited,
        "reactions": dict(post.reactions),
    }
