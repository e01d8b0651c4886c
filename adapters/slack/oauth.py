"""Installing Drumbeat in a further workspace: two pages, and the token that Slack gives for it.

https://docs.slack.dev/authentication/installing-with-oauth
"""

from __future__ import annotations

import hmac
import html
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode, urlsplit

import structlog
from aiohttp import web

from adapters.slack.calls import Calls
from adapters.slack.manifest import INSTALL_PATH, REDIRECT_PATH, SCOPES
from adapters.slack.refusals import SlackError
from adapters.slack.workspaces import Install, Workspaces, describe

log = structlog.get_logger()

COOKIE = "drumbeat_slack"
STATE_SECONDS = 600
BAD_REQUEST = 400
FORBIDDEN = 403
TRY_LATER = 502

_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<body style="font: 1.1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem">
<h1>{title}</h1>{paragraphs}</body></html>
"""


@dataclass(frozen=True, slots=True)
class OAuth:
    """What Slack gave the app, and the address at which people reach Drumbeat.

    ``seal`` closes a word so that only ``unseal`` can open it, and that within so many seconds. Where there is a
    ``code``, only those who have it in their link may install.
    """

    client_id: str
    client_secret: str = field(repr=False)
    public_url: str
    seal: Callable[[str], str]
    unseal: Callable[[str, int], str | None]
    code: str = field(default="", repr=False)

    @property
    def redirect(self) -> str:
        return self.public_url.rstrip("/") + REDIRECT_PATH

    @property
    def install(self) -> str:
        return self.public_url.rstrip("/") + INSTALL_PATH


class Installing:
    """The pages. Nothing is kept between them but a cookie, and the same word sealed in Slack's ``state``."""

    def __init__(self, oauth: OAuth, calls: Calls, workspaces: Workspaces) -> None:
        self._oauth = oauth
        self._calls = calls
        self._workspaces = workspaces

    async def begin(self, request: web.Request) -> web.Response:
        """Send whoever wants to install to Slack, which asks them whether they mean it."""
        given = request.query.get("code", "")
        if self._oauth.code and not hmac.compare_digest(given.encode(), self._oauth.code.encode()):
            ask = "Ask whoever runs this Drumbeat for the link that lets your workspace in."
            return _page("This link is not enough", ask, status=FORBIDDEN)
        nonce = secrets.token_urlsafe(24)
        address = urlsplit(self._calls.api_url)
        asked = {
            "client_id": self._oauth.client_id,
            "scope": ",".join(SCOPES),
            "state": self._oauth.seal(nonce),
            "redirect_uri": self._oauth.redirect,
        }
        there = f"{address.scheme}://{address.netloc}/oauth/v2/authorize?{urlencode(asked)}"
        response = web.Response(status=302, headers={"Location": there, "Cache-Control": "no-store"})
        response.set_cookie(
            COOKIE,
            nonce,
            max_age=STATE_SECONDS,
            path=REDIRECT_PATH,
            httponly=True,
            samesite="Lax",
            secure=self._oauth.public_url.startswith("https://"),
        )
        return response

    async def finish(self, request: web.Request) -> web.Response:
        """Take what Slack sends back, and say what comes next."""
        again = f"Begin again {'with your link' if self._oauth.code else f'at {self._oauth.install}'}."
        nonce = self._oauth.unseal(request.query.get("state", ""), STATE_SECONDS)
        cookie = request.cookies.get(COOKIE, "")
        if not nonce or not hmac.compare_digest(nonce.encode(), cookie.encode()):
            return _page("That took too long", "Or it was begun in another browser.", again, status=BAD_REQUEST)
        if request.query.get("error"):
            return _page("Not installed", "Slack says that it was not allowed.", again, status=BAD_REQUEST)
        try:
            install = await self._exchange(request.query.get("code", ""))
        except SlackError as error:
            log.warning("slack: an install failed", error=error.error)
            status = BAD_REQUEST if error.permanent else TRY_LATER
            return _page("Not installed", f"Slack did not confirm it: {error.why}.", again, status=status)
        if install is None:
            only = "Drumbeat is installed in one workspace at a time, not in a whole organization."
            return _page("Choose a workspace", only, again, status=BAD_REQUEST)
        await self._workspaces.save(install)
        log.info("slack: installed", workspace=install.workspace)
        response = _page(
            f"Drumbeat is in {install.name}",
            "Now, in the channel of your movement, type /invite @Drumbeat and then /drumbeat.",
        )
        response.del_cookie(COOKIE, path=REDIRECT_PATH)
        return response

    async def _exchange(self, code: str) -> Install | None:
        """Get the token for a code; nothing where it would be one for a whole organization."""
        asked = {
            "client_id": self._oauth.client_id,
            "client_secret": self._oauth.client_secret,
            "code": code,
            "redirect_uri": self._oauth.redirect,
        }
        given = await self._calls.call("oauth.v2.access", asked)
        team: dict[str, Any] = given.get("team") or {}
        if given.get("is_enterprise_install") or not team.get("id"):
            return None
        install = await describe(self._calls, str(given["access_token"]), app=str(given.get("app_id") or ""))
        enterprise = str((given.get("enterprise") or {}).get("id") or "")
        return replace(install, workspace=team["id"], name=team.get("name") or install.name, enterprise=enterprise)


def _page(title: str, *paragraphs: str, status: int = 200) -> web.Response:
    written = "".join(f"<p>{html.escape(one)}</p>" for one in paragraphs)
    page = _PAGE.format(title=html.escape(title), paragraphs=written)
    return web.Response(text=page, status=status, content_type="text/html", headers={"Cache-Control": "no-store"})
