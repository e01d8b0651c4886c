"""Sending the app what happened, by socket or by HTTP: what is sent again, when, and what the person sees if it fails.

Only events are sent again: at once, after a minute and after five (https://docs.slack.dev/apis/events-api). A command
or a press that is not acknowledged within three seconds is lost, and the person sees that.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from itertools import count
from typing import Literal

from tests.adapters.slack_platform.callbacks import Callbacks
from tests.adapters.slack_platform.changes import Changes
from tests.adapters.slack_platform.refusing import Json, NotAckedError, UnansweredError
from tests.adapters.slack_platform.sockets import Sockets

KEPT = 200
RECONNECT_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Envelope:
    """What Slack sends: an event, a command, or what somebody did with a button or a form."""

    kind: Literal["events_api", "slash_commands", "interactive"]
    payload: Json
    team: str
    user: str = ""

    def addressed(self, number: int, attempt: int = 0, reason: str = "") -> Json:
        marks = {"retry_attempt": attempt, "retry_reason": reason}
        accepts = self.kind != "events_api"
        envelope_id = f"made-up-{number}"
        return {
            "envelope_id": envelope_id,
            "type": self.kind,
            "payload": self.payload,
            "accepts_response_payload": accepts,
            **marks,
        }


class Dispatch:
    """Everything that goes to the app."""

    def __init__(self, sockets: Sockets, callbacks: Callbacks, changes: Changes) -> None:
        self.ack_seconds = 3.0
        # When an event is sent again, in real seconds after the try before. The first waits for a connection.
        self.retry_seconds: tuple[float, ...] = (0.0, 60.0, 300.0)
        self.failures: list[str] = []
        self.sent: deque[Envelope] = deque(maxlen=KEPT)
        self.under_way: set[asyncio.Task[bool]] = set()
        self._sockets = sockets
        self._callbacks = callbacks
        self._changes = changes
        self._numbers = count(1)

    @property
    def is_heard(self) -> bool:
        """Whether there is anybody who could acknowledge something now."""
        return bool(self._callbacks.url or self._sockets.open)

    async def ask(self, envelope: Envelope) -> Json:
        """Send a command or an interaction; give the body of its acknowledgement."""
        self.sent.append(envelope)
        try:
            return await self._try(envelope)
        except NotAckedError as silent:
            shown = "dispatch_failed" if silent.reason in {"no_connection", "connection_failed"} else silent.reason
            shown = "operation_timeout" if shown in {"timeout", "http_timeout", "socket_closed"} else shown
            self.failures.append(f"{shown}: {describe(envelope)}")
            raise UnansweredError(shown) from silent
        finally:
            self._changes.changed()

    def tell(self, envelope: Envelope, *, echo: bool) -> asyncio.Task[bool]:
        """Send an event, again and again until it is acknowledged. An echo is of what the app did itself."""
        if not echo:
            self.sent.append(envelope)
        task = asyncio.get_running_loop().create_task(self._tell(envelope))
        self.under_way.add(task)
        task.add_done_callback(self.under_way.discard)
        return task

    async def again(self, envelope: Envelope, *, reason: str = "timeout") -> Json:
        """Send something a second time, with the marks of a retry."""
        return await self._try(envelope, attempt=1, reason=reason)

    async def _tell(self, envelope: Envelope) -> bool:
        reason = ""
        for attempt, pause in enumerate((0.0, *self.retry_seconds)):
            if pause:
                await asyncio.sleep(pause)
            elif attempt:
                await self._connected()
            try:
                await self._try(envelope, attempt=attempt, reason=reason)
            except NotAckedError as silent:
                reason = silent.reason
                self.failures.append(f"{reason}: {describe(envelope)}")
                if reason == "no_retry":
                    return False
            else:
                return True
            finally:
                self._changes.changed()
        self.failures.append(f"lost: {describe(envelope)}")
        return False

    async def _connected(self) -> None:
        """'Nearly immediately' is when there is a connection again; without one it is given up after a while."""
        await self._changes.wait_until(lambda: self.is_heard, RECONNECT_SECONDS)

    async def _try(self, envelope: Envelope, *, attempt: int = 0, reason: str = "") -> Json:
        addressed = envelope.addressed(next(self._numbers), attempt, reason)
        if self._callbacks.url:
            return await self._callbacks.deliver(addressed, seconds=self.ack_seconds)
        hold = envelope.kind != "events_api"
        return await self._sockets.deliver(addressed, seconds=self.ack_seconds, hold=hold)

    async def close(self) -> None:
        for task in tuple(self.under_way):
            task.cancel()
        await asyncio.gather(*self.under_way, return_exceptions=True)


def describe(envelope: Envelope) -> str:
    """Name what was sent in a few words."""
    payload = envelope.payload
    if envelope.kind == "slash_commands":
        return f"{payload['command']} {payload['text']}".strip()
    if envelope.kind == "interactive":
        named = [str(one.get("action_id", "")) for one in payload.get("actions", [])]
        return " ".join([payload["type"], *named, str(payload.get("view", {}).get("callback_id", ""))]).strip()
    event = payload["event"]
    return " ".join(filter(None, ("event", event["type"], event.get("subtype", ""))))
