"""The door: the program's web server. Says whether it is well, shows its figures, takes what platforms send by HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import timedelta

from aiohttp import web
from sqlalchemy import text

from bot.clock import Now
from bot.measures import Measures
from bot.store import Database

# The bell ticks every second; this many seconds of silence mean that the program hangs.
LONGEST_SILENCE = timedelta(seconds=60)
LOOK_SECONDS = 3
BODY_BYTES = 1 << 20

Connected = Callable[[], bool]


class DoorError(RuntimeError):
    """The web server cannot be opened. The sentence says what to do."""


class Door:
    """Routes for whoever watches the program, and those that platforms asked for."""

    def __init__(
        self,
        *,
        host: str,
        port: int,
        database: Database,
        measures: Measures,
        now: Now,
        connected: Mapping[str, Connected],
        last_tick: Now,
        routes: Iterable[web.RouteDef] = (),
    ) -> None:
        self._host = host
        self._port = port
        self._database = database
        self._measures = measures
        self._now = now
        self._connected = connected
        self._routes = list(routes)
        self._last_tick = last_tick
        self.opened: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def run(self) -> None:
        """Serve until cancelled."""
        app = web.Application(client_max_size=BODY_BYTES)
        app.add_routes(
            [
                web.get("/healthz", self._health),
                web.get("/readyz", self._readiness),
                web.get("/metrics", self._figures),
                *self._routes,
            ]
        )
        runner = web.AppRunner(app, access_log=None, handle_signals=False)
        await runner.setup()
        try:
            site = web.TCPSite(runner, self._host, self._port)
            try:
                await site.start()
            except OSError as error:
                why = error.strerror or str(error)
                raise DoorError(
                    f"The web server cannot listen on {self._host}:{self._port}: {why}. "
                    "Choose another http_port, or stop what listens there."
                ) from error
            self.opened.set_result(runner.addresses[0][1])
            await asyncio.Event().wait()
        finally:
            await runner.cleanup()

    async def _health(self, _request: web.Request) -> web.Response:
        """Say whether the program still does something; whoever watches it restarts it otherwise."""
        silent = self._now() - self._last_tick()
        well = silent < LONGEST_SILENCE
        return web.json_response(
            {"ok": well, "last_tick_seconds_ago": round(silent.total_seconds(), 1)}, status=_status(well)
        )

    async def _readiness(self, _request: web.Request) -> web.Response:
        """Say whether people are answered: the database answers, and every platform is connected."""
        looked = {"database": await self._reaches(self._ask_database)}
        looked |= {platform: connected() for platform, connected in self._connected.items()}
        return web.json_response({"ok": all(looked.values()), **looked}, status=_status(all(looked.values())))

    async def _figures(self, _request: web.Request) -> web.Response:
        return web.Response(
            body=self._measures.told(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
        )

    async def _reaches(self, look: Callable[[], Awaitable[None]]) -> bool:
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                await look()
        except Exception:  # noqa: BLE001 - whatever prevents it, it cannot be reached
            return False
        return True

    async def _ask_database(self) -> None:
        def ask() -> None:
            with self._database.reading() as db:
                db.execute(text("SELECT 1"))

        await self._database.work(ask)


def _status(well: bool) -> int:  # noqa: FBT001 - one thing in, one out
    return 200 if well else 503
