"""The lines to Discord: every call goes to the one address we were given, is written down, and never waits in secret.

discord.py keeps the rate limits. What it would sleep over for long, or try again and again by itself, is refused here
at once, so that the courier can go on with other channels.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from discord import DiscordException, HTTPException, LoginFailure
from discord.http import HTTPClient, Route

from adapters.discord.recording import Record, describe_call
from adapters.discord.uploads import Uploads, as_parts

API_URL = "https://discord.com/api/v10"
# The longest that discord.py may wait for a rate limit where nobody waits for us.
PATIENCE_SECONDS = 60
CALL_SECONDS = 15
UNKNOWN, TOO_MANY = 401, 429
OUT_OF_ORDER = 500
# Where Discord does not say how long it wants to be left alone.
LONG_PAUSE = 60.0

Where = Mapping[str, str]


class Pace:
    """Spreads calls so that in no second there are more than Discord allows in all: fifty."""

    def __init__(self, *, a_second: int = 40, at_once: int = 10) -> None:
        self._apart = 1 / a_second
        self._slack = at_once * self._apart
        self._full_at = 0.0

    async def wait(self) -> None:
        """Wait for the next place; a few may go at once after a quiet time."""
        now = asyncio.get_running_loop().time()
        self._full_at = max(self._full_at, now) + self._apart
        if (ahead := self._full_at - now - self._slack) > 0:
            await asyncio.sleep(ahead)


class BusyError(Exception):
    """Discord did not take a call for now; ``wait`` is how long it asked us to wait, if it did."""

    def __init__(self, status: int, wait: float | None = None) -> None:
        super().__init__(f"Discord answered {status}")
        self.status = status
        self.wait = wait


# All that may come of a call on whose answer nothing depends.
TROUBLE = (BusyError, DiscordException, aiohttp.ClientError, OSError)


def whole_address(api_url: str) -> str:
    """Complete an address without a path."""
    bare = api_url.rstrip("/")
    return bare if urlsplit(bare).path else f"{bare}/api/v10"


class Api(HTTPClient):
    """Calls with the bot's token."""

    def __init__(self, api_url: str, *, record: Record | None = None) -> None:
        super().__init__(asyncio.get_running_loop(), max_ratelimit_timeout=PATIENCE_SECONDS)
        self.api_url = whole_address(api_url)
        self.gateway_url = ""
        # What time it is where the answers come from.
        self.told_time: datetime | None = None
        self._record = record
        self._quiet_until = 0.0
        self._pace = Pace()

    async def request(self, route: Route, *, patient: bool = True, **kwargs: Any) -> Any:  # noqa: ANN401 - any JSON
        """Send a call where we were told to, whatever address the library has built in, and write it down."""
        path = route.url.removeprefix(Route.BASE)
        route.url = self.api_url + path
        parts = kwargs.get("form") or ()
        describe = partial(
            describe_call,
            route.method,
            path,
            body=json.loads(parts[0]["value"]) if parts else kwargs.get("json"),
            query=kwargs.get("params"),
            uploads=[(part["filename"], part["value"]) for part in parts[1:]],
        )
        kwargs["middlewares"] = (partial(self._watch, describe, patient),)
        await self._pace.wait()
        return await super().request(route, **kwargs)

    async def sign_in(self, token: str) -> Any:  # noqa: ANN401 - any JSON
        """Ask who the token belongs to; raises ``LoginFailure`` if it belongs to nobody."""
        if self.token is None:
            self.token = token
            return await self.static_login(token)
        # The library opens its session anew each time; ours stays open, however often nobody answers.
        try:
            return await self.call("GET", "/users/@me", patient=True)
        except HTTPException as refusal:
            if refusal.status == UNKNOWN:
                raise LoginFailure from refusal
            raise

    async def ws_connect(self, url: str, *, compress: int = 0) -> aiohttp.ClientWebSocketResponse:
        """Open a socket. Where our address is not Discord's own, nothing but what is named there is called."""
        named, asked = urlsplit(self.gateway_url), urlsplit(url)
        if self.api_url != API_URL and asked.netloc != named.netloc:
            url = named._replace(path=named.path or "/", query=asked.query).geturl()
        return await super().ws_connect(url, compress=compress)

    async def call(
        self,
        method: str,
        path: str,
        where: Where | None = None,
        *,
        body: object = None,
        uploads: Uploads = (),
        query: Mapping[str, object] | None = None,
        patient: bool = False,
    ) -> Any:  # noqa: ANN401 - any JSON
        """Call, and give the answer; ``where`` fills in the path.

        Unless ``patient``, raises ``BusyError`` where the library would wait.
        """
        if not patient and (rest := self._quiet_until - self.loop.time()) > 0:
            raise BusyError(TOO_MANY, rest)
        route = Route(method, path, **(where or {}))
        sent: dict[str, Any] = {}
        if uploads:
            sent["form"] = as_parts(body, uploads)
        elif body is not None:
            sent["json"] = body
        if query:
            sent["params"] = {name: str(value) for name, value in query.items()}
        sent["timeout"] = aiohttp.ClientTimeout(total=PATIENCE_SECONDS if patient else CALL_SECONDS)
        return await self.request(route, patient=patient, **sent)

    async def _watch(
        self,
        describe: Callable[..., dict[str, object]],
        patient: bool,  # noqa: FBT001 - bound by its place
        request: aiohttp.ClientRequest,
        handler: aiohttp.ClientHandlerType,
    ) -> aiohttp.ClientResponse:
        """Write down one attempt, and how it went; refuse to wait where nobody is patient."""
        status = 0
        try:
            answer = await handler(request)
            status = answer.status
            if date := answer.headers.get("Date"):
                self.told_time = parsedate_to_datetime(date)
        finally:
            if self._record is not None:
                self._record(describe(status=status))
        if not patient:
            await self._refuse_to_wait(answer)
        return answer

    async def _refuse_to_wait(self, answer: aiohttp.ClientResponse) -> None:
        if answer.status == TOO_MANY and answer.headers.get("Via"):
            told = await answer.json()
            wait = float(told.get("retry_after") or LONG_PAUSE)
            if told.get("global"):
                # Everybody has to be quiet: whoever asks again all the same is shut out in the end.
                self._quiet_until = self.loop.time() + wait
            raise BusyError(TOO_MANY, wait)
        if answer.status >= OUT_OF_ORDER:
            answer.release()
            raise BusyError(answer.status)
