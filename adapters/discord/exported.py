"""What a channel's export tells of the past: who wrote when, and who came when, never what they wrote.

The JSON that DiscordChatExporter writes: one file for each channel or thread
(https://github.com/Tyrrrz/DiscordChatExporter, its JsonMessageWriter). It may be larger than the memory, so it is read
as it comes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import ijson

from adapters.discord.places import PLATFORM
from bot.chat import ExportError, Joined, Person, Place, Said

Json = dict[str, Any]

_SAYING = {"Default", "Reply"}
_COMING = "GuildMemberJoin"
_NOT_ONE = (
    "This is no JSON of DiscordChatExporter: it names no channel. Export the channel again, with the format JSON."
)


class DiscordExport:
    """An export, open for reading. ``channels``: the name of the one channel by its id; a thread is its channel's."""

    platform = PLATFORM

    def __init__(self, file: Path) -> None:
        self._file = file
        try:
            with file.open("rb") as opened:
                channel = next(ijson.items(opened, "channel"), None)
        except (OSError, ValueError, ijson.JSONError) as error:
            raise ExportError(_NOT_ONE) from error
        if not isinstance(channel, dict) or not channel.get("id"):
            raise ExportError(_NOT_ONE)
        # What a channel hangs on is its category; what a thread hangs on is its channel.
        is_thread = "Thread" in str(channel.get("type") or "")
        self._channel = str(channel["categoryId"] if is_thread and channel.get("categoryId") else channel["id"])
        name = channel.get("category") if is_thread else channel.get("name")
        self.channels: Mapping[str, str] = {self._channel: str(name or "")}

    def read(self, channels: Collection[str]) -> Iterator[Said | Joined]:
        """Give what happened in the channel, always in the same order, so that a part can be skipped."""
        if self._channel not in channels:
            return
        with self._file.open("rb") as opened:
            try:
                for message in ijson.items(opened, "messages.item"):
                    yield from self._read(message)
            except (ValueError, ijson.JSONError) as error:
                raise ExportError("This file breaks off in the middle. Export the channel again.") from error

    def close(self) -> None:
        """Nothing: the file is open only while it is read."""

    def _read(self, message: Json) -> Iterator[Said | Joined]:
        author = message.get("author") or {}
        person, kind = str(author.get("id") or ""), str(message.get("type") or "")
        try:
            at = datetime.fromisoformat(str(message.get("timestamp")))
        except ValueError:
            return
        if author.get("isBot") or not person:
            return
        at = at.astimezone(UTC) if at.tzinfo is not None else at.replace(tzinfo=UTC)
        place = Place(PLATFORM, "", self._channel)
        told = f"discord/export/{message.get('id')}"
        if kind == _COMING:
            yield Joined(id=told, who=Person(person, ""), place=place, at=at)
        elif kind in _SAYING:
            yield Said(id=told, who=Person(person, ""), place=place, at=at, words="", unread=True)
