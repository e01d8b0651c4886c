"""How what there is looks in JSON, as Discord's HTTP API and gateway write it.

https://discord.com/developers/docs/resources/channel and its neighbours; the shapes are those of the OpenAPI document.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from tests.adapters.discord_platform.refusing import Json
from tests.adapters.discord_platform.rights import Role
from tests.adapters.discord_platform.snowflakes import time_of
from tests.adapters.discord_platform.world import (
    HAS_THREAD,
    PRIVATE,
    STAGE,
    THREAD,
    VOICE,
    Account,
    Channel,
    Membership,
    Sent,
    Server,
    World,
)

LOCALE: Final = "en-GB"
READABLE: Final = ("content", "embeds", "attachments", "components")


def stamp(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")


def user(account: Account) -> Json:
    shown: Json = {
        "id": account.id,
        "username": f"user{account.id}",
        "discriminator": "0",
        "global_name": account.name,
        "avatar": None,
        "avatar_decoration_data": None,
        "collectibles": None,
        "primary_guild": None,
        "public_flags": 0,
    }
    # A bot's name is its username; only people have a display name beside it.
    return {**shown, "bot": True, "username": account.name, "global_name": None} if account.bot else shown


def partial_member(membership: Membership) -> Json:
    """Show a member as it comes with a message, beside the author."""
    return {
        "avatar": None,
        "banner": None,
        "communication_disabled_until": None,
        "deaf": False,
        "flags": 0,
        "joined_at": stamp(membership.since),
        "mute": False,
        "nick": membership.nick,
        "pending": False,
        "premium_since": None,
        "roles": list(membership.roles),
    }


def member(membership: Membership) -> Json:
    return {**partial_member(membership), "user": user(membership.account)}


def role(one: Role, position: int) -> Json:
    shown: Json = {
        "id": one.id,
        "name": one.name,
        "permissions": str(int(one.rights)),
        "position": position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": bool(one.bot),
        "mentionable": False,
        "flags": 0,
        "icon": None,
        "unicode_emoji": None,
    }
    return {**shown, "tags": {"bot_id": one.bot}} if one.bot else shown


def channel(world: World, one: Channel) -> Json:
    """Show a channel of any kind."""
    if one.kind in (PRIVATE, THREAD):
        return partial_channel(world, one)
    overwrites = [
        {
            "id": overwrite.id,
            "type": int(overwrite.person),
            "allow": str(int(overwrite.allow)),
            "deny": str(int(overwrite.deny)),
        }
        for overwrite in one.overwrites.values()
    ]
    return {**partial_channel(world, one), "permission_overwrites": overwrites}


def partial_channel(world: World, one: Channel) -> Json:
    """Show a channel as it comes with an interaction, without who may do what in it."""
    if one.kind == PRIVATE:
        known = user(world.accounts[one.recipient])
        return {"id": one.id, "type": PRIVATE, "flags": 0, "last_message_id": None, "recipients": [known]}
    if one.kind == THREAD:
        return thread(world, one)
    shown: Json = {
        "id": one.id,
        "type": one.kind,
        "guild_id": one.server,
        "name": one.name,
        "position": 0,
        "flags": 0,
        "parent_id": None,
        "nsfw": False,
        "rate_limit_per_user": 0,
        "last_message_id": None,
    }
    if one.kind in (VOICE, STAGE):
        return {**shown, "bitrate": 64000, "user_limit": 0, "rtc_region": None}
    return {**shown, "topic": None}


def thread(world: World, one: Channel) -> Json:
    inside = [sent for sent in world.sent.values() if sent.channel == one.id]
    touched = one.touched or time_of(one.id)
    return {
        "id": one.id,
        "type": THREAD,
        "guild_id": one.server,
        "parent_id": one.parent,
        "owner_id": one.owner,
        "name": one.name,
        "flags": 0,
        "last_message_id": inside[-1].id if inside else None,
        "rate_limit_per_user": 0,
        "message_count": len(inside),
        "total_message_sent": len(inside),
        "member_count": min(50, len({one.owner, *(sent.author for sent in inside)})),
        "thread_metadata": {
            "archived": world.is_archived(one),
            "archive_timestamp": stamp(touched),
            "auto_archive_duration": one.archive_minutes,
            "locked": one.locked,
            "create_timestamp": stamp(time_of(one.id)),
        },
    }


def voice_state(server: Server, person: str, room: str | None, *, stage: bool = False) -> Json:
    """Show where somebody is. On a stage one is in the audience until one is asked up (``suppress``)."""
    return {
        "guild_id": server.id,
        "channel_id": room,
        "user_id": person,
        "member": member(server.members[person]),
        "session_id": f"voice{person}",
        "deaf": False,
        "mute": False,
        "self_deaf": False,
        "self_mute": False,
        "self_video": False,
        "suppress": stage,
        "request_to_speak_timestamp": None,
    }


def _partial_voice_state(world: World, one: Server, person: str) -> Json:
    """Show it within a server, which stands around it: https://discord.com/developers/docs/events/gateway-events."""
    room = one.calls[person]
    whole = voice_state(one, person, room, stage=world.channels[room].kind == STAGE)
    return {name: value for name, value in whole.items() if name not in ("guild_id", "member")}


