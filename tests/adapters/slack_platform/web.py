"""The Web API: who calls, may they, and what comes back; with the mishaps that a test asked for on the way.

https://docs.slack.dev/apis/web-api: arguments come as a form, as JSON or in the address; an error is told with HTTP
status 200; only too many calls (429) and Slack's own trouble (5xx) have another one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.adapters.slack_platform import (
    chat_methods,
    conversation_methods,
    file_methods,
    oauth_methods,
    user_methods,
    view_methods,
)
from tests.adapters.slack_platform.faults import SENDING
from tests.adapters.slack_platform.refusing import Json, RefusedError
from tests.adapters.slack_platform.world import Workspace

if TYPE_CHECKING:
    from tests.adapters.slack_platform.platform import SlackPlatform


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a method by the bot of a workspace."""

    platform: SlackPlatform
    workspace: Workspace
    method: str
    arguments: Json

    def text(self, name: str, default: str = "") -> str:
        value = self.arguments.get(name)
        return default if value is None else str(value)

    def needed(self, name: str) -> str:
        value = self.text(name)
        if not value:
            raise RefusedError(
                "invalid_arguments", response_metadata={"messages": [f"[ERROR] missing required field: {name}"]}
            )
        return value

    def flag(self, name: str) -> bool:
        return str(self.arguments.get(name, "")).lower() in {"1", "true"}

    def structure(self, name: str, error: str) -> Any:  # noqa: ANN401 - whatever JSON holds
        """Give an argument that is JSON, which stands as text in a form."""
        value = self.arguments.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError as why:
            raise RefusedError(error) from why

    def need(self, *scopes: str) -> None:
        """Refuse when the installation was granted none of these scopes."""
        if not self.workspace.scopes & set(scopes):
            provided = ",".join(sorted(self.workspace.scopes))
            raise RefusedError("missing_scope", needed=scopes[0], provided=provided)


Method = Callable[[Call], Json]
METHODS: dict[str, Method] = {
    **chat_methods.METHODS,
    **conversation_methods.METHODS,
    **file_methods.METHODS,
    **user_methods.METHODS,
    **view_methods.METHODS,
}


async def read_arguments(request: web.Request) -> Json:
    """Read a call's arguments however they came; a form has text only."""
    arguments: Json = dict(request.query)
    if request.content_type == "application/json":
        body = await request.read()
        try:
            arguments |= json.loads(body or b"{}")
        except (ValueError, TypeError) as why:
            raise RefusedError("invalid_json") from why
    else:
        arguments |= {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
    return arguments


def bearer(request: web.Request, arguments: Json) -> str:
    header = request.headers.get("Authorization", "")
    in_body = arguments.pop("token", "")
    return header.removeprefix("Bearer ").strip() if header.startswith("Bearer ") else str(in_body or "")


def out_of_order(status: int) -> web.Response:
    """Answer as what stands before Slack's servers does when they are in trouble: in HTML."""
    return web.Response(status=status, text="<html>Something went wrong</html>", content_type="text/html")


class WebApi:
    """Answers ``{api_url}<method>``."""

    def __init__(self, platform: SlackPlatform) -> None:
        self._platform = platform

    async def answer(self, request: web.Request) -> web.StreamResponse:
        platform, method = self._platform, request.match_info["method"]
        workspace: Workspace | None = None
        if platform.down:
            return out_of_order(platform.down)
        if platform.before_call is not None:
            await platform.before_call(method)
        try:
            arguments = await read_arguments(request)
            token = bearer(request, arguments)
            platform.record(method, arguments)
            if method == "apps.connections.open":
                return self._say(platform.sockets.issue(token))
            if method == "oauth.v2.access":
                return self._say(oauth_methods.access(platform, arguments, request.headers.get("Authorization", "")))
            workspace = self._who(token, method)
            return await self._do(request, Call(platform, workspace, method, arguments))
        except RefusedError as refused:
            return self._say(refused.answer, workspace.scopes if workspace else ())
        finally:
            platform.changed()

    async def _do(self, request: web.Request, call: Call) -> web.StreamResponse:
        platform = self._platform
        error = platform.faults.refusal(call.method)
        if error:
            raise RefusedError(error)
        fault = platform.faults.take(call.method)
        if fault is not None and not fault.after_storing:
            if call.method in SENDING:
                platform.faults.missed.append(chat_methods.sent(call))
            if fault.retry_after is not None:
                return self._slow_down(fault.retry_after)
            return out_of_order(fault.status)
        wait = platform.pace.wait(call, posts=platform.limit_posts, calls=platform.limit_calls)
        if wait:
            return self._slow_down(wait)
        answer = METHODS[call.method](call)
        if fault is not None and request.transport is not None:
            request.transport.abort()
        if platform.after_call is not None:
            await platform.after_call(call.method)
        return self._say(answer, call.workspace.scopes)

    def _who(self, token: str, method: str) -> Workspace:
        if method not in METHODS:
            raise RefusedError("unknown_method", req_method=method)
        if not token:
            raise RefusedError("not_authed")
        if token == self._platform.app_token:
            raise RefusedError("not_allowed_token_type")
        found = next((one for one in self._platform.world.workspaces.values() if one.bot_token == token), None)
        if found is None:
            raise RefusedError("invalid_auth")
        if not found.installed:
            # 'Authentication token is for a deleted user or workspace when using a bot token.'
            raise RefusedError("account_inactive")
        return found

    def _say(self, answer: Json, scopes: Collection[str] = ()) -> web.Response:
        return web.json_response(answer, headers={"X-OAuth-Scopes": ",".join(sorted(scopes))} if scopes else {})

    def _slow_down(self, seconds: float) -> web.Response:
        return web.json_response(
            {"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": f"{seconds:g}"}
        )
