"""The made-up Discord as a whole: a web server on this machine with its HTTP API and its gateway."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from aiohttp import web

from tests.adapters.discord_platform.commands import Commands
from tests.adapters.discord_platform.gateway import Gateway
from tests.adapters.discord_platform.interactions import Interactions
from tests.adapters.discord_platform.limits import Limits
from tests.adapters.discord_platform.refusing import Json
from tests.adapters.discord_platform.snowflakes import named_snowflake
from tests.adapters.discord_platform.world import Account, World

BASE = "/api/v10"


@dataclass(frozen=True, slots=True)
class Fault:
    """A mishap on the way of the next post or edit."""

    retry_after: float | None = None
    after_storing: bool = False
    code: int = 0


@dataclass(frozen=True, slots=True)
class Logged:
    """A post or an edit that the application sent."""

    kind: Literal["post", "edit"]
    channel: str
    message: str
    components: list[Json]
    content: str
    at: datetime


@dataclass(slots=True)
class Request:
    """One request, read: what the path names, and what came along."""

    method: str
    path: str
    names: Sequence[str]
    query: dict[str, str]
    body: object = None
    files: dict[str, bytes] = field(default_factory=dict)

    @property
    def fields(self) -> Json:
        """The body, if it is an object."""
        return self.body if isinstance(self.body, dict) else {}


class Service:
    """Everything that the doors of this Discord share."""

    def __init__(
        self, *, now: Callable[[], datetime], token: str, privileged: Sequence[str], strict: bool, bot_name: str
    ) -> None:
        bot = Account(named_snowflake("person", "drumbeat"), bot_name, bot=True)
        self.now = now
        self.strict = strict
        self.token = token
        self.world = World(now, bot)
        self.gateway = Gateway(self.world, token=token, granted=frozenset(privileged))
        self.interactions = Interactions(now, strict=strict)
        self.commands = Commands(self.world.mint, bot.id, strict)
        self.limits = Limits(now)
        self.faults: deque[Fault] = deque()
        self.answer_faults: deque[Fault] = deque()
        self.outages: deque[int] = deque()
        self.calls: deque[Logged] = deque(maxlen=10_000)
        self.failed: deque[Logged] = deque(maxlen=10_000)
        self.recorded: list[Json] = []
        self.nonces: dict[str, tuple[str, datetime]] = {}
        self.archived_until: datetime | None = None
        self.port = 0
        self._runner: web.AppRunner | None = None

    async def start(self, api: Callable[[web.Request], web.StreamResponse] | object) -> None:
        """Open the doors on a free port, or on the port that was used before."""
        app = web.Application(client_max_size=64 << 20)
        for path in ("/gateway", "/resumed"):
            app.router.add_get(path, self.gateway.serve)
        app.router.add_route("*", BASE + "/{rest:.*}", api)  # type: ignore[arg-type]
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.gateway.url = f"ws://127.0.0.1:{self.port}/gateway"
        self.gateway.resume_url = f"ws://127.0.0.1:{self.port}/resumed"

    async def stop(self) -> None:
        """Close the doors; what there is stays."""
        self.gateway.drop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def record(self, request: Request, path: str) -> Json:
        """Note a request, without tokens, as the conformance check reads it."""
        noted: Json = {"method": request.method, "path": path, "t": self.now().timestamp()}
        if request.body is not None:
            noted["json"] = json.loads(json.dumps(request.body))
        if request.query:
            noted["query"] = request.query
        if request.files:
            noted["files"] = [
                {"name": f"files[{place}]", "filename": name, "size": len(content)}
                for place, (name, content) in enumerate(request.files.items())
            ]
        self.recorded.append(noted)
        return noted
