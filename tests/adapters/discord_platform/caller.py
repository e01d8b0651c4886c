"""A client without any library: it says exactly what a test says, and hears exactly what comes."""

from __future__ import annotations

import asyncio
import json
from types import TracebackType
from typing import Any, Self

import aiohttp

from tests.adapters.discord_platform.intents import (
    DIRECT_MESSAGES,
    DIRECT_REACTIONS,
    GUILD_MESSAGES,
    GUILD_REACTIONS,
    GUILDS,
    MEMBERS,
    MESSAGE_CONTENT,
    VOICE_STATES,
)
from tests.adapters.discord_platform.refusing import Json
from tests.adapters.discord_platform.stand import DiscordStand

HARMLESS = GUILDS | VOICE_STATES | GUILD_MESSAGES | GUILD_REACTIONS | DIRECT_MESSAGES | DIRECT_REACTIONS
EVERYTHING = HARMLESS | MEMBERS | MESSAGE_CONTENT
V2 = 1 << 15


def text(words: str, **more: object) -> Json:
    """Write a message of one text, as a body."""
    return {
        "flags": V2,
        "components": [{"type": 10, "content": words}],
        "allowed_mentions": {"parse": []},
        **more,
    }


def button(label: str, custom_id: str) -> Json:
    return {"type": 1, "components": [{"type": 2, "style": 2, "label": label, "custom_id": custom_id}]}


class Ear:
    """One connection to the gateway. ``heard`` is everything that came, ``events`` the dispatches among it."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._news = asyncio.Condition()
        self._reading = asyncio.create_task(self._read())
        self.heard: list[Json] = []
        self.close_code: int | None = None

    @property
    def events(self) -> list[str]:
        return [str(frame["t"]) for frame in self.heard if frame["op"] == 0]

    async def _read(self) -> None:
        async for message in self._socket:
            async with self._news:
                self.heard.append(json.loads(message.data))
                self._news.notify_all()
        self.close_code = self._socket.close_code
        async with self._news:
            self._news.notify_all()

    async def say(self, op: int, data: object = None) -> None:
        await self._socket.send_json({"op": op, "d": data})

    async def next(self, event: str, *, after: int = 0) -> Json:
        """Wait for an event, or an opcode as '#9'; gives its data."""

        def found() -> list[Json]:
            return [one for one in self.heard[after:] if event in (one["t"], f"#{one['op']}")]

        async with asyncio.timeout(5), self._news:
            await self._news.wait_for(lambda: found() or self._reading.done())
        data = found()[0]["d"]
        return data if isinstance(data, dict) else {"d": data}

    async def closed(self) -> int | None:
        """Wait until the other side closed; gives its code."""
        async with asyncio.timeout(5):
            await self._reading
        return self.close_code

    async def close(self, code: int = 4000) -> None:
        await self._socket.close(code=code)
        await self._reading


class Caller:
    """Calls the HTTP API and the gateway of a stand."""

    def __init__(self, stand: DiscordStand) -> None:
        self.stand = stand
        self._ears: list[Ear] = []

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for ear in self._ears:
            await ear.close()
        await self._session.close()

    async def call(self, method: str, path: str, body: object = None, **rest: Any) -> tuple[int, Any]:  # noqa: ANN401
        """Send a request; gives the status and what came."""
        headers = {"Authorization": f"Bot {self.stand.token}"}
        async with self._session.request(
            method, self.stand.api_url + path, json=body, headers=headers, **rest
        ) as answer:
            return answer.status, (await answer.json() if answer.status != 204 else None)

    async def refusal(self, method: str, path: str, body: object = None, **rest: Any) -> tuple[int, int]:  # noqa: ANN401
        """Send a request that is refused; gives the status and Discord's code."""
        status, told = await self.call(method, path, body, **rest)
        assert status >= 400, told
        return status, told["code"]

    async def post(self, channel: str, body: Json) -> Json:
        """Post a message, and give it as Discord does."""
        status, told = await self.call("POST", f"/channels/{self.stand.native(channel)}/messages", body)
        assert status == 200, told
        return dict(told)

    async def connect(self, *, resume: bool = False, version: int = 10) -> Ear:
        """Open a socket and say nothing on it."""
        gateway = self.stand.service.gateway
        url = gateway.resume_url if resume else gateway.url
        socket = await self._session.ws_connect(f"{url}?v={version}&encoding=json")
        self._ears.append(Ear(socket))
        return self._ears[-1]

    async def listen(self, intents: int = EVERYTHING, **more: object) -> Ear:
        """Open a socket and identify on it."""
        ear = await self.connect()
        await ear.say(2, self.identity(intents, **more))
        return ear

    def identity(self, intents: int = EVERYTHING, **more: object) -> Json:
        return {"token": self.stand.token, "intents": intents, "properties": {}, **more}

    async def answer(self, interaction: Json, kind: int, data: object = None, **query: str) -> tuple[int, Any]:
        """Answer an interaction."""
        path = f"/interactions/{interaction['id']}/{interaction['token']}/callback"
        body = {"type": kind} if data is None else {"type": kind, "data": data}
        return await self.call("POST", path, body, params=query)

    async def follow(self, method: str, interaction: Json, body: object = None, message: str = "") -> tuple[int, Any]:
        """Send more about an interaction: a message of its own, or a change of ``message``."""
        path = f"/webhooks/{interaction['application_id']}/{interaction['token']}"
        return await self.call(method, f"{path}/messages/{message}" if message else path, body)
