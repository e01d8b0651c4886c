"""The line on which Discord tells what happens: kept up, taken up again where it broke, begun anew where it must be.

discord.py speaks the protocol. When to come back is decided here: by itself the library waits up to a quarter of an
hour after a long break, and gives up for good when the gateway cannot be reached at the first try.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import aiohttp
import structlog
from discord import ConnectionClosed, GatewayNotFound, HTTPException, RateLimited

from adapters.discord.application import Application, Gateway, SettingsError, choose_shards, find_gateway
from adapters.discord.calls import Api
from adapters.discord.line import Json, Line, Session, Sessions

log = structlog.get_logger()

Result = TypeVar("Result")

# A line that lasted for so long was a good one: when it breaks, we come back at once.
SETTLED_SECONDS = 10.0
# https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes
_SETTINGS = {
    4004: "Discord does not take the token any more. Copy a new one from your application's page into discord_token.",
    4010: "discord_shards names a shard that there is not.",
    4011: "This bot is on too many servers for so few shards: leave discord_shards empty, or name more.",
    4012: "Discord does not speak this version of its protocol any more: a newer Drumbeat is needed.",
    4013: "Discord does not know what Drumbeat asks to be told: a newer Drumbeat is needed.",
    4014: (
        "Discord refuses to tell what your application is not granted. Look at Privileged Gateway Intents on your "
        "application's page, and start Drumbeat again."
    ),
}


@dataclass(frozen=True, slots=True)
class Pauses:
    """How long to wait, in seconds: before coming back, doubled each time up to the longest, and between two sessions.

    Discord asks for five seconds between two sessions, and for one to five after it declared one over.
    """

    first: float = 1.0
    longest: float = 60.0
    sessions: float = 5.0
    over: tuple[float, float] = (1.0, 5.0)

    async def before(self, attempt: int) -> None:
        """Wait before an attempt; the first is made at once, and no two processes make theirs together."""
        if attempt > 0:
            await asyncio.sleep(min(self.first * 2 ** min(attempt - 1, 10), self.longest) * random.uniform(0.5, 1))  # noqa: S311 - no secret


async def persist(ask: Callable[[], Awaitable[Result]], *, pauses: Pauses) -> Result:
    """Ask until there is an answer, however long Discord cannot be reached."""
    attempt = 0
    while True:
        try:
            return await ask()
        except (OSError, aiohttp.ClientError, TimeoutError, HTTPException, RateLimited, GatewayNotFound) as error:
            log.warning("discord cannot be reached", error=type(error).__name__)
        attempt += 1
        await pauses.before(attempt)


class Connection:
    """All lines of this process, one for each shard; ``on_lost`` is told which shard has none any more."""

    def __init__(
        self, api: Api, application: Application, heed: Callable[[int, str, Json], None], *, shards: str, pauses: Pauses
    ) -> None:
        self._api = api
        self._application = application
        self._heed = heed
        self._shards = shards
        self._pauses = pauses
        self._sessions = Sessions(pauses.sessions)

    async def prepare(self) -> tuple[tuple[int, ...], int]:
        """Find the gateway; gives the shards that are ours, and how many there are in all."""
        gateway = await persist(self._find, pauses=self._pauses)
        return choose_shards(self._shards, gateway.shards)

    async def run(self, mine: tuple[int, ...], count: int, *, on_lost: Callable[[int], None]) -> None:
        """Stay connected until cancelled; raises ``SettingsError`` for what only somebody can mend."""
        lines = [asyncio.create_task(self._stay(shard, count, on_lost)) for shard in mine]
        try:
            await asyncio.gather(*lines)
        finally:
            for line in lines:
                line.cancel()
            await asyncio.gather(*lines, return_exceptions=True)

    async def _find(self) -> Gateway:
        gateway = await find_gateway(self._api)
        if gateway.starts <= 0:
            # A token with which more sessions are begun is made invalid.
            log.error("discord lets no more sessions begin today", seconds=gateway.renewed_in)
            await asyncio.sleep(gateway.renewed_in)
        return gateway

    async def _stay(self, shard: int, count: int, on_lost: Callable[[int], None]) -> None:
        session: Session = {}
        attempt = -1
        loop = asyncio.get_running_loop()
        while True:
            began = loop.time()
            session = await self._talk(shard, count, session, on_lost)
            attempt = 0 if loop.time() - began > SETTLED_SECONDS else attempt + 1
            await self._pauses.before(attempt)
            if not session:
                # The gateway may be elsewhere now, and how many sessions may still begin today is told with it.
                await persist(self._find, pauses=self._pauses)

    async def _talk(self, shard: int, count: int, session: Session, on_lost: Callable[[int], None]) -> Session:
        """Listen until the line breaks; gives what it can be taken up again with, or nothing."""
        heed = partial(self._heed, shard)
        line = Line(self._api, self._application, heed, shard=shard, shards=count, sessions=self._sessions)
        try:
            async with line:
                try:
                    session = await line.talk(session)
                finally:
                    on_lost(shard)
            if not session:
                await asyncio.sleep(random.uniform(*self._pauses.over))  # noqa: S311 - no secret
        except ConnectionClosed as closed:
            if closed.code in _SETTINGS:
                raise SettingsError(_SETTINGS[closed.code]) from closed
            log.warning("discord closed the line", shard=shard, code=closed.code)
            return {}
        except (OSError, aiohttp.ClientError, TimeoutError) as error:
            # Nobody is there; the session may still be waiting for us when somebody is.
            log.warning("discord cannot be reached", shard=shard, error=type(error).__name__)
        except Exception as error:
            log.exception("discord line broke", shard=shard, error=type(error).__name__)
            return {}
        return session