def server(world: World, one: Server) -> Json:
    """Show a server as GET does."""
    return {
        "id": one.id,
        "name": one.name,
        "owner_id": one.owner,
        "icon": None,
        "splash": None,
        "description": None,
        "features": [],
        "preferred_locale": LOCALE,
        "afk_channel_id": None,
        "afk_timeout": 300,
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "premium_tier": 0,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "emojis": [],
        "stickers": [],
        "roles": [role(held, place) for place, held in enumerate(one.roles.values())],
    }


def whole_server(world: World, one: Server) -> Json:
    """Show a server as GUILD_CREATE does; of the members only the bot and who is in a call."""
    here = [world.bot.id, *one.calls]
    rooms = [each for each in world.channels.values() if each.server == one.id and each.kind != THREAD]
    return {
        **server(world, one),
        "joined_at": stamp(one.members[world.bot.id].since),
        "large": len(one.members) > 250,
        "member_count": len(one.members),
        "members": [member(one.members[person]) for person in dict.fromkeys(here)],
        "channels": [channel(world, room) for room in rooms],
        "threads": [thread(world, each) for each in world.threads(one.id)],
        "voice_states": [_partial_voice_state(world, one, person) for person in one.calls],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def message(world: World, sent: Sent, *, answered: bool = True) -> Json:
    """Show a message as it is in an answer to whoever may read it.

    What it ``answered`` stands in it whole, but for what that one answered in its turn; nothing if it was deleted.
    """
    thread_of = world.channels.get(sent.id)
    shown: Json = {
        "id": sent.id,
        "channel_id": sent.channel,
        "type": sent.kind,
        "author": user(world.accounts[sent.author]),
        "content": sent.content,
        "timestamp": stamp(sent.at),
        "edited_timestamp": None if sent.edited is None else stamp(sent.edited),
        "tts": False,
        "pinned": False,
        "mention_everyone": False,
        "mentions": [user(world.accounts[one]) for one in sent.mentions],
        "mention_roles": [],
        "attachments": sent.attachments,
        "embeds": [],
        "components": sent.components,
        "flags": sent.flags | (HAS_THREAD if thread_of else 0),
    }
    if sent.author == world.bot.id:
        shown["application_id"] = world.bot.id
    if sent.reactions:
        shown["reactions"] = [_reaction(world, emoji, people) for emoji, people in sent.reactions.items()]
    if thread_of is not None:
        shown["thread"] = thread(world, thread_of)
    if sent.reference:
        shown["message_reference"] = {"type": 0, "channel_id": sent.channel, "message_id": sent.reference}
        if answered:
            root = world.sent.get(sent.reference)
            shown["referenced_message"] = None if root is None else message(world, root, answered=False)
    if sent.interaction is not None:
        shown["interaction_metadata"] = sent.interaction
        shown["webhook_id"] = world.bot.id
    return shown


def without_words(shown: Json) -> Json:
    """Give a message as an application sees it that may not read what people write, but what it wrote itself."""
    bare = {**shown, "content": "", "embeds": [], "attachments": [], "components": []}
    answered = shown.get("referenced_message")
    if answered is not None and "application_id" not in answered:
        bare["referenced_message"] = without_words(answered)
    return bare


def is_readable(world: World, sent: Sent) -> bool:
    """Tell whether an application may read a message without the intent: its own, in private, or mentioning it."""
    private = world.channels[sent.channel].kind == PRIVATE
    return sent.author == world.bot.id or private or world.bot.id in sent.mentions


def _reaction(world: World, emoji: str, people: list[str]) -> Json:
    mine = world.bot.id in people
    counts = {"burst": 0, "normal": len(people)}
    return {
        "emoji": {"id": None, "name": emoji},
        "count": len(people),
        "count_details": counts,
        "me": mine,
        "me_burst": False,
        "burst_colors": [],
    }
