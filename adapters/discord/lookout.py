"""Who is in a call on Discord at this moment: the gateway tells it, so that nothing is asked over the line."""

from __future__ import annotations

from adapters.discord.people import Acquaintances
from adapters.discord.presence import Presence
from adapters.discord.refusals import THROWN_OUT
from adapters.discord.servers import VIEW_CHANNEL, Channel, Server, Servers
from adapters.discord.voice import Voices
from bot.chat import DeliveryError, Person, Place

LATER_SECONDS = 15.0
NOT_NOW = "Discord does not tell me anything at this moment"


class Lookout:
    """Looks into a voice channel or a stage, by its id or by what people call it."""

    def __init__(self, servers: Servers, voices: Voices, met: Acquaintances, *, presence: Presence) -> None:
        self._servers = servers
        self._voices = voices
        self._met = met
        self._presence = presence

    def look(self, place: Place, room: str) -> tuple[Person, ...] | None:
        """List who is there; None where there is no such room, or none that we are shown."""
        server = self._servers.find(place.workspace)
        if not self._presence.is_up or (server is None and not self._presence.knows_all(place.workspace)):
            raise DeliveryError(NOT_NOW, retry_after=LATER_SECONDS)
        if server is None:
            raise DeliveryError(THROWN_OUT[0], mend=THROWN_OUT[1], permanent=True, shut_out=True)
        rooms = {one.id for one in server.channels.values() if _is_called(one, room) and self._sees(server, one)}
        if not rooms:
            return None
        people = self._voices.people(server.id, rooms)
        if people is None:
            raise DeliveryError(NOT_NOW, retry_after=LATER_SECONDS)
        # Whoever came before we did is an id without a name to us.
        return tuple(self._met.recall(server.id, person) or Person(person, "") for person in people)

    def _sees(self, server: Server, channel: Channel) -> bool:
        return bool(server.may(self._servers.bot, server.mine, channel.id) & VIEW_CHANNEL)


def _is_called(channel: Channel, room: str) -> bool:
    return room == channel.id or room.lstrip("#").casefold() == channel.name.casefold()
