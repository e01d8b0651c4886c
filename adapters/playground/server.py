"""The playground's web server: one page, one websocket, for this machine's own browser only."""

from __future__ import annotations

import asyncio
import mimetypes
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from aiohttp import WSCloseCode, web

from adapters.playground import telling
from adapters.playground.clock import Controls, Leap, leap
from adapters.playground.guard import Handler, add_headers, make_guard
from adapters.playground.refusals import RoomError
from adapters.playground.room import Room
from adapters.playground.stage import Change
from adapters.playground.visit import Visit
from bot.chat import Appointment, Hear, Message, Person, Place, Typable
from bot.wire import Json

PAGE: Final = Path(__file__).parent / "page"
LOOPBACK: Final = {"127.0.0.1": "127.0.0.1", "localhost": "127.0.0.1", "::1": "[::1]"}
MESSAGE_BYTES: Final = 1 << 20

Commands = Callable[[], Sequence[Typable]]


class PlaygroundError(Exception):
    """The page cannot be served; the sentence says what to do."""


class Playground:
    """A room with its page in the browser, as a chat that the engine can run.

    Without ``controls`` the clock is shown and cannot be moved. ``commands`` says what can be typed, ``routes`` what
    else is served, such as calendars.
    """

    platform = Room.platform

    def __init__(
        self,
        room: Room,
        *,
        host: str = "127.0.0.1",
        port: int = 8484,
        controls: Controls | None = None,
        commands: Commands = tuple,
        routes: Iterable[web.RouteDef] = (),
    ) -> None:
        if host not in LOOPBACK:
            raise PlaygroundError(
                f"The playground is only for this machine: host must be one of {', '.join(LOOPBACK)}."
            )
        self.room = room
        self.commands = commands
        self._host = LOOPBACK[host]
        self._port = port
        self._controls = controls
        self._routes = tuple(routes)
        self._moving = False
        self._visits: dict[Visit, web.WebSocketResponse] = {}
        self._ready = asyncio.Event()

    # ------------------------------------------------------------------------------------------- as a chat

    async def run(self, hear: Hear) -> None:
        """Serve the page and pass on what happens until cancelled."""
        runner = web.AppRunner(self._make_app(), access_log=None, shutdown_timeout=1)
        await runner.setup()
        try:
            await self._open_door(runner)
            await self.room.run(hear)
        finally:
            self._ready.clear()
            await runner.cleanup()

    async def post(self, place: Place, message: Message, *, once: str) -> str:
        return await self.room.post(place, message, once=once)

    async def edit(self, place: Place, message_id: str, message: Message) -> None:
        await self.room.edit(place, message_id, message)

    async def find(self, place: Place, *, once: str, since: datetime) -> str | None:
        return await self.room.find(place, once=once, since=since)

    async def members(self, place: Place) -> tuple[Person, ...]:
        return await self.room.members(place)

    async def inside(self, place: Place, room: str) -> tuple[Person, ...] | None:
        return await self.room.inside(place, room)

    async def keep_event(self, place: Place, event_id: str, appointment: Appointment) -> str:
        return await self.room.keep_event(place, event_id, appointment)

    # ------------------------------------------------------------------------------------------- for host and page

    @property
    def address(self) -> str:
        """Where the page is. With port 0 it is known once the page is served."""
        return f"http://{self._host}:{self._port}/"

    async def ready(self) -> str:
        """Wait until the page is served, and give its address."""
        await self._ready.wait()
        return self.address

    def tell_commands(self) -> list[list[str]]:
        return [[one.name, one.about] for one in self.commands()]

    def tell_clock(self) -> Json:
        now = self.room.now() if self._controls is None else self._controls.now()
        return telling.tell_clock(now, moving=self._moving, movable=self._controls is not None)

    async def move_clock(self, to: Leap) -> None:
        """Move the clock, one leap at a time."""
        if self._controls is None:
            raise RoomError("The clock cannot be moved here.")
        if self._moving:
            raise RoomError("The clock is being moved already.")
        self._moving = True
        self._tell(Change("clock"))
        try:
            await self._controls.move_to(leap(self._controls.now(), to=to))
        finally:
            self._moving = False
            self._tell(Change("clock"))

    # ------------------------------------------------------------------------------------------- serving

    def _make_app(self) -> web.Application:
        app = web.Application(middlewares=[make_guard(lambda: self._port)])
        app.on_response_prepare.append(add_headers)
        app.on_shutdown.append(self._say_goodbye)
        app.router.add_get("/live", self._visit)
        app.add_routes(self._routes)
        for file in PAGE.iterdir():
            app.router.add_get("/" if file.name == "index.html" else f"/{file.name}", _serve(file))
        return app

    async def _open_door(self, runner: web.AppRunner) -> None:
        site = web.TCPSite(runner, self._host.strip("[]"), self._port)
        try:
            await site.start()
        except OSError as error:
            raise PlaygroundError(f"Port {self._port} is taken: {error.strerror}. Choose another.") from error
        self._port = runner.addresses[0][1]
        self._ready.set()

    async def _visit(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(heartbeat=30, max_msg_size=MESSAGE_BYTES)
        await socket.prepare(request)
        visit = Visit(self, socket)
        self._visits[visit] = socket
        try:
            await visit.last()
        finally:
            del self._visits[visit]
        return socket

    async def _say_goodbye(self, _app: web.Application) -> None:
        for socket in tuple(self._visits.values()):
            await socket.close(code=WSCloseCode.GOING_AWAY)

    def _tell(self, change: Change) -> None:
        for visit in self._visits:
            visit.note(change)


def _serve(file: Path) -> Handler:
    kind = "text/javascript" if file.suffix == ".js" else mimetypes.guess_type(file.name)[0]

    async def serve(_request: web.Request) -> web.StreamResponse:
        return web.Response(body=await asyncio.to_thread(file.read_bytes), content_type=kind, charset="utf-8")

    return serve
