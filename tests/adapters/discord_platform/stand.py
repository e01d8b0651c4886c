"""A town's stand-in for Discord: a real server on this machine, and people who act on it.

It has the same words as the playground's room, so that whatever is played there can be played here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from tests.adapters.discord_platform import api_application, api_events, api_interactions, api_messages, api_places
from tests.adapters.discord_platform.acting import Acting
from tests.adapters.discord_platform.api import FrontDoor
from tests.adapters.discord_platform.limits import Limits
from tests.adapters.discord_platform.service import BASE
from tests.adapters.discord_platform.sessions import Told

DOORS = (*api_messages.DOORS, *api_places.DOORS, *api_application.DOORS, *api_interactions.DOORS, *api_events.DOORS)


class DiscordStand(Acting):
    """Everything together: start it, point Drumbeat at ``api_url`` with ``token``, and let people act."""

    platform = "discord"

    async def start(self) -> None:
        """Open the server; after a stop on the same port as before."""
        await self.service.start(FrontDoor(self.service, DOORS).answer)

    async def stop(self) -> None:
        """Close the server. What there is stays, also the sessions, as in a short outage."""
        await self.service.stop()

    @property
    def api_url(self) -> str:
        """Where the HTTP API is; it tells where the gateway is."""
        return f"http://127.0.0.1:{self.service.port}{BASE}"

    # ------------------------------------------------------------------------------------------- waiting

    async def wait_until(self, condition: Callable[[], bool], seconds: float = 5) -> None:
        """Wait until something is so; it is looked at whenever anything changed, and never in between."""
        await self.world.wait_until(condition, seconds)

    @property
    def connected(self) -> int:
        """How many shards are connected and were welcomed."""
        return sum(session.line is not None for session in self.service.gateway.sessions.values())

    @property
    def events(self) -> deque[Told]:
        """What was told lately, for ``redeliver``."""
        return self.service.gateway.events

    # ------------------------------------------------------------------------------------------- mishaps

    def drop_connections(self) -> None:
        """Break every connection to the gateway without a word."""
        self.service.gateway.drop()

    def fall_silent(self) -> None:
        """Leave every connection open and dead, as a broken network does."""
        self.service.gateway.fall_silent()

    def ask_to_reconnect(self) -> None:
        """Ask everybody to connect anew (opcode 7)."""
        self.service.gateway.ask_to_reconnect()

    def invalidate_sessions(self, *, resumable: bool = False) -> None:
        """Tell everybody that their session is over (opcode 9), or only to take it up again."""
        self.service.gateway.invalidate(resumable=resumable)

    @property
    def limits(self) -> Limits:
        """The rate limits: ``limits.posts`` and ``limits.old_edits`` switch them on."""
        return self.service.limits
