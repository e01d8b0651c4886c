"""Private messages: where they go, and which server's movement they belong to.

A private conversation on Discord belongs to no server, but in our language every place has a workspace. We remember
from which server we wrote each private message; whoever writes first, or answers after a restart, is taken to mean the
server that we wrote from last, else the only one that we share with them, else the first by its id.
"""

from __future__ import annotations

from adapters.discord.calls import TROUBLE, Api
from adapters.discord.people import Acquaintances
from adapters.discord.recent import Recent
from adapters.discord.servers import Servers

REMEMBERED = 10_000
# So many servers are asked whether somebody is on them; a person waits meanwhile.
ASKED_AT_MOST = 10


class Inboxes:
    """The private conversations."""

    def __init__(self, api: Api, servers: Servers, met: Acquaintances, *, most: int = REMEMBERED) -> None:
        self._api = api
        self._servers = servers
        self._met = met
        self._channels: Recent[str, str] = Recent(most)
        self._from: Recent[str, str] = Recent(most)

    async def open(self, person: str) -> str:
        """Give the channel of the conversation with somebody."""
        channel = self._channels.get(person)
        if channel is None:
            told = await self._api.call("POST", "/users/@me/channels", body={"recipient_id": person})
            channel = str(told["id"])
            self._channels.keep(person, channel)
        return channel

    def note(self, person: str, message: str, server: str) -> None:
        """Remember from which server we wrote a private message."""
        self._from.keep(message, server)
        self._from.keep(f"@{person}", server)

    async def server_of(self, person: str, message: str = "") -> str:
        """Tell which server is meant when somebody acts in private, perhaps on a message of ours."""
        meant = self._from.get(message) or self._from.get(f"@{person}")
        if meant:
            return meant
        shared = sorted(self._met.servers_of(person), key=int) or await self._ask(person)
        return shared[0] if shared else ""

    async def _ask(self, person: str) -> list[str]:
        all_servers = sorted((server.id for server in self._servers.all()), key=int)
        if len(all_servers) < 2:  # noqa: PLR2004 - there is nothing to choose
            return all_servers
        for server in all_servers[:ASKED_AT_MOST]:
            try:
                await self._api.call(
                    "GET", "/guilds/{guild_id}/members/{user_id}", {"guild_id": server, "user_id": person}
                )
            except TROUBLE:
                continue
            return [server]
        return []
