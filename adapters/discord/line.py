"""One session with Discord's gateway: what it tells is passed on as it is, in order, and nothing of it is kept."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from discord import AllowedMentions, Client, Intents, MemberCacheFlags, VoiceClient
from discord.gateway import DiscordWebSocket, ReconnectWebSocket

from adapters.discord.application import Application
from adapters.discord.calls import Api

log = structlog.get_logger()

Json = Mapping[str, Any]
Heed = Callable[[str, Json], None]
Session = dict[str, Any]

OPENING_SECONDS = 60
CLOSING_SECONDS = 3

# The library writes whole messages into its log when it is asked to be talkative; nobody's words belong there.
logging.getLogger("discord").setLevel(logging.WARNING)
# We don't speak in calls, so the libraries for that need not be there.
VoiceClient.warn_nacl = VoiceClient.warn_dave = False


def choose_intents(application: Application) -> Intents:
    """Say what we want to be told: what we use, and of what needs a grant only what was granted."""
    return Intents(
        guilds=True,
        members=application.members,
        voice_states=True,
        messages=True,
        reactions=True,
        message_content=application.words,
    )


class Sessions:
    """Begins sessions no faster than Discord allows."""

    def __init__(self, apart: float) -> None:
        self._apart = apart
        self._next = 0.0
        self._turn = asyncio.Lock()

    async def wait(self) -> None:
        """Wait until another session may be begun."""
        async with self._turn:
            loop = asyncio.get_running_loop()
            await asyncio.sleep(max(self._next - loop.time(), 0))
            self._next = loop.time() + self._apart


class Line(Client):
    """One line to the gateway, used once."""

    def __init__(
        self, api: Api, application: Application, heed: Heed, *, shard: int, shards: int, sessions: Sessions
    ) -> None:
        super().__init__(
            intents=choose_intents(application),
            shard_id=shard,
            shard_count=shards,
            max_messages=None,
            member_cache_flags=MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            allowed_mentions=AllowedMentions.none(),
        )
        self.http = api
        self._sessions = sessions
        # We read what Discord sends by ourselves: the library leaves out what is about people whom it does not
        # remember, and a single event that it cannot digest ends the whole line.
        self._connection.parsers = _Reader(heed)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Say who we are at once: our turn was waited for before the line was opened."""

    async def talk(self, session: Session) -> Session:
        """Listen until the line breaks; gives what it can be taken up again with, or nothing."""
        socket: DiscordWebSocket | None = None
        if not session:
            await self._sessions.wait()
        try:
            async with asyncio.timeout(OPENING_SECONDS):
                socket = self.ws = await DiscordWebSocket.from_client(self, shard_id=self.shard_id, **session)
            while True:
                await socket.poll_event()
        except ReconnectWebSocket as broken:
            if not broken.resume:
                return {}
            if socket is None:
                return session
            if socket.session_id is None:
                return {}
            where = {"gateway": socket.gateway, "session": socket.session_id, "sequence": socket.sequence}
            return {"resume": True, **where}

    async def close(self) -> None:
        """Say goodbye. Calls go over other lines, which stay open."""
        if self.ws is not None and self.ws.open:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(CLOSING_SECONDS):
                    await self.ws.close(code=1000)


class _Reader(dict[str, Callable[[Any], None]]):
    """Stands where the library has a function for each kind of event, and has the same for all."""

    def __init__(self, heed: Heed) -> None:
        super().__init__()
        self._heed = heed

    def __missing__(self, kind: str) -> Callable[[Any], None]:
        def read(told: Json) -> None:
            try:
                self._heed(kind, told)
            except Exception as error:  # one event that nobody understands must not cost all others
                log.exception("discord event not understood", kind=kind, error=type(error).__name__)

        return read
