"""Posting to Slack: each post once, found again after an accident, and refused with a reason that a person can use."""

from __future__ import annotations

import contextlib
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from adapters.slack.attached import Attached, note
from adapters.slack.calls import Calls
from adapters.slack.channels import Channels
from adapters.slack.entering import Entering
from adapters.slack.past import Past, mark, stands_in_the_channel
from adapters.slack.pictures import Pictures
from adapters.slack.refusals import INBOX, SlackError, refused
from adapters.slack.render import render_message
from adapters.slack.uploads import Uploads
from adapters.slack.workspaces import Install, Workspaces
from bot.chat import Message, Place

Json = dict[str, Any]

POSTS_KEPT = 10_000
INBOXES_KEPT = 50_000


class Delivery:
    """What Drumbeat sends of its own accord."""

    def __init__(self, calls: Calls, workspaces: Workspaces, channels: Channels) -> None:
        self._calls = calls
        self._workspaces = workspaces
        self._channels = channels
        self.entering = Entering(calls)
        self._past = Past(calls)
        uploads = Uploads(calls)
        self._pictures = Pictures(uploads)
        self._attached = Attached(uploads)
        self._inboxes: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._marks: OrderedDict[tuple[str, str], str] = OrderedDict()

    async def post(self, place: Place, message: Message, *, once: str) -> str:
        """Post, marked with ``once`` in the message's metadata, where only programs see it."""
        install = await self._workspaces.need(place.workspace)
        channel = await self._channel(install, place)
        links = await self._attached.bring(install, message, noted={})
        payload: Json = {
            "channel": channel,
            "metadata": mark(once, note(message, links)),
            # A message that is to show its files leaves these as they are: what Slack makes of links in a text decides
            # over files too.
            **({} if links else {"unfurl_links": False, "unfurl_media": False}),
            **({"thread_ts": place.thread} if place.thread else {}),
        }
        answer = await self._show("chat.postMessage", install, place, payload, message, links)
        ts = str(answer["ts"])
        if place.thread and stands_in_the_channel(answer):
            await self._past.take_back(install, channel, ts)
            raise refused("chat.postMessage", {"error": "thread_not_found"})
        self.entering.note_posted(install.workspace, channel)
        self._remember(channel, ts, once)
        return ts

    async def edit(self, place: Place, message_id: str, message: Message) -> None:
        """Make a post show something else."""
        install = await self._workspaces.need(place.workspace)
        channel = await self._channel(install, place)
        links = await self._links(install, channel, message_id, message)
        # Nobody says whether Slack keeps a mark that is left out. One that we forgot is not looked for any more.
        metadata = mark(self._marks.get((channel, message_id), ""), note(message, links))
        payload: Json = {"channel": channel, "ts": message_id, "metadata": metadata}
        try:
            await self._show("chat.update", install, place, payload, message, links)
        except SlackError as error:
            if error.error == "cant_update_message" and await self._past.is_gone(install, channel, message_id):
                raise refused("chat.update", {"error": "message_not_found"}) from error
            raise

    async def find(self, place: Place, *, once: str, since: datetime) -> str | None:
        """Look through what was written since for a post of ours with this mark."""
        install = await self._workspaces.need(place.workspace)
        channel = await self._channel(install, place)
        label = self._label(install, place)
        try:
            ts = await self._past.find(install, channel, place.thread, label, once=once, since=since)
        except SlackError as error:
            # A reply without its thread may have become a message of the channel before its answer was lost.
            if error.gone and (stray := await self._past.find(install, channel, "", label, once=once, since=since)):
                await self._past.take_back(install, channel, stray)
            raise
        if ts is not None:
            self.entering.note_posted(install.workspace, channel)
            self._remember(channel, ts, once)
        return ts

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
        self.entering.forget(workspace)

    # ------------------------------------------------------------------------------------------- on the way

    async def _links(self, install: Install, channel: str, ts: str, message: Message) -> dict[str, str]:
        """Find the files of a message that stands there already: it has them, or they are brought."""
        known = self._attached.knows(install, message)
        noted = {} if known else await self._past.files(install, channel, ts)
        return await self._attached.bring(install, message, noted=noted)

    async def _show(
        self,
        method: str,
        install: Install,
        place: Place,
        payload: Json,
        message: Message,
        links: Mapping[str, str],
    ) -> Json:
        words = render_message(message, links)
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
            if await self._comes_in(method, install, place, error):
                return await self._calls.call(method, payload, token=install.token, place=label)
            if place.person:
                self._inboxes.pop((install.workspace, place.person), None)
            elif error.permanent and self._channels.known(install.workspace, place.channel) is None:
                raise await self._with_name(install, place, error) from error
            raise

    async def _comes_in(self, method: str, install: Install, place: Place, error: SlackError) -> bool:
        """Come into a channel where that is all that was missing, and only to say the first thing there."""
        first = method == "chat.postMessage" and bool(place.channel) and not place.thread
        return first and error.error == "not_in_channel" and await self.entering.come_in(install, place.channel)

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
