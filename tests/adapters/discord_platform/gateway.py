"""The gateway: the sockets over which Discord tells an application what happens, and how a lost one is taken up again.

https://discord.com/developers/docs/events/gateway
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections import deque
from collections.abc import Iterator
from itertools import count

from aiohttp import web

from tests.adapters.discord_platform import intents as kinds
from tests.adapters.discord_platform import shapes
from tests.adapters.discord_platform.refusing import Json
from tests.adapters.discord_platform.sessions import Line, Session, Told, receive
from tests.adapters.discord_platform.world import World

HEARTBEAT, IDENTIFY, PRESENCE, VOICE, RESUME, RECONNECT = 1, 2, 3, 4, 6, 7
REQUEST_MEMBERS, INVALID_SESSION, HELLO, ACK = 8, 9, 10, 11
LARGEST = 4096
SESSIONS_KEPT = 20


class Gateway:
    """All sessions of the one application."""

    def __init__(self, world: World, *, token: str, granted: frozenset[str]) -> None:
        self.token = token
        self.granted = granted
        self.shards = 1
        self.identify_limit = 1000
        self.heartbeat_seconds = 41.25
        self.acknowledges = True
        self.url = ""
        self.resume_url = ""
        self.identified = 0
        self.resumed = 0
        # What people did lately; what the application caused is not noted.
        self.events: deque[Told] = deque(maxlen=50)
        self.notes = True
        self.sessions: dict[str, Session] = {}
        self.lines: set[Line] = set()
        self._world = world
        self._pings = count(1)

    # ------------------------------------------------------------------------------------------- telling

    def tell(self, event: str, data: Json, *, server: str = "", bare: Json | None = None) -> None:
        """Tell an event to whoever asked for its kind; who is away is told when they come back."""
        self.retell(Told(event, data, server, bare))

    def retell(self, told: Told) -> None:
        """Tell an event, maybe not for the first time."""
        if self.notes:
            self.events.append(told)
        server = self._world.servers.get(told.server)
        if server is not None and not server.bot_here and told.event != "GUILD_DELETE":
            return
        for session in self.sessions.values():
            if session.hears(told.server) and kinds.is_told(told.event, session.intents, private=not told.server):
                hidden = told.bare is not None and not session.intents & kinds.MESSAGE_CONTENT
                session.tell(told.event, (told.bare or {}) if hidden else told.data)
        self._world.changed()

    async def arrived(self) -> None:
        """Wait until everything that was told has been taken in by whoever is connected."""
        waiting: list[asyncio.Future[None]] = []
        for line in self.lines:
            if line.silent:
                continue
            word = str(next(self._pings)).encode()
            line.pings[word] = asyncio.get_running_loop().create_future()
            waiting.append(line.pings[word])
            line.out.put_nowait(word)
        if waiting:
            await asyncio.wait(waiting)

    # ------------------------------------------------------------------------------------------- mishaps

    def drop(self) -> None:
        """Break every connection; the sessions can be resumed."""
        for line in tuple(self.lines):
            line.cut()

    def fall_silent(self) -> None:
        """Leave every connection open and dead: nothing is heard and nothing is said on it any more."""
        for line in self.lines:
            line.silent = True

    def ask_to_reconnect(self) -> None:
        """Ask everybody to come again, as Discord does before it restarts a machine."""
        for line in self.lines:
            line.send(RECONNECT)

    def invalidate(self, *, resumable: bool) -> None:
        """Declare every session over, or with ``resumable`` only ask to take it up again."""
        for line in self.lines:
            if not resumable and line.session is not None:
                self.sessions.pop(line.session.id, None)
            line.send(INVALID_SESSION, resumable)

    # ------------------------------------------------------------------------------------------- serving

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one socket until it is closed."""
        socket = web.WebSocketResponse(autoping=False, max_msg_size=0)
        await socket.prepare(request)
        if request.query.get("v") != "10" or request.query.get("encoding") != "json":
            await socket.close(code=4012)
            return socket
        line = Line(socket, request)
        self.lines.add(line)
        writing = asyncio.create_task(line.write())
        line.send(HELLO, {"heartbeat_interval": int(self.heartbeat_seconds * 1000), "_trace": []})
        try:
            await self._listen(line)
        finally:
            self._let_go(line)
            line.out.put_nowait(None)
            await writing
        return socket

    async def _listen(self, line: Line) -> None:
        code = 0
        while not code:
            # Two beats missed, and Discord takes the client for gone.
            frame = await receive(line.socket, seconds=2 * self.heartbeat_seconds)
            if frame is None:
                return
            if isinstance(frame, bytes):
                ping = line.pings.pop(frame, None)
                if ping is not None and not ping.done():
                    ping.set_result(None)
            elif not line.silent:
                code = self._take(line, frame)
        await line.socket.close(code=code)

    def _let_go(self, line: Line) -> None:
        self.lines.discard(line)
        for ping in line.pings.values():
            if not ping.done():
                ping.set_result(None)
        if line.session is not None and line.session.line is line:
            line.session.line = None
            # A client that says goodbye with 1000 or 1001 does not come back.
            if line.socket.close_code in (1000, 1001):
                self.sessions.pop(line.session.id, None)
        self._world.changed()

    def _take(self, line: Line, frame: str) -> int:
        """Do what a client sends; gives the code to close with, or 0."""
        if line.sends_too_much():
            return 4008
        if len(frame.encode()) > LARGEST:
            return 4002
        try:
            told = json.loads(frame)
            op, data = told["op"], told.get("d")
        except (ValueError, TypeError, KeyError):
            return 4002
        if op == HEARTBEAT:
            if self.acknowledges:
                line.send(ACK)
            return 0
        if op in (IDENTIFY, RESUME):
            if line.session is not None:
                return 4005
            return self._identify(line, data) if op == IDENTIFY else self._resume(line, data)
        if line.session is None:
            return 4003
        if op == REQUEST_MEMBERS:
            self._tell_members(line.session, data)
        return 0 if op in (PRESENCE, VOICE, REQUEST_MEMBERS) else 4001

    def _identify(self, line: Line, data: Json) -> int:
        shard, shards = data.get("shard", (0, 1))
        wanted = data.get("intents")
        # Who identifies too often in a day has the token taken away.
        if data.get("token") != self.token or self.identified >= self.identify_limit:
            return 4004
        if not isinstance(wanted, int) or wanted & ~kinds.EXISTING:
            return 4013
        if kinds.refused_intents(wanted, self.granted):
            return 4014
        if not 0 <= shard < shards:
            return 4010
        self.identified += 1
        session = Session(secrets.token_hex(8), wanted, shard, shards, line=line)
        line.session = self.sessions[session.id] = session
        while len(self.sessions) > SESSIONS_KEPT:
            self.sessions.pop(next(one.id for one in self.sessions.values() if one is not session))
        self._welcome(session)
        self._world.changed()
        return 0

    def _welcome(self, session: Session) -> None:
        servers = [*self._servers(session)]
        ready: Json = {
            "v": 10,
            "user": {**shapes.user(self._world.bot), "verified": True, "email": None, "mfa_enabled": False, "flags": 0},
            "guilds": [{"id": server, "unavailable": True} for server in servers],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self.resume_url,
            "shard": [session.shard, session.shards],
            "application": {"id": self._world.bot.id, "flags": kinds.privileged_flags(self.granted)},
            "private_channels": [],
            "relationships": [],
            "user_settings": {},
            "presences": [],
        }
        session.tell("READY", ready)
        for server in servers if session.intents & kinds.GUILDS else ():
            whole = shapes.whole_server(self._world, self._world.servers[server])
            session.tell("GUILD_CREATE", {**whole, "unavailable": False})

    def _servers(self, session: Session) -> Iterator[str]:
        return (one.id for one in self._world.servers.values() if one.bot_here and session.hears(one.id))

    def _resume(self, line: Line, data: Json) -> int:
        session = self.sessions.get(data.get("session_id", ""))
        seq = data.get("seq") or 0
        if data.get("token") != self.token:
            return 4004
        if session is None or (session.kept and seq < session.kept[0][0] - 1):
            line.send(INVALID_SESSION, data=False)
            return 0
        if seq > session.seq:
            return 4007
        if session.line is not None:
            session.line.cut()
        line.session, session.line = session, line
        for number, frame in session.kept:
            if number > seq:
                line.put(frame)
        session.tell("RESUMED", {"_trace": []})
        self.resumed += 1
        self._world.changed()
        return 0

    def _tell_members(self, session: Session, data: Json) -> None:
        """Tell the members of a server in one piece; of all of them only with the members' intent."""
        wanted = data.get("user_ids")
        wanted = [wanted] if isinstance(wanted, str) else wanted
        server = self._world.servers.get(str(data.get("guild_id")))
        if server is None or (wanted is None and not session.intents & kinds.MEMBERS):
            return
        here = [one for person, one in server.members.items() if wanted is None or person in wanted]
        chunk: Json = {"guild_id": server.id, "members": [*map(shapes.member, here)], "not_found": []}
        session.tell("GUILD_MEMBERS_CHUNK", {**chunk, "chunk_index": 0, "chunk_count": 1, "nonce": data.get("nonce")})
