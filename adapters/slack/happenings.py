"""What happens in Slack without waiting for an answer: words, reactions, comings and goings, huddles, uninstalls."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from adapters.slack.answering import Answering
from adapters.slack.authorizing import UNSURE
from adapters.slack.entering import Entering
from adapters.slack.errands import Errands
from adapters.slack.home import Home
from adapters.slack.listen import actor, happened
from adapters.slack.people import People
from adapters.slack.presence import Presence
from adapters.slack.words import people_in
from adapters.slack.workspaces import Install, NotFoundYetError
from bot.chat import Answer, Changed, Event, Looked, Person, Whisper

Json = dict[str, Any]

TOLD_KEPT = 50_000


class Happenings:
    """Reads events and passes them on. ``gone`` lets an uninstalled workspace go."""

    def __init__(  # noqa: PLR0913 - its parts, by name
        self,
        *,
        people: People,
        answering: Answering,
        home: Home,
        errands: Errands,
        hear: Callable[[Event], Awaitable[Answer]],
        gone: Callable[[str], Awaitable[None]],
        entering: Entering,
        presence: Presence,
        now: Callable[[], datetime],
    ) -> None:
        self._people = people
        self._answering = answering
        self._home = home
        self._errands = errands
        self._hear = hear
        self._gone = gone
        self._entering = entering
        self._now = now
        self._presence = presence
        self._told: OrderedDict[tuple[str, str], tuple[str, str]] = OrderedDict()

    async def on_event(self, ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        """Take an event in. It is acknowledged once it is kept; until then Slack may send it again."""
        install: Install | None = context.get("install")
        event: Json = body["event"]
        kind = event.get("type")
        if kind == "app_uninstalled" or (kind == "tokens_revoked" and (event.get("tokens") or {}).get("bot")):
            await self._gone(str(body.get("team_id") or ""))
        elif context.get(UNSURE):
            raise NotFoundYetError  # without an acknowledgement Slack tells it again
        elif install is not None:
            self._note_own(install, event)
            for one in await self._read(install, body, event):
                await self._take_in(install, one)
        await ack()

    async def _take_in(self, install: Install, event: Event) -> None:
        if isinstance(event, Looked):
            self._errands.run("show a home", self._home.show(install, event))
            return
        if isinstance(event, Changed) and not self._is_news(event):
            return
        answer = await self._hear(event)
        if isinstance(event, Changed):
            self._remember(event)
        if isinstance(answer, Whisper):
            telling = self._answering.tell(install, event.who.id, event.place, answer.message)
            self._errands.run("tell after an event", telling)

    # ------------------------------------------------------------------------------------------- reading

    async def _read(self, install: Install, body: Json, event: Json) -> list[Event]:
        about_huddles = await self._presence.read(install, body)
        if about_huddles is not None:
            return about_huddles
        user = actor(event)
        ours = user == install.bot_user
        if not user or (ours and event.get("type") != "member_joined_channel"):
            return []
        who = await self._who(install, event, user)
        if ours:
            # We were let in: what the channel refused before may be tried again.
            who = Person(who.id, who.name, bot=True)
        elif who.bot:
            return []
        if event.get("type") == "message":
            named = people_in(event.get("text") or "")
            await asyncio.gather(*(self._people.who(install, one) for one in named))
        workspace = install.workspace
        read = happened(
            body,
            workspace=workspace,
            who=who,
            name_of=lambda person: self._people.name_of(workspace, person),
            now=self._now(),
        )
        return [read] if read is not None else []

    def _note_own(self, install: Install, event: Json) -> None:
        """Note where somebody sent us away or let us in again."""
        workspace, channel = install.workspace, str(event.get("channel") or "")
        ours = event.get("user") == install.bot_user
        if event.get("type") == "channel_left" or (ours and event.get("type") == "member_left_channel"):
            self._entering.note_sent_away(workspace, channel)
        elif ours and event.get("type") == "member_joined_channel":
            self._entering.note_invited(workspace, channel)

    async def _who(self, install: Install, event: Json, user: str) -> Person:
        described = event.get("user")
        if isinstance(described, dict):
            return self._people.learn(install.workspace, described)
        return await self._people.who(install, user)

    def _is_news(self, event: Changed) -> bool:
        """Slack tells of every status and picture; only a new name or time zone matters."""
        return self._told.get((event.place.workspace, event.who.id)) != (event.who.name, event.who.zone)

    def _remember(self, event: Changed) -> None:
        self._told[event.place.workspace, event.who.id] = (event.who.name, event.who.zone)
        while len(self._told) > TOLD_KEPT:
            self._told.popitem(last=False)
