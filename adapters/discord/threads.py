"""The threads under our posts on Discord: made when the first reply comes, and found again afterwards."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from discord import HTTPException

from adapters.discord.calls import Api
from adapters.discord.recent import Recent
from adapters.discord.refusals import HAS_THREAD, UNKNOWN_CHANNEL, UNKNOWN_MESSAGE
from adapters.discord.render import TEXT_DISPLAY
from adapters.discord.servers import Servers
from bot.chat import Message, Place
from bot.plain import read_aloud, tidy_line

Json = Mapping[str, Any]

REMEMBERED = 5000
NAME_LIMIT = 100
# A week without a word, the longest that Discord knows; whoever writes opens the thread again.
SLEEPS_AFTER_MINUTES = 10080
UNNAMED = "Replies"
_MARKUP = re.compile(r"\\(.)|<[^>]*>|\*+|^> ", re.MULTILINE)


def name_thread(words: str) -> str:
    """Give a thread the first line of the post that it hangs on."""
    first = next((line for line in map(tidy_line, words.split("\n")) if line), UNNAMED)
    return first if len(first) <= NAME_LIMIT else first[: NAME_LIMIT - 1].rstrip() + "…"


def read_words(told: Json) -> str:
    """Read the words of a post of ours as Discord gives it back, without its marks."""
    texts = [one.get("content", "") for one in told.get("components") or () if one.get("type") == TEXT_DISPLAY]
    return _MARKUP.sub(lambda mark: mark[1] or "", "\n".join(texts or [told.get("content") or ""]))


class Threads:
    """Finds the channel in which the replies to a post stand."""

    def __init__(self, api: Api, servers: Servers) -> None:
        self._api = api
        self._servers = servers
        self._names: Recent[str, str] = Recent(REMEMBERED)
        self._made: Recent[str, bool] = Recent(REMEMBERED)

    def note(self, message_id: str, message: Message) -> None:
        """Remember how the thread under a new post would be called."""
        self._names.keep(message_id, name_thread(read_aloud(message)))

    async def open(self, place: Place) -> None:
        """Make the thread of a place unless it is there. Its id is that of the post it hangs on."""
        server = self._servers.find(place.workspace)
        if server is not None and place.thread in server.threads:
            # One that is deleted afterwards is not made anew.
            self._made.keep(place.thread, True)
        if place.thread in self._made:
            return
        try:
            await self._make(place)
        except HTTPException as refusal:
            if refusal.code == UNKNOWN_MESSAGE and await self._stands_alone(place):
                return  # a thread that somebody made without a post
            if refusal.code != HAS_THREAD:
                raise
        self._made.keep(place.thread, True)

    async def wake(self, thread: str) -> None:
        """Open an archived thread again."""
        await self._api.call("PATCH", "/channels/{channel_id}", {"channel_id": thread}, body={"archived": False})

    async def _make(self, place: Place) -> None:
        where = {"channel_id": place.channel, "message_id": place.thread}
        name = self._names.get(place.thread)
        if name is None:
            root = await self._api.call("GET", "/channels/{channel_id}/messages/{message_id}", where)
            name = name_thread(read_words(root))
        body = {"name": name, "auto_archive_duration": SLEEPS_AFTER_MINUTES}
        await self._api.call("POST", "/channels/{channel_id}/messages/{message_id}/threads", where, body=body)

    async def _stands_alone(self, place: Place) -> bool:
        try:
            told = await self._api.call("GET", "/channels/{channel_id}", {"channel_id": place.thread})
        except HTTPException as refusal:
            if refusal.code == UNKNOWN_CHANNEL:
                return False
            raise
        return str(told.get("parent_id")) == place.channel
