"""Where something happened on Discord, as a place: a channel, a thread in it, or a person's inbox."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from adapters.discord.calls import TROUBLE, Api
from adapters.discord.servers import THREADS, Servers
from bot.chat import Place

Json = Mapping[str, Any]

PLATFORM: Final = "discord"


class Places:
    """Finds places from what the gateway tells."""

    def __init__(self, api: Api, servers: Servers) -> None:
        self._api = api
        self._servers = servers

    async def find(self, told: Json, *, person: str) -> Place:
        """Find where somebody acted. A private conversation belongs to no server, so its place has no workspace."""
        server_id = str(told.get("guild_id") or "")
        if not server_id:
            return Place(PLATFORM, "", person=person)
        channel = str(told["channel_id"])
        parent = await self._parent(server_id, channel, told.get("channel") or {})
        return Place(PLATFORM, server_id, parent or channel, channel if parent else "")

    async def _parent(self, server_id: str, channel: str, described: Json) -> str:
        """Give the channel that a thread is part of; '' for a channel itself."""
        if described.get("type") in THREADS and described.get("parent_id"):
            return str(described["parent_id"])
        server = self._servers.find(server_id)
        if server is None or channel in server.channels:
            return ""
        if channel not in server.threads:
            # An archived thread that somebody woke up, which we were not told of.
            try:
                told = await self._api.call("GET", "/channels/{channel_id}", {"channel_id": channel})
            except TROUBLE:
                return ""
            if told.get("type") not in THREADS:
                return ""
            server.threads[channel] = str(told["parent_id"])
        return server.threads[channel]
