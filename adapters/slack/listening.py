"""The ears: every command, press and form that Slack sends comes in here and is answered in time."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext

from adapters.slack.answering import ANSWER_SECONDS, Answering, Asked, apology
from adapters.slack.authorizing import UNSURE
from adapters.slack.errands import Errands
from adapters.slack.forms import field_names, read_where
from adapters.slack.happenings import Happenings
from adapters.slack.listen import action_of, commanded, pressed, submitted
from adapters.slack.people import People
from adapters.slack.recording import where_in
from adapters.slack.render import render_problems
from adapters.slack.workspaces import Install
from bot.chat import Answer, Event, Problems

Json = dict[str, Any]
log = structlog.get_logger()

NOT_INSTALLED = "I am not installed in this workspace (any more), so I cannot do that."
NOT_NOW = "Sorry, I cannot reach what I noted down just now, so nothing was done. Please try again in a minute."


class Listening:
    """Takes what slack-bolt brings, and passes on what concerns us."""

    def __init__(
        self,
        *,
        people: People,
        answering: Answering,
        happenings: Happenings,
        errands: Errands,
        hear: Callable[[Event], Awaitable[Answer]],
        now: Callable[[], datetime],
    ) -> None:
        self._people = people
        self._answering = answering
        self._happenings = happenings
        self._errands = errands
        self._hear = hear
        self._now = now

    def register(self, app: AsyncApp) -> None:
        """Hear everything: what nobody acknowledges, Slack sends again, and in the end it would send nothing more."""
        everything = re.compile(".*", re.DOTALL)
        # slack-bolt tries them one after the other, so what comes in crowds stands first.
        app.action(everything)(self.on_press)
        app.command(everything)(self.on_command)
        app.view_submission(everything)(self.on_form)
        app.event(everything)(self._happenings.on_event)
        # Nothing that we send leads to these.
        app.view_closed(everything)(self.on_nothing)
        app.shortcut(everything)(self.on_nothing)
        app.options(everything)(self.on_nothing)

    # slack-bolt calls a listener by the names of its arguments, and gives None for a name that it does not know.

    async def on_command(self, ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        until = _deadline()
        install: Install | None = context["install"]
        if install is None:
            await ack({"response_type": "ephemeral", "text": _why_not(context)})
            return
        channel, called = body.get("channel_id", ""), body.get("user_name", "")
        who = await self._people.who(install, body["user_id"], channel=channel, called=called, surely=True)
        event = commanded(body, workspace=install.workspace, who=who, now=self._now())
        asked = Asked(
            install=install,
            event=event,
            until=until,
            trigger=body["trigger_id"],
            response_url=body.get("response_url", ""),
        )
        await ack(await self._answering.to_command(asked, self._ask(event)))

    async def on_press(self, ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        until = _deadline()
        install: Install | None = context["install"]
        action = action_of(body)
        if action is None:
            await ack()
            return
        if install is None:
            self._errands.run("say no to a press", self._answering.say_no(body.get("response_url"), _why_not(context)))
            await ack()
            return
        who = await self._people.who(install, body["user"]["id"], called=_called(body))
        event = pressed(body, workspace=install.workspace, who=who, action=action, now=self._now())
        asked = Asked(
            install=install,
            event=event,
            until=until,
            trigger=body.get("trigger_id", ""),
            response_url=body.get("response_url") or "",
            home=(body.get("view") or {}).get("type") == "home",
        )
        await ack(await self._answering.to_press(asked, self._ask(event)))

    async def on_form(self, ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        until = _deadline()
        install: Install | None = context["install"]
        if install is None:
            # What was typed stays where it is.
            await ack(render_problems(Problems({"": _why_not(context)}), field_names(body["view"])))
            return
        where = read_where(body["view"])
        who = await self._people.who(
            install, body["user"]["id"], channel=where.channel, called=_called(body), surely=True
        )
        event = submitted(body, workspace=install.workspace, who=who, now=self._now())
        if event is None:
            await ack()
            return
        asked = Asked(install=install, event=event, until=until, view=body["view"], home=where.home)
        await ack(await self._answering.to_form(asked, self._ask(event)))

    async def on_nothing(self, ack: AsyncAck) -> None:
        await ack()

    def _ask(self, event: Event) -> asyncio.Task[Answer]:
        """Let the engine answer. It is never cut off: what takes too long for Slack still has to be done."""
        return self._errands.run("hear", self._answer(event))

    async def _answer(self, event: Event) -> Answer:
        try:
            return await self._hear(event)
        except Exception as error:  # noqa: BLE001 - the person gets an apology, whatever it is
            # Its text may hold what somebody wrote.
            kind = type(error).__name__
            log.error("slack: could not answer", what=type(event).__name__, error=kind, where=where_in(error))  # noqa: TRY400
            return apology(event)


def _deadline() -> float:
    return asyncio.get_running_loop().time() + ANSWER_SECONDS


def _why_not(context: AsyncBoltContext) -> str:
    return NOT_NOW if context.get(UNSURE) else NOT_INSTALLED


def _called(body: Json) -> str:
    """Give what a payload itself says of somebody's name."""
    user: Json = body["user"]
    return str(user.get("name") or user.get("username") or "")
