"""Socket Mode: single-use addresses, several connections, envelopes and their acknowledgements.

https://docs.slack.dev/apis/events-api/using-socket-mode
"""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count

from aiohttp import WSMsgType, web

from tests.adapters.slack_platform.changes import Changes
from tests.adapters.slack_platform.objects import APP
from tests.adapters.slack_platform.refusing import Json, NotAckedError, RefusedError

MOST_CONNECTIONS = 10
PING_SECONDS = 10


@dataclass(slots=True, eq=False)
class Connection:
    """One websocket of the app."""

    socket: web.WebSocketResponse
    number: int
    waiting: set[asyncio.Future[Json]] = field(default_factory=set)


class Sockets:
    """The app's connections. Any of them gets an envelope; an acknowledgement counts whichever brings it."""

    def __init__(self, app_token: str, changes: Changes) -> None:
        self.origin = ""
        self.open: list[Connection] = []
        self.accepted = 0
        self.refusing = False
        self.muted = False
        self.ticket_seconds = 30.0
        self._app_token = app_token
        self._changes = changes
        self._tickets: dict[str, float] = {}
        self._serials = count(1)
        self._turn = 0
        self._unacked: dict[str, asyncio.Future[Json]] = {}

    # ------------------------------------------------------------------------------------------- connecting

    def issue(self, token: str) -> Json:
        """Give an address that can be used once, and only for a while."""
        if token.startswith("xoxb-"):
            raise RefusedError("not_allowed_token_type")
        if token != self._app_token:
            raise RefusedError("invalid_auth" if token else "not_authed")
        ticket = f"ticket-{next(self._serials)}"
        self._tickets[ticket] = asyncio.get_running_loop().time() + self.ticket_seconds
        origin = self.origin.replace("http://", "ws://")
        return {"ok": True, "url": f"{origin}/link/?ticket={ticket}&app_id={APP}"}

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """Let the app connect, and hear it out until it goes."""
        good_until = self._tickets.pop(request.query.get("ticket", ""), 0.0)
        if self.refusing or good_until < asyncio.get_running_loop().time():
            return web.Response(status=503 if self.refusing else 403, text="no websocket here")
        socket = web.WebSocketResponse(autoping=False, max_msg_size=0, timeout=1)
        await socket.prepare(request)
        if len(self.open) >= MOST_CONNECTIONS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        self.accepted += 1
        connection = Connection(socket, self.accepted)
        self.open.append(connection)
        hello = {"approximate_connection_time": 18060, "host": "applink-made-up", "build_number": 1}
        await socket.send_json(
            {
                "type": "hello",
                "num_connections": len(self.open),
                "debug_info": hello,
                "connection_info": {"app_id": APP},
            }
        )
        self._changes.changed()
        pinging = asyncio.get_running_loop().create_task(self._ping(connection))
        try:
            await self._listen(connection)
        finally:
            pinging.cancel()
            self._forget(connection)
        return socket

    async def _listen(self, connection: Connection) -> None:
        async for message in connection.socket:
            if self.muted:
                continue
            if message.type is WSMsgType.PING:
                await connection.socket.pong(message.data)
            elif message.type is WSMsgType.TEXT:
                self._hear(json.loads(message.data))

    async def _ping(self, connection: Connection) -> None:
        with suppress(ConnectionError):
            while not connection.socket.closed:
                await asyncio.sleep(PING_SECONDS)
                if not self.muted:
                    await connection.socket.ping(b"Ping from applink-made-up")

    def _hear(self, ack: Json) -> None:
        waiting = self._unacked.pop(str(ack.get("envelope_id")), None)
        if waiting is not None and not waiting.done():
            waiting.set_result(ack.get("payload") or {})
        self._changes.changed()

    def _forget(self, connection: Connection) -> None:
        if connection in self.open:
            self.open.remove(connection)
        for waiting in connection.waiting:
            if not waiting.done():
                waiting.set_exception(NotAckedError("socket_closed"))
        self._changes.changed()

    # ------------------------------------------------------------------------------------------- sending

    async def deliver(self, envelope: Json, *, seconds: float, hold: bool) -> Json:
        """Send an envelope over any connection and give what it was acknowledged with.

        ``hold``: wait the whole time even when that connection ends, because the app may acknowledge over another one.
        """
        connection = self._next()
        waiting: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        waiting.add_done_callback(lambda done: None if done.cancelled() else done.exception())
        self._unacked[envelope["envelope_id"]] = waiting
        if not hold:
            connection.waiting.add(waiting)
        try:
            await connection.socket.send_json(envelope)
            return await asyncio.wait_for(waiting, seconds)
        except TimeoutError as late:
            raise NotAckedError("timeout") from late
        except ConnectionError as broken:
            raise NotAckedError("socket_closed") from broken
        finally:
            self._unacked.pop(envelope["envelope_id"], None)
            connection.waiting.discard(waiting)

    def _next(self) -> Connection:
        ready = [one for one in self.open if not one.socket.closed]
        if not ready:
            raise NotAckedError("no_connection")
        self._turn += 1
        return ready[self._turn % len(ready)]

    # ------------------------------------------------------------------------------------------- ending

    def drop(self) -> None:
        """Break every connection off without a word, as a network does."""
        for connection in tuple(self.open):
            transport = connection.socket._req.transport if connection.socket._req is not None else None
            self._forget(connection)
            if transport is not None:
                transport.abort()

    async def ask_to_leave(self, reason: str) -> None:
        """Say that a connection ends: 'warning' some ten seconds before, 'refresh_requested' when it is over."""
        for connection in tuple(self.open):
            told = {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-made-up"}}
            await connection.socket.send_json(told)
            if reason != "warning":
                await connection.socket.close()
