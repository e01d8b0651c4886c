"""HTTP mode: signed requests to the app's own address, and its answers.

https://docs.slack.dev/authentication/verifying-requests-from-slack and https://docs.slack.dev/apis/events-api
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from urllib.parse import urlencode

import aiohttp

from tests.adapters.slack_platform.refusing import Json, NotAckedError


class Callbacks:
    """Sends to the request URL. The time in a signature is the wall's, because the app compares it with its own."""

    def __init__(self, secret: str) -> None:
        self.url = ""
        self.stale_seconds = 0.0
        self._secret = secret
        self._session: aiohttp.ClientSession | None = None

    async def verify(self) -> bool:
        """Ask the address to say the challenge back, as Slack does when it is entered."""
        body = json.dumps({"token": "made-up", "type": "url_verification", "challenge": "made-up-challenge"})
        async with self._open().post(self.url, data=body, headers=self._headers(body, "application/json")) as answer:
            return answer.status == 200 and "made-up-challenge" in await answer.text()

    async def deliver(self, envelope: Json, *, seconds: float) -> Json:
        """Send what an envelope holds; anything but 200 within the time is no acknowledgement."""
        kind, payload = envelope["type"], envelope["payload"]
        if kind == "events_api":
            body, content_type = json.dumps(payload), "application/json"
        else:
            fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
            body, content_type = urlencode(fields), "application/x-www-form-urlencoded"
        headers = self._headers(body, content_type)
        if envelope["retry_attempt"]:
            headers |= {
                "X-Slack-Retry-Num": str(envelope["retry_attempt"]),
                "X-Slack-Retry-Reason": envelope["retry_reason"],
            }
        timeout = aiohttp.ClientTimeout(total=seconds)
        try:
            async with self._open().post(self.url, data=body, headers=headers, timeout=timeout) as answer:
                words = await answer.text()
                if answer.status != 200:
                    no_more = answer.headers.get("X-Slack-No-Retry") == "1"
                    raise NotAckedError("no_retry" if no_more else "http_error")
                return _read(words, answer.content_type)
        except TimeoutError as late:
            raise NotAckedError("http_timeout") from late
        except aiohttp.ClientError as broken:
            raise NotAckedError("connection_failed") from broken

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        return self._session

    def _headers(self, body: str, content_type: str) -> dict[str, str]:
        at = str(int(time.time() - self.stale_seconds))
        signed = hmac.new(self._secret.encode(), f"v0:{at}:{body}".encode(), hashlib.sha256).hexdigest()
        return {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": at,
            "X-Slack-Signature": f"v0={signed}",
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        }


def _read(words: str, content_type: str) -> Json:
    if not words:
        return {}
    if content_type == "application/json":
        found: Json = json.loads(words)
        return found
    return {"text": words}
