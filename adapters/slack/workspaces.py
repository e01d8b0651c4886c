"""The workspaces that Drumbeat is installed in, and the token that opens each."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import structlog

from adapters.slack.calls import Calls
from adapters.slack.errands import Errands
from adapters.slack.refusals import NO_TOKEN, SlackError
from bot.chat import DeliveryError

log = structlog.get_logger()

KNOWN_SECONDS = 600.0
# Short, because somebody may be installing it at this moment through another process.
UNKNOWN_SECONDS = 10.0
# Slack waits three seconds for an answer, and the answer itself needs most of them.
FIND_SECONDS = 0.5
OPEN_SECONDS = 10.0

_AGAIN = "Install the app in the workspace again, give its new bot token as SLACK_BOT_TOKEN, and start me again."


@dataclass(frozen=True, slots=True)
class Install:
    """Drumbeat in one workspace: its token, and what it is called there."""

    workspace: str
    name: str
    token: str = field(repr=False)
    bot_user: str
    bot: str
    app: str = ""
    enterprise: str = ""


class Installs(Protocol):
    """Where installs are kept. The program keeps them in its database, tokens encrypted."""

    async def load(self, workspace: str) -> Install | None:
        """Give the install of a workspace."""

    async def save(self, install: Install) -> None:
        """Keep an install, instead of an older one of the same workspace."""

    async def remove(self, workspace: str) -> None:
        """Forget a workspace."""

    async def all(self) -> Sequence[Install]:
        """List every install."""


class NotFoundYetError(Exception):
    """Where installs are kept did not answer (in time), so nobody knows whether Drumbeat is installed."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is remembered of a workspace, and until when without looking again."""

    install: Install | None
    until: float


