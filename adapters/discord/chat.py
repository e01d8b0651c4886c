"""Discord as a chat: what the engine and the courier see of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from adapters.discord.application import sign_in
from adapters.discord.calls import API_URL, Api
from adapters.discord.commands import Remember, try_to_offer_commands
from adapters.discord.connection import Pauses, persist
from adapters.discord.examine import Finding, examine
from adapters.discord.places import PLATFORM
from adapters.discord.recording import Record
from adapters.discord.replies import Replies
from adapters.discord.session import Session
from adapters.discord.underway import Underway
from bot.chat import Appointment, DeliveryError, Hear, Message, Person, Place, Typable

STOP_SECONDS: Final = 10
NOT_YET = "I am not connected to Discord yet"
NOT_YET_SECONDS = 2.0


class DiscordChat:
    """Discord, with every server that the bot is on."""

    platform = PLATFORM

    def __init__(
        self,
        *,
        token: str,
        api_url: str = API_URL,
        commands: Callable[[], Sequence[Typable]],
        now: Callable[[], datetime],
        shards: str = "",
        record: Record | None = None,
        remember: Remember | None = None,
        pauses: Pauses | None = None,
    ) -> None:
        self._token = token
        self._api_url = api_url
        self._commands = commands
        self._now = now
        self._shards = shards
        self._record = record
        self._remember = remember
        self._pauses = pauses or Pauses()
        self._underway = Underway()
        self._session: Session | None = None
        self._began = asyncio.Event()

    @property
    def connected(self) -> bool:
        """Tell whether Discord tells us what happens at this moment."""
        return self._session is not None and self._session.presence.is_up

    async def ready(self) -> None:
        """Wait until we are connected."""
        while not self.connected:
            await self._began.wait()
            if self._session is not None:
                await self._session.presence.wait()

    async def rest(self) -> None:
        """Wait until no event, answer or follow-up is under way."""
        await self._underway.rest()

    async def examine(self, homes: Sequence[Place]) -> list[Finding]:
        """Say how everything is that Drumbeat needs of Discord; it need not run for that."""
        api = Api(self._api_url, record=self._record)
        try:
            return await examine(api, self._token, homes, now=self._now)
        finally:
            await api.close()

    async def run(self, hear: Hear) -> None:
        """Connect, and serve until cancelled; what is under way then is finished first."""
        api = Api(self._api_url, record=self._record)
        replies = Replies(self._api_url, record=self._record)
        try:
            application = await persist(lambda: sign_in(api, self._token), pauses=self._pauses)
            await try_to_offer_commands(api, application.id, self._commands(), self._remember)
            self._session = Session(
                api,
                replies,
                application,
                underway=self._underway,
                hear=hear,
                commands=self._commands,
                now=self._now,
            )
            self._began.set()
            await self._session.run(shards=self._shards, pauses=self._pauses)
        finally:
            self._began.clear()
            await self._underway.finish(STOP_SECONDS)
            self._session = None
            await replies.close()
            await api.close()

    # ------------------------------------------------------------------------------------------- delivery

    async def post(self, place: Place, message: Message, *, once: str) -> str:
        """Post, and give the message's id."""
        return await self._open().delivery.post(place, message, once=once)

    async def edit(self, place: Place, message_id: str, message: Message) -> None:
        """Make a post show something else."""
        await self._open().delivery.edit(place, message_id, message)

    async def find(self, place: Place, *, once: str, since: datetime) -> str | None:
        """Look for a post of ours that may have been sent before it was noted."""
        return await self._open().delivery.find(place, once=once, since=since)

    async def members(self, place: Place) -> tuple[Person, ...]:
        """List who can see a channel."""
        return await self._open().comings.call_roll(place)

    async def inside(self, place: Place, room: str) -> tuple[Person, ...] | None:
        """List who is in a voice channel or on a stage."""
        return self._open().lookout.look(place, room)

    async def keep_event(self, place: Place, event_id: str, appointment: Appointment) -> str:
        """Keep an event of the server in step."""
        return await self._open().events.keep(place, event_id, appointment)

    def _open(self) -> Session:
        if self._session is None:
            raise DeliveryError(NOT_YET, retry_after=NOT_YET_SECONDS)
        return self._session
