"""The refusals of Discord's HTTP API: a status, a code and a sentence each.

https://discord.com/developers/docs/topics/opcodes-and-status-codes
"""

from __future__ import annotations

from typing import Any, Final

Json = dict[str, Any]

REFUSALS: Final[dict[int, tuple[int, str]]] = {
    10002: (404, "Unknown Application"),
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10013: (404, "Unknown User"),
    10014: (400, "Unknown Emoji"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    10070: (404, "Unknown Guild Scheduled Event"),
    10063: (404, "Unknown application command"),
    30032: (400, "Maximum number of application commands reached (100)."),
    30038: (400, "Maximum number of uncompleted guild scheduled events reached (100)"),
    30034: (429, "Max number of daily application command creates has been reached (200)"),
    30046: (429, "Maximum number of edits to messages older than 1 hour reached. Try again later."),
    40005: (413, "Request entity too large"),
    40060: (400, "Interaction has already been acknowledged."),
    50001: (403, "Missing Access"),
    50003: (403, "Cannot execute action on a DM channel"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50013: (403, "Missing Permissions"),
    50024: (400, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50033: (400, "Invalid Recipient(s)"),
    50035: (400, "Invalid Form Body"),
    50083: (400, "Thread is archived"),
    50109: (400, "The request body contains invalid JSON."),
    50278: (403, "Cannot send messages to this user due to having no mutual guilds"),
    180000: (400, "Cannot update a finished event"),
    160004: (400, "A thread has already been created for this message"),
    160005: (403, "Thread is locked"),
}


class Refused(Exception):  # noqa: N818 - as a caller of the API would say it
    """What the API answers instead of doing what was asked."""

    def __init__(
        self,
        code: int,
        *,
        errors: Json | None = None,
        retry_after: float | None = None,
        everywhere: bool = False,
    ) -> None:
        self.status, self.why = REFUSALS.get(code, (429, "You are being rate limited."))
        super().__init__(f"{self.status} {code} {self.why}")
        self.code = code
        self.errors = errors
        self.retry_after = retry_after
        self.everywhere = everywhere

    @property
    def body(self) -> Json:
        """The JSON that goes out."""
        if self.retry_after is not None:
            told = {"message": self.why, "retry_after": self.retry_after, "global": self.everywhere}
            return {**told, "code": self.code} if self.code else told
        told = {"message": self.why, "code": self.code}
        return told if self.errors is None else {**told, "errors": self.errors}


def wrong(path: str, *sentences: str) -> Refused:
    """Refuse a body for what stands at a place in it: ``wrong('data.title', 'This field is required')``."""
    told: Json = {"_errors": [{"code": "BASE_TYPE_INVALID", "message": sentence} for sentence in sentences]}
    for step in reversed(path.split(".") if path else []):
        told = {step: told}
    return Refused(50035, errors=told)


def refuse_faults(path: str, faults: list[str]) -> None:
    """Refuse a body that has faults."""
    if faults:
        raise wrong(path, *faults)
