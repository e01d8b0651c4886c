"""The sockets through which Slack speaks to Drumbeat, and the watch that mends one that has fallen silent.

Two at once: while one is made anew, what Slack sends comes through the other.
https://docs.slack.dev/apis/events-api/using-socket-mode
"""

from __future__ import annotations

import asyncio
import contextlib
import time

import structlog
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.response import BoltResponse
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from adapters.slack.calls import Calls
from adapters.slack.errands import Errands
from adapters.slack.recording import library_log
from adapters.slack.refusals import SlackError
from bot.chat import ConnectError

log = structlog.get_logger()

SOCKETS = 2
PING_SECONDS = 3.0
# A connection that is not there for so long is not waited for any more, but made anew.
PATIENCE_SECONDS = 10.0
LOOK_SECONDS = 0.5
HANG_UP_SECONDS = 2.0
NOBODY = 404


class SlackRefusedError(ConnectError):
    """Slack will never let us in like this; the message says what to do."""


class Socket(SocketModeClient):
    """slack_sdk's socket, which asks for its address through our own calls."""

    def __init__(self, calls: Calls, app_token: str) -> None:
        super().__init__(app_token, logger=library_log(), web_client=calls.client, ping_interval=PING_SECONDS)
        # The library takes a proxy from the environment even for addresses that are to be reached without.
        self.proxy = calls.client.proxy
        self.calls = calls
        self.refusal: SlackError | None = None
        self.told_to_wait_until = 0.0

    async def issue_new_wss_url(self) -> str:
        while True:
            try:
                return str((await self.calls.call("apps.connections.open", token=self.app_token))["url"])
            except SlackError as error:
                if error.permanent:
                    self.refusal = error
                if error.retry_after is None:
                    raise
                self.told_to_wait_until = time.monotonic() + error.retry_after
                await asyncio.sleep(error.retry_after)

    async def dial(self) -> None:
        """Connect, however often it takes."""
        await self.connect()  # type: ignore[no-untyped-call] # the library's types end here

    @property
    def up(self) -> bool:
        session = self.current_session
        return session is not None and not (self.closed or self.stale or session.closed)


class Sockets:
    """All connections of this process."""

    def __init__(
        self, app: AsyncApp, app_token: str, *, calls: Calls, errands: Errands, patience: float = PATIENCE_SECONDS
    ) -> None:
        self._app = app
        self._app_token = app_token
        self._calls = calls
        self._errands = errands
        self._patience = patience
        self._lines: list[Socket | None] = [None] * SOCKETS
        self._changed = asyncio.Event()
        self._closing = False
        # What goes wrong once we were connected may be mended while we run; everything else goes on until then.
        self._were_connected = False

    @property
    def connected(self) -> bool:
        """Whether Slack can reach us through at least one of them."""
        return any(line is not None and line.up for line in self._lines)

    async def ready(self) -> None:
        """Return once connected."""
        while not self.connected:
            self._changed.clear()
            await self._changed.wait()

    async def run(self) -> None:
        """Hold the lines until cancelled; raises ``SlackRefusedError`` where that is hopeless."""
        keepers = [asyncio.create_task(self._keep(number)) for number in range(SOCKETS)]
        try:
            await asyncio.gather(*keepers)
        finally:
            # What comes from now on stays unanswered, so that it goes to another process or comes again.
            self._closing = True
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(PING_SECONDS):
                    await self._errands.answered()
            for keeper in keepers:
                keeper.cancel()
            await asyncio.gather(*keepers, return_exceptions=True)
            self._closing = False

    async def _keep(self, number: int) -> None:
        while True:
            line = self._lines[number] = Socket(self._calls, self._app_token)
            line.socket_mode_request_listeners.append(self._take)
            dialing = asyncio.create_task(line.dial())
            dialing.add_done_callback(lambda _: self._note_connected())
            try:
                await self._watch(line)
            finally:
                dialing.cancel()
                self._lines[number] = None
                await _hang_up(line)
            # The library may dial a used-up address for ever, or wait in a session that is gone.
            log.warning("slack: a connection fell silent and is made anew")

    async def _watch(self, line: Socket) -> None:
        """Return when the line was silent for too long."""
        last_up = time.monotonic()
        while time.monotonic() - last_up < self._patience:
            await asyncio.sleep(min(LOOK_SECONDS, self._patience / 4))
            if line.refusal is not None and not self._were_connected:
                raise SlackRefusedError(
                    f"Slack does not accept the app-level token ({line.refusal.error}). Make one with the scope "
                    "connections:write under Basic Information in the app's settings, and give it as SLACK_APP_TOKEN."
                )
            if await line.is_connected():
                self._note_connected()
            elif time.monotonic() >= line.told_to_wait_until:
                continue
            last_up = time.monotonic()

    def _note_connected(self) -> None:
        self._were_connected = self._were_connected or self.connected
        self._changed.set()

    async def _take(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        if self._closing:
            return
        with self._errands.attending():
            started = time.time()
            answer: BoltResponse = await run_async_bolt_app(self._app, request)
            if answer.status == NOBODY:  # what no listener takes must not come again either
                answer = BoltResponse(status=200)
            try:
                await send_async_response(client, request, answer, started)
            except ConnectionError:
                # This line broke meanwhile. Slack takes the answer over any other.
                await self._send_over_another(client, request, answer)

    async def _send_over_another(
        self, broken: AsyncBaseSocketModeClient, request: SocketModeRequest, answer: BoltResponse
    ) -> None:
        for line in self._lines:
            if line is not None and line is not broken and line.up:
                with contextlib.suppress(ConnectionError):
                    await send_async_response(line, request, answer, time.time())
                    return


async def _hang_up(line: Socket) -> None:
    """Close a connection, whatever state it is in."""
    line.closed = True
    line.auto_reconnect_enabled = False
    working = [line.message_processor, line.current_session_monitor, line.message_receiver]
    for task in working:
        if task is not None:
            task.cancel()
    with contextlib.suppress(Exception):
        async with asyncio.timeout(HANG_UP_SECONDS):
            if line.current_session is not None:
                await line.current_session.close()
    await line.aiohttp_client_session.close()
