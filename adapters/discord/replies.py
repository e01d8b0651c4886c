"""The lines to Discord for answers: they need an interaction's own token and no other, and no limit counts them."""

from __future__ import annotations

from typing import Any

import aiohttp
from discord import HTTPException
from discord.http import Route
from discord.webhook.async_ import AsyncWebhookAdapter

from adapters.discord.calls import CALL_SECONDS, Where, whole_address
from adapters.discord.recording import Record, describe_call
from adapters.discord.uploads import Uploads, as_parts

CALLBACK = "/interactions/{webhook_id}/{webhook_token}/callback"


class Replies(AsyncWebhookAdapter):
    """Calls with the token of an interaction: they need no other, and count towards no limit of the bot's."""

    def __init__(self, api_url: str, *, record: Record | None = None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.api_url = whole_address(api_url)
        self._record = record
        self._session = aiohttp.ClientSession(
            cookie_jar=aiohttp.DummyCookieJar(), timeout=aiohttp.ClientTimeout(total=CALL_SECONDS)
        )

    async def close(self) -> None:
        await self._session.close()

    async def answer(self, where: Where, *, body: object, uploads: Uploads = ()) -> None:
        """Answer an interaction, which can be done once."""
        await self.call("POST", CALLBACK, where, body=body, uploads=uploads)

    async def call(self, method: str, path: str, where: Where, *, body: object = None, uploads: Uploads = ()) -> None:
        """Call; ``webhook_id`` and ``webhook_token`` are the interaction's or the application's, as the path wants.

        Where the line breaks and saying it twice counts once, it is said again.
        """
        try:
            await self._call(method, path, where, body, uploads)
        except (aiohttp.ClientError, ConnectionError):
            if method == "POST" and path != CALLBACK:
                raise
            await self._call(method, path, where, body, uploads)

    async def _call(self, method: str, path: str, where: Where, body: object, uploads: Uploads) -> None:
        route = Route(method, path, **where)
        route.url = self.api_url + route.url.removeprefix(Route.BASE)
        parts = as_parts(body, uploads) if uploads else None
        payload: Any = None if uploads else body
        status = 0
        try:
            await self.request(route, self._session, payload=payload, multipart=parts)
            status = 200
        except HTTPException as refusal:
            status = refusal.status
            raise
        finally:
            if self._record is not None:
                shown = route.url.removeprefix(self.api_url)
                self._record(describe_call(method, shown, body=body, uploads=uploads, status=status))
