"""The address at which Slack reaches Drumbeat over HTTP; whoever does not sign as Slack does is turned away.

https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp

from adapters.slack.errands import Errands
from adapters.slack.manifest import EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH
from adapters.slack.oauth import Installing

NOBODY = 404


class Door:
    """Takes in events, commands, presses and forms, and shows the pages for installing."""

    def __init__(
        self, app: AsyncApp, *, errands: Errands, is_open: Callable[[], bool], installing: Installing | None
    ) -> None:
        self._app = app
        self._errands = errands
        self._is_open = is_open
        self._installing = installing

    def routes(self, *, events: bool) -> list[web.RouteDef]:
        """List what the program's web server has to serve; ``events`` unless they come over sockets."""
        found = [web.post(EVENTS_PATH, self.receive)] if events else []
        if self._installing is not None:
            found.append(web.get(INSTALL_PATH, self._installing.begin))
            found.append(web.get(REDIRECT_PATH, self._installing.finish))
        return found

    async def receive(self, request: web.Request) -> web.Response:
        if not self._is_open():
            # Slack sends events again; who typed a command sees that it did not work.
            raise web.HTTPServiceUnavailable(headers={"Retry-After": "5"})
        with self._errands.attending():
            try:
                asked = await to_bolt_request(request)
            except ValueError:  # not even JSON
                raise web.HTTPBadRequest from None
            answer = await self._app.async_dispatch(asked)
            if answer.status == NOBODY:  # what no listener takes must not come again either
                return web.Response()
            return await to_aiohttp_response(answer)
