"""What channels are called, who made them, and whether anything can be written in them."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from adapters.slack.calls import Calls
from adapters.slack.workspaces import Install

KNOWN_SECONDS = 6 * 3600.0
CHANNELS_KEPT = 5_000


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel as Slack describes it."""

    id: str
    name: str
    creator: str
    private: bool
    archived: bool
    member: bool


class Channels:
    """Every channel we asked about in any workspace."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._known: OrderedDict[tuple[str, str], tuple[float, Channel]] = OrderedDict()

    async def look_up(self, install: Install, channel: str, *, anew: bool = False) -> Channel:
        """Ask for a channel, if that is not known already."""
        known = self.known(install.workspace, channel)
        if known is not None and not anew:
            return known
        answer = await self._calls.call("conversations.info", {"channel": channel}, token=install.token)
        found = channel_of(answer["channel"])
        self._known[install.workspace, channel] = (time.monotonic() + KNOWN_SECONDS, found)
        while len(self._known) > CHANNELS_KEPT:
            self._known.popitem(last=False)
        return found

    def known(self, workspace: str, channel: str) -> Channel | None:
        """Give what is known of a channel without asking."""
        until, known = self._known.get((workspace, channel), (0.0, None))
        return known if time.monotonic() < until else None

    def label(self, workspace: str, channel: str) -> str:
        """Name a channel for a sentence."""
        _, known = self._known.get((workspace, channel), (0.0, None))
        return f"#{known.name}" if known is not None and known.name else "that channel"

    def forget(self, workspace: str) -> None:
        """Forget every channel of a workspace."""
        for key in [key for key in self._known if key[0] == workspace]:
            del self._known[key]


def channel_of(described: dict[str, Any]) -> Channel:
    """Read a conversation object: https://docs.slack.dev/reference/objects/conversation-object."""
    return Channel(
        id=str(described.get("id") or ""),
        name=str(described.get("name") or ""),
        creator=str(described.get("creator") or ""),
        private=bool(described.get("is_private")),
        archived=bool(described.get("is_archived")),
        member=bool(described.get("is_member")),
    )
