"""One run of Drumbeat on Discord: all its parts, put together once we know who we are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from adapters.discord.answering import Answering
from adapters.discord.application import Application
from adapters.discord.calls import Api
from adapters.discord.comings import Comings
from adapters.discord.connection import Connection, Pauses
from adapters.discord.delivery import Delivery
from adapters.discord.events import Events
from adapters.discord.homes import Homes
from adapters.discord.inboxes import Inboxes
from adapters.discord.intake import Intake
from adapters.discord.listening import Listener
from adapters.discord.lookout import Lookout
from adapters.discord.people import Acquaintances
from adapters.discord.places import Places
from adapters.discord.presence import Presence
from adapters.discord.replies import Replies
from adapters.discord.returning import Returning
from adapters.discord.servers import Servers
from adapters.discord.underway import Order, Underway
from adapters.discord.voice import Voices
from bot.chat import Hear, Typable


class Session:
    """Listens, answers and delivers, for as long as ``run`` runs."""

    def __init__(
        self,
        api: Api,
        replies: Replies,
        application: Application,
        *,
        underway: Underway,
        hear: Hear,
        commands: Callable[[], Sequence[Typable]],
        now: Callable[[], datetime],
    ) -> None:
        self._api = api
        self._application = application
        servers = Servers(application.bot)
        met, homes = Acquaintances(), Homes()
        inboxes = Inboxes(api)
        places = Places(api, servers)
        self.presence = Presence(servers)
        self.comings = Comings(
            api, servers, homes, met, application=application, presence=self.presence, hear=hear, now=now
        )
        self.delivery = Delivery(api, servers, homes, inboxes, presence=self.presence)
        listener = Listener(
            api, servers, places, met, application=application, delivery=self.delivery, hear=hear, now=now
        )
        self.events = Events(api, servers, presence=self.presence, now=now)
        voices = Voices()
        self.lookout = Lookout(servers, voices, met, presence=self.presence)
        answering = Answering(replies, servers, places, met, underway=underway, hear=hear, commands=commands)
        self._intake = Intake(
            self.presence,
            servers,
            Order(underway),
            answering=answering,
            listener=listener,
            comings=self.comings,
            returning=Returning(servers, homes, application=application, hear=hear, now=now),
            voices=voices,
        )

    async def run(self, *, shards: str, pauses: Pauses) -> None:
        """Stay connected until cancelled."""
        connection = Connection(self._api, self._application, self._intake.heed, shards=shards, pauses=pauses)
        mine, count = await connection.prepare()
        self.presence.expect(mine, count)
        try:
            await connection.run(mine, count, on_lost=self.presence.lose)
        finally:
            self._intake.open = False
