"""Who may talk to the playground: only a browser on this machine, and only the playground's own page in it.

A page elsewhere on the web can make a browser send requests to this machine (DNS rebinding, cross-site websockets), so
both the name that was called and the page that calls are checked.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Middleware

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def own_hosts(port: int) -> frozenset[str]:
    """Every way in which this machine's own browser may call the playground."""
    return frozenset(f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]"))


def make_guard(port: Callable[[], int]) -> Middleware:
    """Refuse whatever was called by another name, or by another site's page."""

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        hosts = own_hosts(port())
        origin = request.headers.get("Origin")
        if request.headers.get("Host") not in hosts:
            raise web.HTTPForbidden(text="The playground answers only to this machine.")
        if origin is not None and origin not in {f"http://{host}" for host in hosts}:
            raise web.HTTPForbidden(text="The playground answers only to its own page.")
        return await handler(request)

    return guard


async def add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """Give every answer, also a refusal, the headers that keep a browser strict."""
    response.headers.update(HEADERS)
