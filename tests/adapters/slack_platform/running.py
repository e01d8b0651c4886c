"""Running this Slack, and what goes wrong with it when a test says so."""

from __future__ import annotations

from collections.abc import Callable

from tests.adapters.slack_platform.dispatch import Envelope
from tests.adapters.slack_platform.faults import SENDING, Fault
from tests.adapters.slack_platform.refusing import Json, UnansweredError
from tests.adapters.slack_platform.setting import Setting


class Running(Setting):
    """The server with its address, its tokens, its connections and its mishaps."""

    async def start(self, port: int = 0) -> None:
        await self.platform.start(port)

    async def stop(self) -> None:
        await self.platform.stop()

    @property
    def api_url(self) -> str:
        return self.platform.api_url

    @property
    def bot_token(self) -> str:
        return self.token_of("movement")

    @property
    def app_token(self) -> str:
        return self.platform.app_token

    @property
    def signing_secret(self) -> str:
        return self.platform.signing_secret

    @property
    def recorded(self) -> list[Json]:
        """Every call of the app and every acknowledgement with a body, as the checks of recorded calls read them."""
        return self.platform.recorded

    @property
    def failures(self) -> list[str]:
        """What was not acknowledged in time or well, in order."""
        return self.platform.dispatch.failures

    @property
    def events(self) -> list[Envelope]:
        """What people's acts caused to be sent, the newest last."""
        return list(self.platform.dispatch.sent)

    async def wait_until(self, condition: Callable[[], object], seconds: float = 5) -> None:
        """Wait until something holds, looking whenever anything changed."""
        assert await self.platform.changes.wait_until(condition, seconds), "it did not happen in time"

    # ------------------------------------------------------------------------------------------- mishaps

    def fail_next(
        self,
        n: int,
        *,
        retry_after: float | None = None,
        after_storing: bool = False,
        status: int = 503,
        method: str = "",
    ) -> None:
        """Let the next ``n`` posts or edits, or calls of the method, fail for the time being.

        With ``retry_after`` Slack asks to wait (429), else its servers are in trouble (``status``); with
        ``after_storing`` they arrive, but the connection breaks on the way back.
        """
        self.platform.faults.fail(n, Fault(retry_after, after_storing, status), method)

    def refuse_next(self, error: str, *methods: str) -> None:
        """Let the next post or edit, or the next call of these methods, be refused with one of Slack's errors."""
        self.platform.faults.refuse(error, methods or SENDING)

    def break_api(self, status: int = 503) -> None:
        """Let every call fail from now on, until 0 says that all is well again."""
        self.platform.down = status

    def drop_connections(self) -> None:
        """Break every connection of the app off."""
        self.platform.sockets.drop()

    def refuse_sockets(self, *, refuse: bool = True) -> None:
        """Take no new connection from now on, or take them again."""
        self.platform.sockets.refusing = refuse

    def mute_sockets(self, *, mute: bool = True) -> None:
        """Say nothing on open connections from now on, not even to a ping, as when a network swallows everything."""
        self.platform.sockets.muted = mute

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Tell the app that its connections end, and end them; 'warning' only tells."""
        await self.platform.sockets.ask_to_leave(reason)

    async def deliver_to(self, url: str) -> None:
        """Send everything to an address from now on, when it proved to be the app's."""
        self.platform.callbacks.url = url
        if not await self.platform.callbacks.verify():
            self.platform.callbacks.url = ""
            raise UnansweredError("Your URL didn't respond with the value of the challenge parameter.")
