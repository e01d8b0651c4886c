"""What Drumbeat posts on Discord: once, however often it is sent, and found again after a crash."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

import structlog
from discord import HTTPException
from discord.utils import time_snowflake

from adapters.discord.calls import Api, Where
from adapters.discord.homes import Homes
from adapters.discord.inboxes import Inboxes
from adapters.discord.manifest import NAMES, lacking
from adapters.discord.presence import Presence
from adapters.discord.recent import Recent
from adapters.discord.refusals import (
    ARCHIVED,
    NO_ACCESS,
    NOT_PERMITTED,
    TOO_LARGE,
    UNKNOWN_CHANNEL,
    Errand,
    explain,
)
from adapters.discord.render import Payload, list_uploads, render_message
from adapters.discord.servers import Servers
from adapters.discord.threads import Threads
from adapters.discord.uploads import Uploads
from bot.chat import DeliveryError, Message, Place

log = structlog.get_logger()

MESSAGES = "/channels/{channel_id}/messages"
MESSAGE = "/channels/{channel_id}/messages/{message_id}"
PAGE = 100
PAGES = 10
MARKS_KEPT = 10_000


def make_nonce(once: str) -> str:
    """Mark a post so that Discord gives back the first one when it is sent again within some minutes."""
    return base64.b32encode(hashlib.sha256(once.encode()).digest()[:15]).decode()


def make_mark(once: str) -> int:
    """Mark a post so that we find it again later.

    Discord does not give nonces back. It does give back the id of a component, a number that an author may choose.
    """
    return int.from_bytes(hashlib.sha256(once.encode()).digest()[-4:]) % (2**31 - 1) + 1


class Delivery:
    """Posts, edits, and looks for what may have been posted."""

    def __init__(self, api: Api, servers: Servers, homes: Homes, inboxes: Inboxes, *, presence: Presence) -> None:
        self._api = api
        self._servers = servers
        self._homes = homes
        self._inboxes = inboxes
        self._presence = presence
        self._threads = Threads(api, servers)
        self._marks: Recent[str, int] = Recent(MARKS_KEPT)

    async def post(self, place: Place, message: Message, *, once: str) -> str:
        """Post, and give the message's id."""
        try:
            channel = await self._open(place)
            once_only = {"nonce": make_nonce(once), "enforce_nonce": True}
            where = {"channel_id": channel}
            told = await self._send("POST", MESSAGES, where, place, message, mark=make_mark(once), more=once_only)
        except Exception as error:
            raise self._explain(error, place) from error
        message_id = str(told["id"])
        self._marks.keep(message_id, make_mark(once))
        if not place.person:
            self._homes.note(place.workspace, place.channel)
            if not place.thread:
                self._threads.note(message_id, message)
        return message_id

    async def edit(self, place: Place, message_id: str, message: Message) -> None:
        """Make a post show something else."""
        try:
            channel = await self._find_channel(place)
            mark = self._marks.get(message_id)
            where = {"channel_id": channel, "message_id": message_id}
            try:
                await self._send("PATCH", MESSAGE, where, place, message, mark=mark)
            except HTTPException as refusal:
                if refusal.code != ARCHIVED:
                    raise
                await self._threads.wake(channel)
                await self._send("PATCH", MESSAGE, where, place, message, mark=mark)
        except Exception as error:
            raise self._explain(error, place) from error

    async def find(self, place: Place, *, once: str, since: datetime) -> str | None:
        """Look for a post of ours that was made since a moment and bears this mark."""
        mark, after = make_mark(once), str(max(time_snowflake(since), 0))
        try:
            channel = await self._find_channel(place)
            for _ in range(PAGES):
                page = await self._api.call(
                    "GET",
                    MESSAGES,
                    {"channel_id": channel},
                    query={"after": after, "limit": PAGE},
                )
                for told in page:
                    if _bears(told, mark) and str(told["author"]["id"]) == self._servers.bot:
                        self._marks.keep(str(told["id"]), mark)
                        return str(told["id"])
                if len(page) < PAGE:
                    return None
                after = max((str(told["id"]) for told in page), key=int)
        except HTTPException as error:
            if error.code == UNKNOWN_CHANNEL and place.thread:
                return None  # a thread that was never made holds nothing of ours
            raise self._explain(error, place) from error
        except Exception as error:
            raise self._explain(error, place) from error
        return None

    async def _send(
        self,
        method: str,
        path: str,
        where: Where,
        place: Place,
        message: Message,
        *,
        mark: int | None,
        more: Mapping[str, object] = MappingProxyType({}),
    ) -> Any:  # noqa: ANN401 - any JSON
        """Send a message; where its files are not taken, it goes without them and says so."""
        if message.attachments and NAMES["attach_files"] not in self._errand(place).lacking:
            body, uploads = _write(message, mark)
            try:
                return await self._api.call(method, path, where, body={**body, **more}, uploads=uploads)
            except HTTPException as refusal:
                if refusal.code not in (NOT_PERMITTED, TOO_LARGE):
                    raise
                log.warning("discord: files stay away", code=refusal.code)
        body, uploads = _write(message, mark, files=False)
        return await self._api.call(method, path, where, body={**body, **more}, uploads=uploads)

    # ------------------------------------------------------------------------------------------- where

    async def _open(self, place: Place) -> str:
        """Give the channel to post in; a thread is made where there is none."""
        if place.thread and place.channel:
            await self._threads.open(place)
        return await self._find_channel(place)

    async def _find_channel(self, place: Place) -> str:
        if not place.person:
            return place.thread or place.channel
        if place.thread:
            raise DeliveryError("a private conversation has no threads", permanent=True)
        return await self._inboxes.open(place.person)

    def _errand(self, place: Place) -> Errand:
        if place.person:
            return Errand()
        server = self._servers.find(place.workspace)
        name = self._servers.name_channel(place.workspace, place.channel)
        if server is None:
            return Errand(name, on_server=not self._presence.knows_all(place.workspace))
        thread = bool(place.thread) and place.channel in server.channels
        may = server.may(self._servers.bot, server.mine, place.channel)
        return Errand(name, thread=thread, lacking=lacking(may))

    def _explain(self, error: Exception, place: Place) -> DeliveryError:
        """Say why something cannot be done, and remember where we were not permitted to do it."""
        errand = self._errand(place)
        if place.channel and isinstance(error, HTTPException) and error.code in (NO_ACCESS, NOT_PERMITTED):
            lacked = errand.lacking if errand.on_server else ()
            self._homes.refuse(place.workspace, place.channel, lacked or NAMES.values())
        return explain(error, errand)


def _write(message: Message, mark: int | None, *, files: bool = True) -> tuple[Payload, Uploads]:
    """Write a message with its mark, which an edit must not lose: it may come before we noted that we posted."""
    body: dict[str, Any] = render_message(message, files=files)
    if mark is not None:
        body["components"][0]["id"] = mark
    return body, list_uploads(message, files=files)


def _bears(told: dict[str, Any], mark: int) -> bool:
    return any(component.get("id") == mark for component in told.get("components") or ())
