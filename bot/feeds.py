"""The door to calendars that people follow: gives what is behind a link, and tells an unknown link nothing."""

from __future__ import annotations

import hashlib

from aiohttp import web

from bot.calendars import as_sent
from bot.clock import Now
from bot.following import find_calendar
from bot.store import Database

PATH = "/calendar/{token}.ics"
# Whoever has the link has the calendar: nothing between us and them may keep it, and nobody is told where it came from.
HEADERS = {
    "Cache-Control": "private, no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}


class Feeds:
    """Serves calendars."""

    def __init__(self, database: Database, *, now: Now) -> None:
        self._database = database
        self._now = now

    def routes(self) -> list[web.RouteDef]:
        """List what the web server takes for us."""
        return [web.get(PATH, self._give)]

    async def _give(self, request: web.Request) -> web.Response:
        written = await self._database.work(self._find, request.match_info["token"])
        if written is None:
            return web.Response(status=404, text="There is no calendar here.", headers=HEADERS)
        body = as_sent(written)
        tag = hashlib.sha256(body).hexdigest()[:32]
        headers = {**HEADERS, "ETag": f'"{tag}"'}
        if any(known.value in (tag, "*") for known in request.if_none_match or ()):
            return web.Response(status=304, headers=headers)
        return web.Response(body=body, headers={**headers, "Content-Type": "text/calendar; charset=utf-8"})

    def _find(self, token: str) -> str | None:
        with self._database.reading() as db:
            return find_calendar(db, token, now=self._now())
