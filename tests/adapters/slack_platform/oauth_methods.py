"""Installing the app: https://docs.slack.dev/authentication/installing-with-oauth."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from aiohttp import web
from yarl import URL

from tests.adapters.slack_platform.objects import APP
from tests.adapters.slack_platform.refusing import Json, RefusedError

if TYPE_CHECKING:
    from tests.adapters.slack_platform.platform import SlackPlatform

CLIENT_ID = "111.222"
CLIENT_SECRET = "made-up-client-secret"
# 'This code is … used within ten minutes.'
CODE_LIVES = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Code:
    team: str
    scopes: frozenset[str]
    redirect_uri: str
    user: str
    at: datetime


async def authorize(request: web.Request, platform: SlackPlatform) -> web.Response:
    """Let somebody install the app in the workspace ``team``, or refuse it with ``deny=1``; then send them back.

    The real page asks; here the answer stands in the address, and without ``team`` it is ``platform.installing``.
    """
    asked = request.query
    if asked.get("client_id") != CLIENT_ID:
        return web.Response(status=400, text="invalid_client_id")
    back = URL(asked.get("redirect_uri") or platform.redirect_uri)
    if platform.redirect_uri and not str(back).startswith(platform.redirect_uri):
        return web.Response(status=400, text="bad_redirect_uri")
    state = {"state": asked["state"]} if "state" in asked else {}
    if asked.get("deny"):
        raise web.HTTPFound(back.update_query({"error": "access_denied", **state}))
    scopes = frozenset(one for one in asked.get("scope", "").split(",") if one)
    if not scopes:
        return web.Response(status=400, text="no_scopes")
    workspace = platform.found(asked.get("team") or platform.installing)
    user = next(iter(workspace.people), "")
    written = platform.world.serial("code-")
    platform.codes[written] = Code(workspace.id, scopes, asked.get("redirect_uri", ""), user, platform.world.now())
    raise web.HTTPFound(back.update_query({"code": written, **state}))


def access(platform: SlackPlatform, arguments: Json, header: str) -> Json:
    """Exchange a code for a token: once, within ten minutes, with the app's secret and the same address."""
    given = (str(arguments.get("client_id", "")), str(arguments.get("client_secret", "")))
    if header.startswith("Basic "):
        one, _, other = base64.b64decode(header.removeprefix("Basic ")).decode().partition(":")
        given = (one, other)
    if given[0] != CLIENT_ID:
        raise RefusedError("invalid_client_id")
    if given[1] != CLIENT_SECRET:
        raise RefusedError("bad_client_secret")
    code = platform.codes.pop(str(arguments.get("code", "")), None)
    if code is None or platform.world.now() > code.at + CODE_LIVES:
        raise RefusedError("invalid_code")
    if str(arguments.get("redirect_uri") or "") != code.redirect_uri:
        raise RefusedError("bad_redirect_uri")
    workspace = platform.world.workspaces[code.team]
    if not workspace.installed:
        # Removing the app ends its token; installing it once more without that gives the same one.
        workspace.bot_token = f"xoxb-{workspace.id}-{platform.world.serial('made-up-')}"
    workspace.scopes, workspace.installed = set(code.scopes), True
    return {
        "ok": True,
        "app_id": APP,
        "authed_user": {"id": code.user},
        "scope": ",".join(sorted(code.scopes)),
        "token_type": "bot",
        "access_token": workspace.bot_token,
        "bot_user_id": workspace.bot_user,
        # An installation in a whole organization names no workspace.
        "team": None if platform.org_install else {"id": workspace.id, "name": workspace.name},
        "enterprise": {"id": "EMADEUP", "name": "Made up"} if platform.org_install else None,
        "is_enterprise_install": platform.org_install,
    }
