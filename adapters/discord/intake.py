"""Everything that the gateway tells, and whose affair it is: what people ask at once, the rest in its order."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import Any

from adapters.discord.answering import ANSWER_SECONDS, Answering
from adapters.discord.comings import Comings
from adapters.discord.interactions import Interaction
from adapters.discord.listening import Listener
from adapters.discord.presence import Presence
from adapters.discord.returning import Returning
from adapters.discord.servers import Servers
from adapters.discord.underway import Job, Order
from adapters.discord.voice import Voices

Json = Mapping[str, Any]

_ABOUT_SERVERS = ("GUILD_", "CHANNEL_", "THREAD_")


class Intake:
    """Hears the gateway. Nothing here waits: what takes time is begun, or put in order behind what came before."""

    def __init__(
        self,
        presence: Presence,
        servers: Servers,
        order: Order,
        *,
        answering: Answering,
        listener: Listener,
        comings: Comings,
        returning: Returning,
        voices: Voices,
    ) -> None:
        self._presence = presence
        self._servers = servers
        self._order = order
        self._answering = answering
        self._listener = listener
        self._comings = comings
        self._returning = returning
        self._voices = voices
        self.open = True

    def heed(self, shard: int, kind: str, told: Json) -> None:
        """Take in one event."""
        if not self.open:
            return
        if kind == "INTERACTION_CREATE":
            by = asyncio.get_running_loop().time() + ANSWER_SECONDS
            self._answering.take(Interaction(told, by))
            return
        before = self._remember(kind, told)
        if kind.startswith(_ABOUT_SERVERS):
            self._servers.heed(kind, told)
        self._voices.heed(kind, told)
        self._presence.heed(shard, kind, told)
        if kind == "GUILD_DELETE" and before and not told.get("unavailable"):
            self._returning.go(str(told["id"]))
        work = self._find_work(kind, told, before)
        if work is not None:
            user = told.get("user_id") or (told.get("author") or {}).get("id")
            lane = told.get("guild_id") or (told["id"] if kind == "GUILD_CREATE" else f"@{user}")
            self._order.put(str(lane), work)

    def _remember(self, kind: str, told: Json) -> Any:  # noqa: ANN401 - a channel or a role's bits
        """Keep what is about to be overwritten: who can see a channel now is compared with who could."""
        if kind == "GUILD_CREATE":
            # Those that we are on anyway are told first; one that comes later is one that we were invited to.
            return self._servers.find(str(told["id"])) is None and self._presence.knows_all(str(told["id"]))
        if kind == "GUILD_DELETE":
            return self._servers.find(str(told["id"])) is not None
        server = self._servers.find(str(told.get("guild_id")))
        if server is None:
            return None
        if kind == "CHANNEL_UPDATE":
            return server.channels.get(str(told["id"]))
        if kind in ("GUILD_ROLE_UPDATE", "GUILD_ROLE_DELETE"):
            return server.roles.get(str(told.get("role_id") or told["role"]["id"]), 0)
        return None

    def _find_work(self, kind: str, told: Json, before: Any) -> Job | None:  # noqa: ANN401
        listener, comings = self._listener, self._comings
        guild = str(told.get("guild_id") or "")
        match kind:
            case "MESSAGE_CREATE":
                return partial(listener.say, told)
            case "MESSAGE_REACTION_ADD" | "MESSAGE_REACTION_REMOVE":
                return partial(listener.react, told, on=kind.endswith("ADD"))
            case "VOICE_STATE_UPDATE" if guild:
                room = str(told.get("channel_id") or "")
                return partial(listener.move, guild, str(told["user_id"]), room, told.get("member"))
            case "GUILD_CREATE" if not told.get("unavailable"):
                return partial(self._arrive, told, invited=before)
            case "GUILD_MEMBER_ADD":
                return partial(comings.arrive, told)
            case "GUILD_MEMBER_UPDATE":
                return self._and_look(guild, partial(comings.change, told))
            case "GUILD_MEMBER_REMOVE":
                return partial(comings.leave, told)
            case "CHANNEL_UPDATE":
                return self._and_look(guild, partial(comings.reopen, guild, before, str(told["id"])))
            case "GUILD_ROLE_UPDATE" | "GUILD_ROLE_DELETE":
                after = int(told["role"]["permissions"]) if kind == "GUILD_ROLE_UPDATE" else 0
                return self._and_look(guild, partial(comings.change_role, guild, before or 0, after))
            case _:
                return None

    def _and_look(self, server: str, work: Job) -> Job:
        """Do something, and then see whether we may do more than before on a server."""

        async def do() -> None:
            await work()
            await self._returning.look(server)

        return do

    async def _arrive(self, told: Json, *, invited: bool) -> None:
        """We came to a server, or back to it: what happened meanwhile nobody tells us."""
        server = str(told["id"])
        await (self._returning.come(told) if invited else self._returning.look(server))
        await self._listener.look_into_calls(told)
        await self._comings.list_anew(server)
