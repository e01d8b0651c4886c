"""Whether Drumbeat is on Discord at this moment: each of its lines is open, and has told which servers there are."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from adapters.discord.servers import Servers

Json = Mapping[str, Any]

# A server that is out of order when we come does not keep us from the others.
PATIENCE_SECONDS = 5.0


class Presence:
    """Follows what the lines tell about themselves."""

    def __init__(self, servers: Servers) -> None:
        self._servers = servers
        self._mine: tuple[int, ...] = ()
        self._count = 1
        self._awaited: dict[int, set[str]] = {}
        self._timers: dict[int, asyncio.TimerHandle] = {}
        self._up: set[int] = set()
        self._complete: set[int] = set()
        self._changed = asyncio.Event()

    def expect(self, mine: tuple[int, ...], count: int) -> None:
        """Say which lines there will be."""
        self._mine, self._count = mine, count

    @property
    def is_up(self) -> bool:
        return bool(self._mine) and self._up.issuperset(self._mine)

    async def wait(self) -> None:
        """Wait until every line is open."""
        while not self.is_up:
            await self._changed.wait()

    def knows_all(self, server: str) -> bool:
        """Tell whether we would know a server if we were on it."""
        return not server.isdecimal() or (int(server) >> 22) % self._count in self._complete

    def lose(self, shard: int) -> None:
        """A line broke."""
        self._up.discard(shard)
        if timer := self._timers.pop(shard, None):
            timer.cancel()

    def heed(self, shard: int, kind: str, told: Json) -> None:
        """Take in what a line tells about itself."""
        match kind:
            case "READY":
                awaited = {str(server["id"]) for server in told["guilds"]}
                self._servers.keep_only(awaited, among=lambda server: (int(server) >> 22) % self._count == shard)
                self._awaited[shard] = awaited
                loop = asyncio.get_running_loop()
                self._timers[shard] = loop.call_later(PATIENCE_SECONDS, self._settle, shard)
            case "RESUMED":
                self._settle(shard)
            case "GUILD_CREATE" | "GUILD_DELETE":
                self._awaited.setdefault(shard, set()).discard(str(told["id"]))
            case _:
                return
        if not self._awaited.get(shard):
            self._settle(shard)

    def _settle(self, shard: int) -> None:
        """All that this line had to tell first has come, or will not come."""
        if shard not in self._awaited:
            return
        self._awaited[shard] = set()
        if timer := self._timers.pop(shard, None):
            timer.cancel()
        self._complete.add(shard)
        self._up.add(shard)
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
