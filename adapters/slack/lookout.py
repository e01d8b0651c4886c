"""Who is in a channel's huddle, and who has been: Slack writes it into the message that the huddle leaves there.

A bot can neither come in nor ask who is there: https://docs.slack.dev/reference/methods/conversations.history
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog

from adapters.slack.calls import Calls
from adapters.slack.huddles import Ended, Huddles, read_end
from adapters.slack.people import People
from adapters.slack.refusals import SlackError
from adapters.slack.workspaces import Install
from bot.chat import Person

Json = dict[str, Any]
log = structlog.get_logger()

# A huddle that began earlier than this is looked for only if we heard of it.
BACK = timedelta(days=1)
PAGE = 100
PAGES = 5
LOOK_PATIENCE = 10.0
# Slack waits for our word on an event meanwhile.
READ_PATIENCE = 1.0
_CHANNEL = re.compile(r"[CG][A-Z0-9]+", re.ASCII)


class Lookout:
    """Reads the messages of huddles. What it learns of one that lasts, ``huddles`` learns too."""

    def __init__(self, calls: Calls, people: People, huddles: Huddles, *, now: Callable[[], datetime]) -> None:
        self._calls = calls
        self._people = people
        self._huddles = huddles
        self._now = now

    async def look(self, install: Install, channel: str) -> tuple[Person, ...] | None:
        """List who is in a channel's huddle now; None where that cannot be told."""
        if not _CHANNEL.fullmatch(channel):
            return None
        known = self._huddles.message(install.workspace, channel)
        message = await self._read(install, channel, known, patience=LOOK_PATIENCE) if known else None
        if message is None or not _lasts(message):
            found = await self._search(install, channel)
            if found is None:
                return None
            message = found
        if not message:
            return ()
        # From now on it is understood who comes and goes: Slack tells that of people, without the channel.
        self._huddles.told(install.workspace, {**message, "channel": channel})
        there = tuple(map(str, message["room"].get("participants") or ()))
        self._huddles.confirm(install.workspace, there)
        return tuple(self._people.as_far_as_known(install.workspace, person) for person in there)

    async def read_again(self, install: Install, end: Ended) -> tuple[str, ...]:
        """List who was in a huddle that is over; nobody where its message cannot be read any more."""
        try:
            message = await self._read(install, end.channel, end.message, patience=READ_PATIENCE)
        except SlackError as error:
            log.warning("slack: a huddle's message could not be read", workspace=install.workspace, error=error.error)
            return ()
        read = read_end({**message, "channel": end.channel}) if message is not None else None
        return read.people if read is not None else ()

    async def _search(self, install: Install, channel: str) -> Json | None:
        """Find the message of a huddle that lasts: empty when there is none, None when there is too much to read."""
        asked: Json = {"channel": channel, "oldest": f"{(self._now() - BACK).timestamp():.6f}", "limit": PAGE}
        for _ in range(PAGES):
            page = await self._history(install, asked, LOOK_PATIENCE)
            lasting = next((one for one in page.get("messages") or () if _lasts(one)), None)
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if lasting is not None or not cursor:
                return lasting or {}
            asked["cursor"] = cursor
        return None

    async def _read(self, install: Install, channel: str, ts: str, *, patience: float) -> Json | None:
        asked: Json = {"channel": channel, "latest": ts, "oldest": ts, "inclusive": True, "limit": 1}
        page = await self._history(install, asked, patience)
        return next((one for one in page.get("messages") or () if one.get("ts") == ts), None)

    async def _history(self, install: Install, asked: Json, patience: float) -> Json:
        return await self._calls.call("conversations.history", asked, token=install.token, patience=patience)


def _lasts(message: Json) -> bool:
    return message.get("subtype") == "huddle_thread" and not (message.get("room") or {}).get("has_ended")
