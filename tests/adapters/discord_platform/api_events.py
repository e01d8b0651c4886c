"""A server's scheduled events over the HTTP API, with what Discord refuses about them.

https://discord.com/developers/docs/resources/guild-scheduled-event
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from tests.adapters.discord_platform import shapes
from tests.adapters.discord_platform.api import Door
from tests.adapters.discord_platform.refusing import Json, Refused, wrong
from tests.adapters.discord_platform.rights import ALL, Right, base_rights
from tests.adapters.discord_platform.service import Request, Service
from tests.adapters.discord_platform.world import STAGE, VOICE, Channel, Server

MOST: Final = 100
SCHEDULED, ACTIVE, COMPLETED, CANCELED = 1, 2, 3, 4
IN_STAGE, IN_VOICE, ELSEWHERE = 1, 2, 3
STEPS: Final = {SCHEDULED: (ACTIVE, CANCELED), ACTIVE: (COMPLETED,)}
KINDS: Final = {IN_STAGE: STAGE, IN_VOICE: VOICE}
ROOM_RIGHTS: Final = Right.VIEW_CHANNEL | Right.CONNECT


def pass_time(service: Service, server: Server) -> None:
    """What is elsewhere starts and ends by itself."""
    for event in server.events.values():
        if event["entity_type"] == ELSEWHERE:
            if event["status"] == SCHEDULED and _at(event["scheduled_start_time"]) <= service.now():
                event["status"] = ACTIVE
            if event["status"] == ACTIVE and _at(event["scheduled_end_time"]) <= service.now():
                event["status"] = COMPLETED


def _at(written: object) -> datetime:
    return datetime.fromisoformat(str(written))


def _list(service: Service, asked: Request) -> list[Json]:
    server = service.world.server(asked.names[0])
    pass_time(service, server)
    return [one for one in server.events.values() if one["status"] in (SCHEDULED, ACTIVE)]


def _find(service: Service, asked: Request) -> Json:
    server = service.world.server(asked.names[0])
    pass_time(service, server)
    if asked.names[1] not in server.events:
        raise Refused(10070)
    return server.events[asked.names[1]]


def _make(service: Service, asked: Request) -> Json:
    server, bot = service.world.server(asked.names[0]), service.world.bot
    event: Json = {
        "id": "",
        "guild_id": server.id,
        "channel_id": None,
        "creator_id": bot.id,
        "name": None,
        "description": None,
        "image": None,
        "scheduled_start_time": None,
        "scheduled_end_time": None,
        "privacy_level": None,
        "status": SCHEDULED,
        "entity_type": None,
        "entity_id": None,
        "entity_metadata": None,
        "recurrence_rule": None,
        **_read(asked),
    }
    _check(service, server, event)
    if _at(event["scheduled_start_time"]) <= service.now():
        raise wrong("scheduled_start_time", "Cannot schedule event in the past.")
    if sum(one["status"] in (SCHEDULED, ACTIVE) for one in server.events.values()) >= MOST:
        raise Refused(30038)
    event["id"] = service.world.mint.new()
    server.events[event["id"]] = event
    return {**event, "creator": shapes.user(bot)}


def _change(service: Service, asked: Request) -> Json:
    event, changes = _find(service, asked), _read(asked)
    server = service.world.server(asked.names[0])
    _check_rights(service, server, event)
    if event["status"] in (COMPLETED, CANCELED):
        raise Refused(180000)
    status = changes.pop("status", event["status"])
    if status != event["status"] and status not in STEPS[event["status"]]:
        raise wrong("status", "Invalid Guild Scheduled Event Status Transition")
    start = changes.get("scheduled_start_time")
    if start is not None and event["status"] == ACTIVE:
        raise wrong("scheduled_start_time", "Cannot update start time of an active event.")
    if start is not None and _at(start) <= service.now():
        raise wrong("scheduled_start_time", "Cannot schedule event in the past.")
    _check(service, server, {**event, **changes})
    event.update(changes, status=status)
    return event


def _delete(service: Service, asked: Request) -> None:
    event, server = _find(service, asked), service.world.server(asked.names[0])
    _check_rights(service, server, event)
    del server.events[event["id"]]


def _read(asked: Request) -> Json:
    return dict(asked.fields)


def _check(service: Service, server: Server, event: Json) -> None:
    """Look at an event as a whole, as it is or would be."""
    for field, most in (("name", 100), ("description", 1000)):
        if not isinstance(event[field], str) or not 1 <= len(event[field]) <= most:
            raise wrong(field, f"Must be between 1 and {most} in length.")
    if event["privacy_level"] != 2:
        raise wrong("privacy_level", "Value must be one of {2}.")
    end = event["scheduled_end_time"]
    if end is not None and _at(end) <= _at(event["scheduled_start_time"]):
        raise wrong("scheduled_end_time", "Cannot schedule event that ends before it starts.")
    if event["entity_type"] == ELSEWHERE:
        _check_elsewhere(event)
    elif event["entity_type"] in KINDS:
        _check_room(service, server, event)
    else:
        raise wrong("entity_type", "Value must be one of {1, 2, 3}.")
    _check_rights(service, server, event)


def _check_elsewhere(event: Json) -> None:
    location = _location(event)
    if event["channel_id"] is not None:
        raise wrong("channel_id", "Must be null for an external event.")
    if not isinstance(location, str) or not 1 <= len(location) <= 100:
        raise wrong("entity_metadata.location", "Must be between 1 and 100 in length.")
    if event["scheduled_end_time"] is None:
        raise wrong("scheduled_end_time", "This field is required")


def _check_room(service: Service, server: Server, event: Json) -> None:
    channel = service.world.channels.get(str(event["channel_id"]))
    if channel is None or channel.kind != KINDS[event["entity_type"]] or channel.server != server.id:
        raise wrong("channel_id", "Invalid channel for this type of event.")
    if _location(event) is not None:
        raise wrong("entity_metadata", "A location is for external events.")


def _location(event: Json) -> object:
    return (event["entity_metadata"] or {}).get("location")


def _check_rights(service: Service, server: Server, event: Json) -> None:
    """MANAGE_EVENTS alone makes no events any more, and CREATE_EVENTS is enough for one's own."""
    channel = service.world.channels.get(str(event["channel_id"]))
    rights = _rights(service, server, channel)
    if Right.CREATE_EVENTS not in rights or (channel is not None and ROOM_RIGHTS not in rights):
        raise Refused(50013)


def _rights(service: Service, server: Server, channel: Channel | None) -> Right:
    bot = service.world.bot.id
    if channel is not None:
        return service.world.rights(bot, channel)
    return ALL if server.owner == bot else base_rights(server.id, server.roles, server.members[bot].roles)


DOORS = (
    Door("GET", "/guilds/{}/scheduled-events", _list),
    Door("POST", "/guilds/{}/scheduled-events", _make),
    Door("GET", "/guilds/{}/scheduled-events/{}", _find),
    Door("PATCH", "/guilds/{}/scheduled-events/{}", _change),
    Door("DELETE", "/guilds/{}/scheduled-events/{}", _delete),
)
