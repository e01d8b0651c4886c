"""The workspaces that Drumbeat is installed in, and the token that opens each."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import structlog
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext

from adapters.slack.calls import Calls
from adapters.slack.refusals import NO_TOKEN, SlackError
from bot.chat import DeliveryError

log = structlog.get_logger()

KNOWN_SECONDS = 600.0
# Short, because somebody may be installing it at this moment through another process.
UNKNOWN_SECONDS = 10.0


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


class Workspaces:
    """Finds installs, from memory where it can: every command waits for this before it is answered."""

    def __init__(self, calls: Calls, *, bot_token: str, installs: Installs | None) -> None:
        self._calls = calls
        self._bot_token = bot_token
        self.installs = installs
        self._own: Install | None = None
        self._asking = asyncio.Lock()
        self._known: dict[str, tuple[float, Install | None]] = {}

    async def find(self, workspace: str) -> Install | None:
        """Find an install, or nothing where Drumbeat is not installed (any more)."""
        if self._bot_token and (own := await self.own()).workspace == workspace:
            return own
        # The app may be installed in further workspaces, whose people must never be taken for those of the first.
        until, install = self._known.get(workspace, (0.0, None))
        if time.monotonic() >= until:
            install = await self.installs.load(workspace) if self.installs is not None and workspace else None
            lasts = KNOWN_SECONDS if install is not None else UNKNOWN_SECONDS
            self._known[workspace] = (time.monotonic() + lasts, install)
        return install

    async def need(self, workspace: str) -> Install:
        """Find the install that something is to be sent with."""
        install = await self.find(workspace)
        if install is None:
            raise DeliveryError(
                "I am not installed in that Slack workspace any more",
                mend="Install me there again; what was to be said is shown at the next occasion.",
                permanent=True,
            )
        return install

    async def own(self) -> Install:
        """Ask Slack once whose token it is that the settings name."""
        if self._own is not None:
            return self._own
        async with self._asking:
            if self._own is None:
                self._own = await describe(self._calls, self._bot_token)
            return self._own

    async def save(self, install: Install) -> None:
        if self.installs is not None:
            await self.installs.save(install)
        self._known.pop(install.workspace, None)

    async def uninstalled(self, workspace: str) -> bool:
        """Let a workspace go if its token really is void: the news may be older than a new install."""
        self._known.pop(workspace, None)
        install = await self.find(workspace)
        if install is None:
            return True
        try:
            await self._calls.call("auth.test", token=install.token)
        except SlackError as error:
            if error.error not in NO_TOKEN:
                raise
        else:
            return False
        self._known.pop(workspace, None)
        if install is self._own:
            self._own = None
        elif self.installs is not None:
            await self.installs.remove(workspace)
        return True


class Authorizing(AsyncAuthorize):
    """Tells slack-bolt who we are where a request comes from; the install stands in its context for us.

    slack-bolt's own way asks Slack and a database for each request.
    """

    def __init__(self, workspaces: Workspaces) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # the library's types end here
        self._workspaces = workspaces

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,  # noqa: ARG002 - the library's argument
        **_: str | None,
    ) -> AuthorizeResult:
        install = await self._workspaces.find(team_id or "")
        context["install"] = install
        if install is None:
            return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id)
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=install.workspace,
            bot_id=install.bot,
            bot_user_id=install.bot_user,
            bot_token=install.token,
        )


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
