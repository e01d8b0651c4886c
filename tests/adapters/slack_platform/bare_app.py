"""An app without any library, for tests of this Slack itself: it acknowledges what it is told to, and calls methods."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import aiohttp
from aiohttp import ClientWebSocketResponse, WSMsgType, web

from tests.adapters.slack_platform.refusing import Json
from tests.adapters.slack_platform.stand import SlackStand

Reply = Callable[[Json], Json | None]


class BareApp:
    """``answer`` gives the body of an acknowledgement, or None for silence. What came is kept in ``heard``."""

    def __init__(self, stand: SlackStand, session: aiohttp.ClientSession) -> None:
        self.stand = stand
        self.session = session
        self.heard: list[Json] = []
        self.heard_over: list[ClientWebSocketResponse] = []
        self.greetings: list[Json] = []
        self.answer: Reply = lambda _: {}
        self.sockets: list[ClientWebSocketResponse] = []
        self.seen_at_url: list[tuple[str, dict[str, str]]] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._runner: web.AppRunner | None = None

    async def call(self, method: str, *, token: str | None = None, **arguments: Any) -> Json:  # noqa: ANN401 - JSON
        """Call a method with a JSON body; give what comes back, with the HTTP status if it is another than 200."""
        bearer = self.stand.bot_token if token is None else token
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        async with self.session.post(self.stand.api_url + method, json=arguments, headers=headers) as answer:
            if answer.status != 200:
                return {"status": answer.status, "retry_after": answer.headers.get("Retry-After")}
            found: Json = await answer.json()
            return found

    async def error(self, method: str, **arguments: Any) -> object:  # noqa: ANN401 - JSON
        answer = await self.call(method, **arguments)
        return answer.get("error", answer.get("status"))

    async def ticket(self) -> str:
        return str((await self.call("apps.connections.open", token=self.stand.app_token))["url"])

    async def connect(self, url: str = "") -> ClientWebSocketResponse:
        """Open a connection, and serve it until it ends."""
        socket = await self.session.ws_connect(url or await self.ticket())
        self.sockets.append(socket)
        self.greetings.append(await socket.receive_json())
        self._tasks.append(asyncio.get_running_loop().create_task(self._serve(socket)))
        return socket

    async def listen(self) -> str:
        """Take requests at an address of one's own instead."""
        app = web.Application()
        app.router.add_post("/slack/events", self._take)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        return f"http://{host}:{port}/slack/events"

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        for socket in self.sockets:
            await socket.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _serve(self, socket: ClientWebSocketResponse) -> None:
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                continue
            envelope: Json = json.loads(message.data)
            self.heard.append(envelope)
            self.heard_over.append(socket)
            self.stand.platform.changed()
            body = self.answer(envelope) if "envelope_id" in envelope else None
            if body is not None:
                await socket.send_json({"envelope_id": envelope["envelope_id"], **({"payload": body} if body else {})})

    async def _take(self, request: web.Request) -> web.Response:
        body = await request.text()
        self.seen_at_url.append((body, dict(request.headers)))
        if request.content_type == "application/json":
            payload = json.loads(body)
            if payload["type"] == "url_verification":
                return web.json_response({"challenge": payload["challenge"]})
        else:
            form = await request.post()
            payload = json.loads(str(form["payload"])) if "payload" in form else {**form}
        self.heard.append({"payload": payload})
        answer = self.answer({"payload": payload})
        return web.Response(status=500) if answer is None else web.json_response(answer)
