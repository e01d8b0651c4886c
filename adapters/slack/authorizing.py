"""Telling slack-bolt who we are where something comes from."""

from __future__ import annotations

from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext

from adapters.slack.workspaces import Install, NotFoundYetError, Workspaces

# Stands in a request's context when nobody knows yet whether Drumbeat is installed where it comes from.
UNSURE = "unsure"


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
        install: Install | None = None
        try:
            install = await self._workspaces.find(team_id or "")
        except NotFoundYetError:
            # Not raised on: slack-bolt would answer with an error that tells nobody anything.
            context[UNSURE] = True
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