class Workspaces:
    """Finds installs, from memory where it can: every command waits for this before it is answered.

    ``void``: Drumbeat was uninstalled, or its token taken back, in the one workspace that the settings name.
    """

    def __init__(self, calls: Calls, errands: Errands, *, bot_token: str, installs: Installs | None) -> None:
        self._calls = calls
        self._errands = errands
        self._bot_token = bot_token
        self.installs = installs
        self.void = False
        self._own: Install | None = None
        self._asking = asyncio.Lock()
        self._known: dict[str, Known] = {}
        self._looking: dict[str, asyncio.Task[Install | None]] = {}

    async def open(self) -> None:
        """Take every install into memory, so that nobody who acts has to wait for it."""
        if self.installs is None:
            return
        try:
            async with asyncio.timeout(OPEN_SECONDS):
                for install in await self.installs.all():
                    self._keep(install.workspace, install)
        except Exception as error:  # noqa: BLE001 - whatever it is, each is looked for when it is needed
            log.warning("slack: the installs could not be read", error=type(error).__name__)

    async def find(self, workspace: str) -> Install | None:
        """Find an install, or nothing where Drumbeat is not installed (any more), within half a second.

        Raises ``NotFoundYetError`` where that is not to be known so soon.
        """
        known = self._at_hand(workspace)
        if known is not None:
            return known.install
        looking = self._look(workspace)
        done, _ = await asyncio.wait({looking}, timeout=FIND_SECONDS)
        if not done or looking.cancelled() or looking.exception() is not None:
            raise NotFoundYetError
        return looking.result()

    async def need(self, workspace: str) -> Install:
        """Find the install that something is to be sent with, however long that takes."""
        known = self._at_hand(workspace)
        try:
            install = known.install if known is not None else await asyncio.shield(self._look(workspace))
        except DeliveryError:
            raise
        except Exception as error:
            why = f"I could not look up the Slack workspace ({type(error).__name__})"
            raise DeliveryError(why, mend="See whether my database can be reached.") from error
        if install is None:
            raise DeliveryError(
                "I am not installed in that Slack workspace any more",
                mend="Install me there again; what was to be said is shown at the next occasion.",
                permanent=True,
                shut_out=True,
            )
        return install

    async def own(self) -> Install:
        """Ask Slack once whose token it is that the settings name; again, once it was void."""
        async with self._asking:
            if self._own is None or self.void:
                self._own = await describe(self._calls, self._bot_token)
                self.void = False
                self._known[self._own.workspace] = Known(self._own, float("inf"))
            return self._own

    async def save(self, install: Install) -> None:
        if self.installs is not None:
            await self.installs.save(install)
        # Who is looking at this moment may have found what was there before.
        self._looking.pop(install.workspace, None)
        self._keep(install.workspace, install)

    async def uninstalled(self, workspace: str) -> bool:
        """Let a workspace go if its token really is void: the news may be older than a new install."""
        ours = self._own is not None and self._own.workspace == workspace
        install = self._own if ours else await self._look(workspace)
        if install is None:
            return True
        try:
            await self._calls.call("auth.test", token=install.token)
        except SlackError as error:
            if error.error not in NO_TOKEN:
                raise
        else:
            return False
        if ours and not self.void:
            self.void = True
            log.error("slack: uninstalled, nothing can be said or heard any more", workspace=workspace, mend=_AGAIN)
        elif not ours and self.installs is not None:
            await self.installs.remove(workspace)
            log.info("slack: uninstalled", workspace=workspace)
        self._looking.pop(workspace, None)
        self._keep(workspace, None)
        return True

    # ------------------------------------------------------------------------------------------- on the way

    def _at_hand(self, workspace: str) -> Known | None:
        """Give what is remembered. What is old is looked up anew, but an install serves until that is done."""
        known = self._known.get(workspace)
        if known is None or time.monotonic() < known.until:
            return known
        self._look(workspace)
        return known if known.install is not None else None

    def _look(self, workspace: str) -> asyncio.Task[Install | None]:
        """Look where installs are kept, once for all who wait for it."""
        looking = self._looking.get(workspace)
        if looking is None or looking.done():
            looking = self._looking[workspace] = self._errands.run("find a workspace", self._load(workspace))
        return looking

    async def _load(self, workspace: str) -> Install | None:
        install: Install | None = None
        try:
            # The app may be installed in further workspaces, whose people must never be taken for those of the first.
            own = await self._own_of(workspace)
            if own is not None:
                return own
            if self.installs is not None and workspace:
                install = await self.installs.load(workspace)
        except BaseException:
            if self._is_mine(workspace) and (before := self._known.get(workspace)) and before.install:
                self._known[workspace] = Known(before.install, time.monotonic() + UNKNOWN_SECONDS)
            raise
        else:
            if self._is_mine(workspace):
                self._keep(workspace, install)
            return install
        finally:
            if self._is_mine(workspace):
                del self._looking[workspace]

    async def _own_of(self, workspace: str) -> Install | None:
        """Give the install that the settings name, if it is this workspace's and its token is good."""
        if not self._bot_token or (self._own is not None and self._own.workspace != workspace):
            return None
        try:
            own = await self.own()
        except SlackError as error:
            if self.void and error.error in NO_TOKEN:
                return None
            raise
        return own if own.workspace == workspace else None

    def _is_mine(self, workspace: str) -> bool:
        """Tell whether what this task found still counts: an install may have been saved meanwhile."""
        return self._looking.get(workspace) is asyncio.current_task()

    def _keep(self, workspace: str, install: Install | None) -> None:
        if self._own is not None and self._own.workspace == workspace and not self.void:
            return  # the settings come first
        lasts = KNOWN_SECONDS if install is not None else UNKNOWN_SECONDS
        self._known[workspace] = Known(install, time.monotonic() + lasts)


async def describe(calls: Calls, token: str, *, app: str = "") -> Install:
    """Ask Slack whose token this is."""
    who = await calls.call("auth.test", token=token)
    return Install(
        workspace=str(who.get("team_id") or ""),
        name=str(who.get("team") or ""),
        token=token,
        bot_user=str(who.get("user_id") or ""),
        bot=str(who.get("bot_id") or ""),
        app=app,
        enterprise=str(who.get("enterprise_id") or ""),
    )
