"""What stands in Slack already: finding a post of ours again, seeing that one is gone, taking back one gone astray."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog

from adapters.slack.attached import read_note
from adapters.slack.calls import Calls
from adapters.slack.refusals import GONE, SlackError
from adapters.slack.workspaces import Install

Json = dict[str, Any]
log = structlog.get_logger()

EVENT_TYPE = "drumbeat_post"
# Slack's clock and ours may differ a little.
CLOCKS_DIFFER = timedelta(minutes=1)
FIND_PAGE = 100
FIND_PAGES = 20
FIND_PATIENCE = 12.0


class Past:
    """Reads what was written, and deletes what only Slack wanted there."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def find(
        self, install: Install, channel: str, thread: str, label: str, *, once: str, since: datetime
    ) -> str | None:
        """Look for a post of ours with this mark, in a thread or in what stands in the channel itself."""
        asked: Json = {
            "channel": channel,
            "oldest": f"{(since - CLOCKS_DIFFER).timestamp():.6f}",
            "inclusive": True,
            "include_all_metadata": True,
            "limit": FIND_PAGE,
            **({"ts": thread} if thread else {}),
        }
        method = "conversations.replies" if thread else "conversations.history"
        for _ in range(FIND_PAGES):
            page = await self._calls.call(method, asked, token=install.token, place=label, patience=FIND_PATIENCE)
            for message in page.get("messages") or ():
                if _is_ours(message, install) and _marked(message) == once:
                    return str(message["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return None
            asked["cursor"] = cursor
        return None

    async def files(self, install: Install, channel: str, ts: str) -> dict[str, str]:
        """Read what a message of ours says of its own files; nothing where it cannot be read."""
        asked = {"channel": channel, "ts": ts, "limit": 1, "inclusive": True, "include_all_metadata": True}
        try:
            page = await self._calls.call("conversations.replies", asked, token=install.token, patience=FIND_PATIENCE)
        except SlackError as error:
            log.warning("slack: a message's files could not be read", workspace=install.workspace, error=error.error)
            return {}
        for message in page.get("messages") or ():
            if message.get("ts") == ts and _is_ours(message, install):
                return read_note(message.get("metadata") or {})
        return {}

    async def is_gone(self, install: Install, channel: str, ts: str) -> bool:
        """Tell whether a message that we may not change was deleted; one with replies leaves a tombstone behind."""
        asked = {"channel": channel, "ts": ts, "limit": 1, "inclusive": True}
        try:
            page = await self._calls.call("conversations.replies", asked, token=install.token, patience=FIND_PATIENCE)
        except SlackError as error:
            return error.gone
        found = next((one for one in page.get("messages") or () if one.get("ts") == ts), None)
        return found is None or found.get("subtype") == "tombstone"

    async def take_back(self, install: Install, channel: str, ts: str) -> None:
        """Delete a reply that Slack put into the channel because its thread is gone: there it says nothing."""
        asked = {"channel": channel, "ts": ts}
        try:
            await self._calls.call("chat.delete", asked, token=install.token, patience=FIND_PATIENCE)
        except SlackError as error:
            if error.error not in GONE:
                log.warning("slack: a stray reply stays", workspace=install.workspace, error=error.error)


def mark(once: str, files: Sequence[Json] = ()) -> Json:
    """Give the metadata by which a post is found again, and its files; only programs see it."""
    return {"event_type": EVENT_TYPE, "event_payload": {"id": once, **({"files": list(files)} if files else {})}}


def stands_in_the_channel(reply: Mapping[str, Any]) -> bool:
    """Tell from the answer whether a reply lost its thread; Slack may say nothing else of that.

    https://github.com/slack-go/slack/issues/1571
    """
    message = reply.get("message")
    return isinstance(message, Mapping) and not message.get("thread_ts")


def _marked(message: Mapping[str, Any]) -> str:
    metadata: Mapping[str, Any] = message.get("metadata") or {}
    return str((metadata.get("event_payload") or {}).get("id", "")) if metadata.get("event_type") == EVENT_TYPE else ""


def _is_ours(message: Mapping[str, Any], install: Install) -> bool:
    """Any program may write a mark like ours; only our own posts count."""
    return install.bot_user == message.get("user") or (bool(install.bot) and install.bot == message.get("bot_id"))
