"""What a Slack workspace's export tells of the past: who wrote when, and who came when, never what they wrote.

The zip that an owner downloads (https://slack.com/help/articles/220556107): lists of channels and people, and for each
channel a folder with a file of messages for each day.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from adapters.slack.listen import PLATFORM, SAYING, SLACKBOT, moment_of
from bot.chat import ExportError, Joined, Person, Place, Said

Json = dict[str, Any]

# What lists the conversations that have a folder each; the second one is there in exports with private channels.
_LISTS = ("channels.json", "groups.json")
_COMING = {"channel_join", "group_join"}
# A day of a very large channel has a few megabytes. What unpacks to more than this was not made by Slack.
DAY_BYTES = 200_000_000
_NEVER = datetime.min.replace(tzinfo=UTC)
_NOT_ONE = "This is no Slack export: it has no list of channels. Give the zip as Slack made it, unchanged."


class SlackExport:
    """An export, open for reading. ``channels``: the name of each channel by its id."""

    platform = PLATFORM

    def __init__(self, file: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(file)
        except (OSError, zipfile.BadZipFile) as error:
            raise ExportError("This zip can't be opened. Download the export again; it may be incomplete.") from error
        listed = [one for name in _LISTS if name in self._zip.namelist() for one in self._load(name)]
        if not listed:
            raise ExportError(_NOT_ONE)
        self.channels: Mapping[str, str] = {str(one.get("id") or ""): str(one.get("name") or "") for one in listed}
        people = self._load("users.json") if "users.json" in self._zip.namelist() else []
        self._bots = {str(one.get("id") or "") for one in people if one.get("is_bot")} | {SLACKBOT, ""}

    def read(self, channels: Collection[str]) -> Iterator[Said | Joined]:
        """Give what happened in these channels, by id: always in the same order, so that a part can be skipped."""
        for channel in sorted(channels):
            # Older exports name a folder by the channel's name, those with private channels may use its id.
            folders = (f"{self.channels[channel]}/", f"{channel}/")
            for name in sorted(name for name in self._zip.namelist() if name.startswith(folders)):
                if name.endswith(".json"):
                    for message in self._load(name):
                        yield from self._read(channel, message)

    def close(self) -> None:
        """Close the file."""
        self._zip.close()

    def _read(self, channel: str, message: Json) -> Iterator[Said | Joined]:
        person, kind = str(message.get("user") or ""), str(message.get("subtype") or "")
        at = moment_of(message.get("ts"), otherwise=_NEVER)
        if message.get("type") != "message" or person in self._bots or message.get("bot_id") or at == _NEVER:
            return
        place = Place(PLATFORM, "", channel)
        told = f"slack/export/{channel}/{message['ts']}"
        if kind in _COMING:
            yield Joined(id=told, who=Person(person, ""), place=place, at=at)
        elif kind in SAYING:
            yield Said(id=told, who=Person(person, ""), place=place, at=at, words="", unread=True)

    def _load(self, name: str) -> list[Json]:
        try:
            if self._zip.getinfo(name).file_size > DAY_BYTES:
                raise ExportError(f"{name} in this zip is too large to be Slack's. Download the export again.")
            loaded = json.loads(self._zip.read(name))
        except (ValueError, KeyError, OSError, RuntimeError, zipfile.BadZipFile) as error:
            raise ExportError(f"{name} in this zip can't be read. Download the export again.") from error
        return [one for one in loaded if isinstance(one, dict)] if isinstance(loaded, list) else []
