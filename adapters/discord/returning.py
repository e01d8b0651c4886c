"""Thrown off a server and invited again, shut out of a channel and let in again: what failed there is tried anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

import structlog

from adapters.discord.application import Application
from adapters.discord.homes import Homes
from adapters.discord.manifest import invite_link, lacking
from adapters.discord.places import PLATFORM
from adapters.discord.servers import SEND_MESSAGES, VIEW_CHANNEL, Server, Servers
from bot.chat import Hear, Joined, Person, Place

log = structlog.get_logger()

Json = Mapping[str, Any]

WRITING = VIEW_CHANNEL | SEND_MESSAGES


class Returning:
    """Tells that we ourselves came into a channel, as anybody else does."""

    def __init__(
        self, servers: Servers, homes: Homes, *, application: Application, hear: Hear, now: Callable[[], datetime]
    ) -> None:
        self._servers = servers
        self._homes = homes
        self._application = application
        self._hear = hear
        self._now = now

    async def come(self, told: Json) -> None:
        """We were invited to a server.

        Maybe not for the first time: what its homes were before, somebody may have told another run of this program,
        so each channel is named in which we can write.
        """
        server = self._servers.find(str(told["id"]))
        for channel in [str(one["id"]) for one in told.get("channels") or ()] if server else ():
            if server is not None and self._may(server, channel) & WRITING == WRITING:
                await self._tell(server.id, channel)

    async def look(self, server_id: str) -> None:
        """Permissions changed on a server: see where we may do something now that we lacked when we were refused."""
        server = self._servers.find(server_id)
        if server is None:
            return
        for channel, lacked in self._homes.refused(server_id):
            may = self._may(server, channel)
            if may & WRITING == WRITING and lacked - set(lacking(may)):
                await self._tell(server_id, channel)

    def go(self, server_id: str) -> None:
        """We were thrown off a server: nothing can be done there until somebody invites us again."""
        mend = f"Invite it again: {invite_link(self._application.id)}"
        log.error("discord server threw Drumbeat off", server=server_id, mend=mend)

    def _may(self, server: Server, channel: str) -> int:
        return server.may(self._servers.bot, server.mine, channel)

    async def _tell(self, server_id: str, channel: str) -> None:
        self._homes.reopen(server_id, channel)
        who = Person(self._application.bot, self._application.name, bot=True)
        place = Place(PLATFORM, server_id, channel)
        await self._hear(Joined(id=f"{PLATFORM}/return/{uuid4().hex}", who=who, place=place, at=self._now()))
