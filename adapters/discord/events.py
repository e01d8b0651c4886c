"""Gatherings among a Discord server's own events, kept in step as far as we are allowed to.

A server's event is seen by everybody on the server, one in a call by all who see that channel. So there is only one
where nobody sees it who does not see the movement's own channel. Who says there that they are interested tells Discord,
not us: what counts is what people answer on the card.
https://discord.com/developers/docs/resources/guild-scheduled-event
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from discord import HTTPException

from adapters.discord.calls import Api
from adapters.discord.presence import Presence
from adapters.discord.refusals import THROWN_OUT, UNKNOWN_EVENT, Errand, explain
from adapters.discord.servers import CONNECT, CREATE_EVENTS, STAGE, VIEW_CHANNEL, VOICE, Channel, Server, Servers
from bot.chat import Appointment, DeliveryError, Place

Json = Mapping[str, Any]

EVENTS = "/guilds/{guild_id}/scheduled-events"
EVENT = "/guilds/{guild_id}/scheduled-events/{event_id}"
ON_SERVER = 2  # the one privacy level that there is
IN_STAGE, IN_VOICE, ELSEWHERE = 1, 2, 3
SCHEDULED, ACTIVE, COMPLETED, CANCELED = 1, 2, 3, 4
NEEDED = VIEW_CHANNEL | CONNECT | CREATE_EVENTS  # in a call, to keep an event there
NOT_NOW, LATER_SECONDS = "Discord does not tell me anything at this moment", 15.0


class Events:
    """Makes, changes and ends events."""

    def __init__(self, api: Api, servers: Servers, *, presence: Presence, now: Callable[[], datetime]) -> None:
        self._api = api
        self._servers = servers
        self._presence = presence
        self._now = now

    async def keep(self, place: Place, event_id: str, appointment: Appointment) -> str:
        """Keep one event in step; gives its id, '' where there is none."""
        where = {"guild_id": place.workspace}
        try:
            server = self._find_server(place)
            body = self._write(server, place.channel, appointment)
            if not event_id:
                return await self._make(where, appointment, body)
            where["event_id"] = event_id
            there = await self._api.call("GET", EVENT, where)
            if body is None:
                return await self._take_away(where)
            return await self._change(where, there, appointment, body)
        except HTTPException as refusal:
            if refusal.code == UNKNOWN_EVENT:
                raise DeliveryError("somebody deleted the event", permanent=True, gone=True) from refusal
            raise explain(refusal, Errand()) from refusal
        except Exception as error:
            raise explain(error, Errand()) from error

    def _find_server(self, place: Place) -> Server:
        server = self._servers.find(place.workspace)
        if server is not None:
            return server
        if not self._presence.is_up or not self._presence.knows_all(place.workspace):
            raise DeliveryError(NOT_NOW, retry_after=LATER_SECONDS)
        raise DeliveryError(THROWN_OUT[0], mend=THROWN_OUT[1], permanent=True, shut_out=True)

    # ------------------------------------------------------------------------------------------- one event

    async def _make(self, where: dict[str, str], appointment: Appointment, body: Json | None) -> str:
        ended = appointment.state in ("over", "cancelled")
        if body is None or ended or appointment.starts_at <= self._now():
            return ""  # Discord takes no event that has begun
        # We may have made it before we could note it.
        for there in await self._api.call("GET", EVENTS, where):
            if str(there.get("creator_id")) == self._servers.bot and not _differences(there, body):
                return str(there["id"])
        made = await self._api.call("POST", EVENTS, where, body=body)
        return str(made["id"])

    async def _change(self, where: dict[str, str], there: Json, appointment: Appointment, body: Json) -> str:
        status = there["status"]
        if status in (COMPLETED, CANCELED):
            return where["event_id"]
        if appointment.state == "over" and status == SCHEDULED:
            # Nobody started it there. To start it now, or to call it cancelled, would be untrue.
            return await self._take_away(where)
        changes = {} if appointment.state in ("over", "cancelled") else _differences(there, body)
        if status == ACTIVE:
            changes = {name: changes[name] for name in ("name", "description", "scheduled_end_time") if name in changes}
        wanted = _next_status(status, appointment, there["entity_type"])
        if wanted:
            changes["status"] = wanted
        if changes:
            await self._api.call("PATCH", EVENT, where, body=changes)
        return where["event_id"]

    async def _take_away(self, where: dict[str, str]) -> str:
        await self._api.call("DELETE", EVENT, where)
        return ""

    # ------------------------------------------------------------------------------------------- what it says

    def _write(self, server: Server, home: str, appointment: Appointment) -> Json | None:
        """Write an event as Discord has it; None where it would be seen by people who are not meant to."""
        told: dict[str, Any] = {
            "name": appointment.title,
            "description": appointment.words,
            "privacy_level": ON_SERVER,
            "scheduled_start_time": _written(appointment.starts_at),
            "scheduled_end_time": _written(appointment.ends_at),
        }
        room = self._find_room(server, appointment.room) if appointment.room else None
        if room is not None and _sees_no_more(server, room.id, home):
            if server.may(self._servers.bot, server.mine, room.id) & NEEDED == NEEDED:
                kind = IN_STAGE if room.kind == STAGE else IN_VOICE
                return told | {"entity_type": kind, "channel_id": room.id, "entity_metadata": None}
            if not server.is_public(home):
                raise DeliveryError("I may not keep events in that call", permanent=True)
        if not server.is_public(home):
            return None
        return told | {
            "entity_type": ELSEWHERE,
            "channel_id": None,
            "entity_metadata": {"location": appointment.place},
        }

    def _find_room(self, server: Server, room: str) -> Channel | None:
        """Find the one call of this name."""
        found = [
            one
            for one in server.channels.values()
            if one.kind in (VOICE, STAGE) and (room == one.id or room.lstrip("#").casefold() == one.name.casefold())
        ]
        return found[0] if len(found) == 1 else None


def _sees_no_more(server: Server, room: str, home: str) -> bool:
    """Tell whether whoever sees a call sees the home channel as well, by the roles and people they are shown to."""
    return server.is_public(home) or server.is_seen_by_no_more(room, home)


def _next_status(status: int, appointment: Appointment, kind: int) -> int:
    """Tell the next step of an event, 0 for none: from scheduled on to active or canceled, from active to completed."""
    if status == ACTIVE:
        return COMPLETED if appointment.state in ("over", "cancelled") else 0
    if appointment.state == "cancelled":
        return CANCELED
    # What is elsewhere starts and ends by itself.
    return ACTIVE if appointment.state == "under way" and kind != ELSEWHERE else 0


def _differences(there: Json, body: Json) -> dict[str, Any]:
    """List what of an event is not as it should be. One that takes place elsewhere than before is told anew."""
    if there["entity_type"] != body["entity_type"]:
        return dict(body)
    return {name: value for name, value in body.items() if not _is_same(name, there.get(name), value)}


def _is_same(name: str, there: object, wanted: object) -> bool:
    if name.endswith("_time") and isinstance(there, str) and isinstance(wanted, str):
        return datetime.fromisoformat(there) == datetime.fromisoformat(wanted)
    if name == "entity_metadata":
        return _location(there) == _location(wanted)
    return there == wanted


def _location(metadata: object) -> object:
    return metadata.get("location") if isinstance(metadata, Mapping) else None


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
