"""How Slack says no: to a call, to a person, and when an app stays silent."""

from __future__ import annotations

from typing import Any

from adapters.playground.refusals import RoomError

Json = dict[str, Any]


class RefusedError(Exception):
    """A call of the Web API that is answered with ``{"ok": false, "error": …}``, which comes with HTTP status 200."""

    def __init__(self, error: str, **more: object) -> None:
        super().__init__(error)
        self.answer: Json = {"ok": False, "error": error, **more}


def invalid(error: str, faults: list[str]) -> RefusedError:
    """Refuse a payload as Slack does: what is wrong with it stands in ``response_metadata.messages``."""
    return RefusedError(error, response_metadata={"messages": [f"[ERROR] {fault}" for fault in faults]})


class NotAckedError(Exception):
    """The app did not acknowledge what Slack sent; ``reason`` is what Slack tells it when it sends that again."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class UnansweredError(RoomError):
    """What a person did ended in an error that Slack showed them: 'operation_timeout', 'dispatch_failed' and so on."""
