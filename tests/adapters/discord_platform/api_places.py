"""Servers, channels, members and private conversations over the HTTP API."""

from __future__ import annotations

from tests.adapters.discord_platform import happenings, shapes
from tests.adapters.discord_platform.api import Door
from tests.adapters.discord_platform.api_messages import visible
from tests.adapters.discord_platform.refusing import Json, Refused, wrong
from tests.adapters.discord_platform.rights import Right
from tests.adapters.discord_platform.service import Request, Service
from tests.adapters.discord_platform.world import THREAD

MEMBERS_LIMIT = 1000


def _limit(asked: Request, default: int) -> int:
    limit = asked.query.get("limit", str(default))
    if not limit.isdigit() or not 1 <= int(limit) <= MEMBERS_LIMIT:
        raise wrong("limit", "int value should be between 1 and 1000.")
    return int(limit)


def _server(service: Service, asked: Request) -> Json:
    found = service.world.server(asked.names[0])
    counts = {"approximate_member_count": len(found.members), "approximate_presence_count": 0}
    return {**shapes.server(service.world, found), **(counts if asked.query.get("with_counts") else {})}


def _my_servers(service: Service, asked: Request) -> list[Json]:
    here = [one for one in service.world.servers.values() if one.bot_here]
    return [{"id": one.id, "name": one.name, "icon": None, "owner": False, "features": []} for one in here]


def _channels(service: Service, asked: Request) -> list[Json]:
    found = service.world.server(asked.names[0])
    rooms = [one for one in service.world.channels.values() if one.server == found.id and one.kind != THREAD]
    return [shapes.channel(service.world, one) for one in rooms]


def _roles(service: Service, asked: Request) -> list[Json]:
    roles = service.world.server(asked.names[0]).roles.values()
    return [shapes.role(one, place) for place, one in enumerate(roles)]


def _threads(service: Service, asked: Request) -> Json:
    found = service.world.server(asked.names[0])
    return {"threads": [shapes.thread(service.world, one) for one in service.world.threads(found.id)], "members": []}


def _members(service: Service, asked: Request) -> list[Json]:
    found = service.world.server(asked.names[0])
    if "members" not in service.gateway.granted:
        raise Refused(50001)
    limit, after = _limit(asked, 1), int(asked.query.get("after", 0))
    here = sorted(int(person) for person in found.members if int(person) > after)[:limit]
    return [shapes.member(found.members[str(person)]) for person in here]


def _search_members(service: Service, asked: Request) -> list[Json]:
    found = service.world.server(asked.names[0])
    query = asked.query.get("query", "").lower()
    if not query:
        raise wrong("query", "This field is required")
    here = [one for one in found.members.values() if (one.nick or one.account.name).lower().startswith(query)]
    return [shapes.member(one) for one in here[: _limit(asked, 1)]]


def _member(service: Service, asked: Request) -> Json:
    found = service.world.server(asked.names[0])
    person = service.world.bot.id if asked.names[1] == "@me" else asked.names[1]
    if person not in found.members:
        raise Refused(10007 if person in service.world.accounts else 10013)
    return shapes.member(found.members[person])


def _channel(service: Service, asked: Request) -> Json:
    return shapes.channel(service.world, visible(service, asked.names[0]))


def _change_channel(service: Service, asked: Request) -> Json:
    """Change a thread: archive or open it. Nothing else of a channel is Drumbeat's to change."""
    thread = visible(service, asked.names[0])
    rights, bot = service.world.rights(service.world.bot.id, thread), service.world.bot.id
    if thread.kind != THREAD or set(asked.fields) - {"archived", "locked", "name", "auto_archive_duration"}:
        raise Refused(50013)
    # Opening it again needs no right, if it is not locked: https://discord.com/developers/docs/topics/threads
    opening = asked.fields == {"archived": False} and not thread.locked
    if not opening and Right.MANAGE_THREADS not in rights and (thread.owner != bot or "locked" in asked.fields):
        raise Refused(50013)
    thread.archived = asked.fields.get("archived", service.world.is_archived(thread))
    thread.touched = service.now()
    thread.locked = asked.fields.get("locked", thread.locked)
    thread.name = asked.fields.get("name", thread.name)
    thread.archive_minutes = asked.fields.get("auto_archive_duration", thread.archive_minutes)
    happenings.tell_thread(service, "THREAD_UPDATE", thread)
    return shapes.thread(service.world, thread)


def _open_private(service: Service, asked: Request) -> Json:
    person = str(asked.fields.get("recipient_id", ""))
    account = service.world.accounts.get(person)
    if account is None or account.bot:
        raise Refused(50033)
    return shapes.channel(service.world, service.world.private_channel(person))


def _type(service: Service, asked: Request) -> None:
    visible(service, asked.names[0])


DOORS = (
    Door("GET", "/users/@me/guilds", _my_servers),
    Door("POST", "/users/@me/channels", _open_private),
    Door("GET", "/guilds/{}", _server),
    Door("GET", "/guilds/{}/channels", _channels),
    Door("GET", "/guilds/{}/roles", _roles),
    Door("GET", "/guilds/{}/threads/active", _threads),
    Door("GET", "/guilds/{}/members", _members),
    Door("GET", "/guilds/{}/members/search", _search_members),
    Door("GET", "/guilds/{}/members/{}", _member),
    Door("GET", "/channels/{}", _channel),
    Door("PATCH", "/channels/{}", _change_channel),
    Door("POST", "/channels/{}/typing", _type),
)
