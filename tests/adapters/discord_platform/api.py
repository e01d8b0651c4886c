"""The front door of the HTTP API: who calls, how often, what goes wrong on the way, and which door is meant."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from aiohttp import BodyPartReader, web

from tests.adapters.discord_platform import happenings
from tests.adapters.discord_platform.limits import Limited
from tests.adapters.discord_platform.refusing import Json, Refused, wrong
from tests.adapters.discord_platform.service import BASE, Fault, Logged, Request, Service

Handler = Callable[[Service, Request], object]
Kind = Literal["", "post", "edit", "answer"]
# Where a path holds an interaction's token, the recorded path has this in its place.
TOKEN = "interaction-token"


@dataclass(frozen=True, slots=True)
class Door:
    """One route: ``open`` doors ask for no token of a bot."""

    method: str
    path: str
    handler: Handler
    open: bool = False
    kind: Kind = ""

    @property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(re.escape(self.path).replace(r"\{\}", "([^/]+)"))


class FrontDoor:
    """Finds the door for a request, after everything that stands before it."""

    def __init__(self, service: Service, doors: Sequence[Door]) -> None:
        self._service = service
        self._doors = [(door, door.pattern) for door in doors]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        path = request.path.removeprefix(BASE)
        found = [(door, match) for door, pattern in self._doors if (match := pattern.fullmatch(path))]
        door, match = next(((door, match) for door, match in found if door.method == request.method), (None, None))
        if door is None or match is None:
            why: Json = {"message": "405: Method Not Allowed" if found else "404: Not Found", "code": 0}
            return _respond(405 if found else 404, why)
        if not door.open and request.headers.get("Authorization") != f"Bot {self._service.token}":
            return _respond(401, {"message": "401: Unauthorized", "code": 0})
        if self._service.outages:
            return _respond(self._service.outages.popleft(), {"message": "upstream connect error", "code": 0})
        noted: Json = {}
        told: object
        try:
            asked = await _read(request, path, match.groups())
            if self._service.strict:
                noted = self._service.record(asked, _without_token(door, match))
            self._service.gateway.notes = False
            status, told, headers = self._do(door, asked)
        except Refused as refused:
            status, told, headers = refused.status, refused.body, {}
            if refused.retry_after is not None:
                headers = {"Retry-After": str(int(refused.retry_after) + 1), "Via": "1.1 google"}
            if isinstance(refused, Limited):
                headers |= refused.headers
        except _BrokenLine:
            if request.transport is not None:
                request.transport.abort()
            status, told, headers = 502, None, {}
        finally:
            self._service.gateway.notes = True
        noted["status"] = status
        self._service.world.changed()
        return _respond(status, told, headers)

    def _do(self, door: Door, asked: Request) -> tuple[int, object, dict[str, str]]:
        happenings.archive_quiet_threads(self._service)
        headers: dict[str, str] = {}
        if not asked.path.startswith(("/interactions/", "/webhooks/")):
            headers = self._service.limits.spend(f"{door.method} {door.path}", asked.names[0] if asked.names else "")
        if door.kind == "answer":
            return self._answer(door, asked)
        fault = self._service.faults.popleft() if door.kind and self._service.faults else None
        if fault is not None and not fault.after_storing:
            self._fail(door.kind, asked, fault)
            # 503 is the one error of a server that discord.py does not try again by itself.
            return 503, {"message": "upstream connect error", "code": 0}, headers
        told = door.handler(self._service, asked)
        if fault is not None:
            raise _BrokenLine
        return (204 if told is None else 200), told, headers

    def _answer(self, door: Door, asked: Request) -> tuple[int, object, dict[str, str]]:
        fault = self._service.answer_faults.popleft() if self._service.answer_faults else None
        if fault is None or fault.after_storing:
            told = door.handler(self._service, asked)
        if fault is not None:
            return 502, {"message": "upstream connect error", "code": 0}, {}
        return (204 if told is None else 200), told, {}

    def _fail(self, kind: Kind, asked: Request, fault: Fault) -> None:
        components, content = asked.fields.get("components") or [], asked.fields.get("content") or ""
        message = asked.names[1] if len(asked.names) > 1 else ""
        if kind in ("post", "edit") and not fault.code:
            logged = Logged(kind, asked.names[0], message, components, content, self._service.now())
            self._service.failed.append(logged)
        if fault.code:
            raise Refused(fault.code, retry_after=fault.retry_after)
        if fault.retry_after is not None:
            raise Limited(fault.retry_after, headers={"X-RateLimit-Scope": "shared"})


class _BrokenLine(Exception):  # noqa: N818 - nothing that anybody catches but the door
    """The connection breaks after what was asked was done."""


async def _read(request: web.Request, path: str, names: Sequence[str]) -> Request:
    asked = Request(request.method, path, list(names), dict(request.query))
    if request.content_type == "multipart/form-data":
        await _read_parts(request, asked)
    elif request.can_read_body and (written := await request.read()):
        if request.content_type != "application/json":
            raise wrong("", f'Expected "Content-Type" header to be application/json, not {request.content_type}.')
        asked.body = _parse(written)
    return asked


async def _read_parts(request: web.Request, asked: Request) -> None:
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            raise wrong("", "A part that holds parts.")
        content = bytes(await part.read(decode=True))
        if part.name == "payload_json":
            asked.body = _parse(content)
        elif re.fullmatch(r"files\[\d+\]", part.name or "") and part.filename:
            asked.files[part.filename] = content
        else:
            raise wrong("", f"A part called {part.name!r}.")


def _parse(written: bytes) -> object:
    try:
        return json.loads(written)
    except ValueError:
        raise Refused(50109) from None


def _without_token(door: Door, match: re.Match[str]) -> str:
    if door.path.startswith(("/interactions/", "/webhooks/")):
        return match[0].replace(match[2], TOKEN)
    return match[0]


def _respond(status: int, told: object, headers: dict[str, str] | None = None) -> web.Response:
    """Answer with JSON whose content type has no charset: clients compare it letter for letter."""
    if told is None:
        return web.Response(status=status, headers=headers)
    body = json.dumps(told).encode()
    return web.Response(status=status, body=body, headers=headers, content_type="application/json")
