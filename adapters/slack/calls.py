"""Calls to Slack: one connection pool for all of them, and nothing that is sent twice without anybody's knowing."""

from __future__ import annotations

import asyncio
import time
import urllib.request
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.recording import Recorder, library_log
from adapters.slack.refusals import RETRY_AFTER, SlackError, refused, slowed, unheard

Json = dict[str, Any]

CALL_SECONDS = 10
CONNECT_SECONDS = 4
CONNECTIONS = 100
OK = 200
TOO_MANY = 429
BROKEN = 500

# These read, or take a form only; all others are given JSON: https://docs.slack.dev/apis/web-api#basics
_FORMS = frozenset(
    {
        *("users.info", "users.list", "conversations.info", "conversations.members", "conversations.history"),
        *("conversations.replies", "files.info", "files.getUploadURLExternal", "oauth.v2.access"),
    }
)
# Doing these twice harms nobody.
_REPEATABLE = _FORMS - {"oauth.v2.access", "files.getUploadURLExternal"} | {"chat.delete"}


class Calls:
    """Slack's Web API with what went wrong as a ``SlackError``."""

    def __init__(self, api_url: str, *, recorder: Recorder) -> None:
        self.api_url = api_url.rstrip("/") + ("/" if urlsplit(api_url).path.strip("/") else "/api/")
        self.recorder = recorder
        # The library's own retries would post twice after a connection that broke on the way back.
        self.client = AsyncWebClient(base_url=self.api_url, retry_handlers=[], logger=library_log())
        # The library takes a proxy from the environment even for addresses that are to be reached without.
        self.client.proxy = proxy_for(self.api_url)
        # Answers go to an address of their own each, but to few hosts, and asking the environment takes its time.
        self._proxies: dict[tuple[str, str], str | None] = {}
        self._session: aiohttp.ClientSession | None = None

    def session(self) -> aiohttp.ClientSession:
        """Give the connections that everything shares; a call of its own would cost a handshake each time."""
        if self._session is None or self._session.closed:
            timeout = aiohttp.ClientTimeout(total=CALL_SECONDS, connect=CONNECT_SECONDS)
            self._session = aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=CONNECTIONS))
            self.client.session = self._session
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def call(
        self,
        method: str,
        payload: Mapping[str, Any] | None = None,
        *,
        token: str = "",
        place: str = "that channel",
        patience: float = 0.0,
    ) -> Json:
        """Call a method. When Slack asks to wait, it is waited for up to ``patience`` seconds in all."""
        answer, _ = await self.ask(method, payload, token=token, place=place, patience=patience)
        return answer

    async def ask(
        self,
        method: str,
        payload: Mapping[str, Any] | None = None,
        *,
        token: str = "",
        place: str = "that channel",
        patience: float = 0.0,
    ) -> tuple[Json, Mapping[str, str]]:
        """Do the same, and give the answer's headers too."""
        until = time.monotonic() + patience
        again = method in _REPEATABLE
        while True:
            try:
                return await self._once(method, payload or {}, token, place)
            except SlackError as error:
                if error.retry_after is not None and time.monotonic() + error.retry_after <= until:
                    await asyncio.sleep(error.retry_after)
                elif again and not error.permanent and error.retry_after is None:
                    again = False
                else:
                    raise

    async def _once(
        self, method: str, payload: Mapping[str, Any], token: str, place: str
    ) -> tuple[Json, Mapping[str, str]]:
        self.session()
        self.recorder.note(method, payload)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        body: Json = {"data": _form(payload)} if method in _FORMS else {"json": dict(payload)}
        try:
            answer = await self.client.api_call(method, headers=headers, **body)
        except SlackApiError as error:
            raise _explain(method, error, place) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise unheard(method, type(error).__name__) from None
        except (AttributeError, ValueError):
            # The library stumbles over an answer that is no JSON object.
            raise unheard(method, "an answer that is none") from None
        if not isinstance(answer.data, dict):
            raise unheard(method, "an answer that is none")
        return answer.data, answer.headers

    async def send(self, url: str, body: Json) -> None:
        """Answer to the address that came with a command or a press."""
        self.recorder.note("response_url", body)
        await self._post("response_url", url, json=body)

    async def upload(self, url: str, content: bytes) -> None:
        """Bring a file to the address that Slack gave for it."""
        await self._post("upload", url, data=content)

    async def _post(self, what: str, url: str, **body: Any) -> None:  # noqa: ANN401 - aiohttp's own arguments
        try:
            async with self.session().post(url, proxy=self._proxy(url), **body) as answer:
                said = await answer.text()
                if answer.status == TOO_MANY:
                    raise slowed(what, _seconds(answer.headers))
                if answer.status != OK or '"ok":false' in said.replace(" ", ""):
                    raise SlackError(what, said[:60], f"Slack did not take it ({answer.status})")
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise unheard(what, type(error).__name__) from None

    def _proxy(self, url: str) -> str | None:
        parts = urlsplit(url)
        where = (parts.scheme, parts.netloc)
        if where not in self._proxies:
            self._proxies[where] = proxy_for(url)
        return self._proxies[where]


def proxy_for(url: str) -> str | None:
    """Find the proxy that the environment names for an address, and none where it says to go without."""
    parts = urlsplit(url)
    if not parts.hostname or urllib.request.proxy_bypass(parts.hostname):
        return None
    return urllib.request.getproxies().get({"wss": "https", "ws": "http"}.get(parts.scheme, parts.scheme))


def _form(payload: Mapping[str, Any]) -> dict[str, str]:
    return {key: str(value).lower() if isinstance(value, bool) else str(value) for key, value in payload.items()}


def _seconds(headers: Mapping[str, str]) -> float:
    try:
        return max(float(headers.get("Retry-After", RETRY_AFTER)), 0.0)
    except ValueError:
        return RETRY_AFTER


def _explain(method: str, error: SlackApiError, place: str) -> SlackError:
    response = error.response
    status = getattr(response, "status_code", getattr(response, "status", OK))
    said = getattr(response, "data", None)
    answer: Json = said if isinstance(said, dict) else {}
    if status == TOO_MANY or answer.get("error") in {"ratelimited", "rate_limited"}:
        return slowed(method, _seconds(response.headers))
    if status >= BROKEN or not answer:
        return unheard(method, f"status {status}")
    return refused(method, answer, place=place)
