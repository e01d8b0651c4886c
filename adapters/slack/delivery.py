"""Posting to Slack: each post once, found again after an accident, and refused with a reason that a person can use."""

from __future__ import annotations

import contextlib
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from adapters.slack.calls import Calls
from adapters.slack.channels import Channels
from adapters.slack.pictures import Pictures
from adapters.slack.refusals import INBOX, SlackError, refused
from adapters.slack.render import render_message
from adapters.slack.workspaces import Install, Workspaces
from bot.chat import Message, Place

Json = dict[str, Any]

EVENT_TYPE = "drumbeat_post"
# Slack's clock and ours may differ a little.
CLOCKS_DIFFER = timedelta(minutes=1)
FIND_PAGE = 100
FIND_PAGES = 20
FIND_PATIENCE = 12.0
POSTS_KEPT = 10_000
INBOXES_KEPT = 50_000


class Delivery:
    """What Drumbeat sends of its own accord."""

    def __init__(self, calls: Calls, workspaces: Workspaces, channels: Channels) -> None:
        self._calls = calls
        self._workspaces = workspaces
        self._channels = channels
        self._pictures = Pictures(calls)
        self._inboxes: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._marks: OrderedDict[tuple[str, str], str] = OrderedDict()

    async def post(self, place: Place, message: Message, *, once: str) -> str:
        """Post, marked with ``once`` in the message's metadata, where only programs see it."""
        install = await self._workspaces.need(place.workspace)
        channel = await self._channel(install, place)
        payload: Json = {
            "channel": channel,
            "metadata": _mark(once),
            "unfurl_links": False,
            "unfurl_media": False,
            **({"thread_ts": place.thread} if place.thread else {}),
        }
        answer = await self._show("chat.postMessage", install, place, payload, message)
        ts = str(answer["ts"])
        self._remember(channel, ts, once)
        return ts

    async def edit(self, place: Place, message_id: str, message: Message) -> None:
        """Make a post show something else."""
        install = await self._workspaces.need(place.workspace)
        channel = await self._channel(install, place)
        # Nobody says whether Slack keeps a mark that is left out. One that we forgot is not looked for any more.
        mark = _mark(self._marks.get((channel, message_id), ""))
        payload: Json = {"channel": channel, "ts": message_id, "metadata": mark}
        await self._show("chat.update", install, place, payload, message)

    async def find(self, place: Place, *, once: str, since: datetime) -> str | None:
        """Look through what was written since for a post of ours with this mark."""
        install = await self._workspaces.need(place.workspace)
        channel = await self._channel(install, place)
        asked: Json = {
            "channel": channel,
            "oldest": f"{(since - CLOCKS_DIFFER).timestamp():.6f}",
            "inclusive": True,
            "include_all_metadata": True,
            "limit": FIND_PAGE,
            **({"ts": place.thread} if place.thread else {}),
        }
        method = "conversations.replies" if place.thread else "conversations.history"
        for _ in range(FIND_PAGES):
            page = await self._calls.call(
                method, asked, token=install.token, place=self._label(install, place), patience=FIND_PATIENCE
            )
            for message in page.get("messages") or ():
                if _is_ours(message, install) and _marked(message) == once:
                    self._remember(channel, message["ts"], once)
                    return str(message["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return None
            asked["cursor"] = cursor
        return None

    async def tell(
        self, install: Install, person: str, message: Message, *, channel: str = "", thread: str = ""
    ) -> None:
        """Tell somebody alone: where they are if that can be, in private otherwise."""
        payload: Json = {"user": person, **render_message(message), **({"thread_ts": thread} if thread else {})}
        if channel:
            try:
                await self._calls.call(
                    "chat.postEphemeral", {"channel": channel, **payload}, token=install.token, patience=5
                )
            except SlackError as error:
                if not error.permanent:
                    raise
            else:
                return
        inbox = await self.inbox(install, person)
        private = {"channel": inbox, **render_message(message), "unfurl_links": False, "unfurl_media": False}
        await self._calls.call("chat.postMessage", private, token=install.token, place=INBOX, patience=5)

    async def inbox(self, install: Install, person: str) -> str:
        """Find the conversation with one person."""
        key = (install.workspace, person)
        if key not in self._inboxes:
            opened = await self._calls.call("conversations.open", {"users": person}, token=install.token, place=INBOX)
            self._inboxes[key] = str(opened["channel"]["id"])
            while len(self._inboxes) > INBOXES_KEPT:
                self._inboxes.popitem(last=False)
        return self._inboxes[key]

    def forget(self, workspace: str) -> None:
        """Forget every inbox of a workspace."""
        for key in [key for key in self._inboxes if key[0] == workspace]:
            del self._inboxes[key]

    # ------------------------------------------------------------------------------------------- on the way

    async def _show(self, method: str, install: Install, place: Place, payload: Json, message: Message) -> Json:
        words = render_message(message)
        pictured = await self._pictures.put_in(install, message, words["blocks"])
        if pictured is not None:
            try:
                return await self._send(method, install, place, {**payload, **words, "blocks": pictured})
            except SlackError as error:
                if not error.error.startswith("invalid_blocks"):
                    raise
        return await self._send(method, install, place, {**payload, **words})

    async def _send(self, method: str, install: Install, place: Place, payload: Json) -> Json:
        label = self._label(install, place)
        try:
            return await self._calls.call(method, payload, token=install.token, place=label)
        except SlackError as error:
            if error.error == "not_in_channel" and await self._join(install, place):
                return await self._calls.call(method, payload, token=install.token, place=label)
            if place.person:
                self._inboxes.pop((install.workspace, place.person), None)
            elif error.permanent and self._channels.known(install.workspace, place.channel) is None:
                raise await self._with_name(install, place, error) from error
            raise

    async def _join(self, install: Install, place: Place) -> bool:
        """Come into a public channel of our own accord; into a private one somebody must invite us."""
        try:
            await self._calls.call("conversations.join", {"channel": place.channel}, token=install.token)
        except SlackError:
            return False
        return True

    async def _with_name(self, install: Install, place: Place, error: SlackError) -> SlackError:
        """Find out what the channel is called that the reason is about."""
        with contextlib.suppress(SlackError):
            await self._channels.look_up(install, place.channel)
        return refused(error.method, {"error": error.error}, place=self._label(install, place))

    async def _channel(self, install: Install, place: Place) -> str:
        return place.channel or await self.inbox(install, place.person)

    def _label(self, install: Install, place: Place) -> str:
        return self._channels.label(install.workspace, place.channel) if place.channel else INBOX

    def _remember(self, channel: str, ts: str, once: str) -> None:
        self._marks[channel, ts] = once
        while len(self._marks) > POSTS_KEPT:
            self._marks.popitem(last=False)


def _mark(once: str) -> Json:
    return {"event_type": EVENT_TYPE, "event_payload": {"id": once}}


def _marked(message: Mapping[str, Any]) -> str:
    metadata: Mapping[str, Any] = message.get("metadata") or {}
    return str((metadata.get("event_payload") or {}).get("id", "")) if metadata.get("event_type") == EVENT_TYPE else ""


def _is_ours(message: Mapping[str, Any], install: Install) -> bool:
    """Any program may write a mark like ours; only our own posts count."""
    return install.bot_user == message.get("user") or (bool(install.bot) and install.bot == message.get("bot_id"))
