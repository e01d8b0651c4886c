"""Private conversations: each person has one with us, whichever servers we share with them."""

from __future__ import annotations

from adapters.discord.calls import Api
from adapters.discord.recent import Recent

REMEMBERED = 10_000


class Inboxes:
    """Finds the channel of a conversation, and remembers it."""

    def __init__(self, api: Api, *, most: int = REMEMBERED) -> None:
        self._api = api
        self._channels: Recent[str, str] = Recent(most)

    async def open(self, person: str) -> str:
        """Give the channel of the conversation with somebody."""
        channel = self._channels.get(person)
        if channel is None:
            told = await self._api.call("POST", "/users/@me/channels", body={"recipient_id": person})
            channel = str(told["id"])
            self._channels.keep(person, channel)
        return channel
