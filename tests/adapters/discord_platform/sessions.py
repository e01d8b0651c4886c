"""The gateway's sockets, and what each shard of an application was told, so that it can be told again.

https://discord.com/developers/docs/events/gateway#resuming
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from tests.adapters.discord_platform.refusing import Json

DISPATCH = 0
KEPT = 10_000
COMMANDS_A_MINUTE = 120


@dataclass(frozen=True, slots=True)
class Told:
    """An event as it goes out: whole, and as somebody sees it who may not read messages."""

    event: str
    data: Json
    server: str = ""
    bare: Json | None = None


@dataclass(slots=True, eq=False)
class Line:
    """One open socket; what is put in goes out in that order."""

    socket: web.WebSocketResponse
    request: web.Request
    out: asyncio.Queue[str | bytes | None] = field(default_factory=asyncio.Queue)
    pings: dict[bytes, asyncio.Future[None]] = field(default_factory=dict)
    commands: deque[float] = field(default_factory=deque)
    session: Session | None = None
    silent: bool = False

    def send(self, op: int, data: object = None) -> None:
        self.put(json.dumps({"op": op, "d": data, "s": None, "t": None}))

    def put(self, frame: str) -> None:
        if not self.silent:
            self.out.put_nowait(frame)

    def cut(self) -> None:
        """Break the connection without a word."""
        if self.request.transport is not None:
            self.request.transport.abort()

    def sends_too_much(self) -> bool:
        """Count a command; tells whether there are more than 120 in a minute."""
        now = asyncio.get_running_loop().time()
        self.commands.append(now)
        while self.commands[0] <= now - 60:
            self.commands.popleft()
        return len(self.commands) > COMMANDS_A_MINUTE

    async def write(self) -> None:
        """Send what is put in, until the line is closed."""
        while (frame := await self.out.get()) is not None:
            try:
                await (self.socket.ping(frame) if isinstance(frame, bytes) else self.socket.send_str(frame))
            except ConnectionError:
                return


@dataclass(slots=True, eq=False)
class Session:
    """What one shard of an application was told, so that it can be told again what it missed."""

    id: str
    intents: int
    shard: int
    shards: int
    seq: int = 0
    kept: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=KEPT))
    line: Line | None = None

    def hears(self, server: str) -> bool:
        """Tell whether this shard is told of a server; private conversations are told to the first."""
        return ((int(server) >> 22) % self.shards if server else 0) == self.shard

    def tell(self, event: str, data: Json) -> None:
        self.seq += 1
        frame = json.dumps({"op": DISPATCH, "t": event, "s": self.seq, "d": data})
        self.kept.append((self.seq, frame))
        if self.line is not None:
            self.line.put(frame)


async def receive(socket: web.WebSocketResponse, *, seconds: float) -> str | bytes | None:
    """Give the next text, or a pong's word as bytes; nothing when the line is closed or dead."""
    try:
        message = await socket.receive(timeout=seconds)
    except TimeoutError:
        return None
    if message.type is WSMsgType.PONG:
        return bytes(message.data)
    if message.type is WSMsgType.PING:
        await socket.pong(message.data)
        return b""
    return str(message.data) if message.type is WSMsgType.TEXT else None
