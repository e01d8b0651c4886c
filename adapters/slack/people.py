"""Who people are: their names, time zones and rights, asked of Slack as seldom as can be."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from adapters.slack.calls import Calls
from adapters.slack.channels import Channels
from adapters.slack.errands import Errands
from adapters.slack.listen import SLACKBOT
from adapters.slack.refusals import SlackError
from adapters.slack.workspaces import Install
from bot.chat import DeliveryError, Person

Json = dict[str, Any]

WHO_SECONDS = 1.0
KNOWN_SECONDS = 6 * 3600.0
PEOPLE_KEPT = 50_000
# When so many unknown people act at once, their names can wait: a page of everybody is cheaper than a call for each.
ASKED_AT_ONCE = 20
MANY_UNKNOWN = 40
# Slack takes at most 999: https://docs.slack.dev/reference/methods/conversations.members
PAGE = 999
PAGES_MOST = 100
# How long a list of people may wait in all because Slack asks to go slower.
LIST_PATIENCE = 300.0
ASK_PATIENCE = 30.0
AT_A_TIME = 5
NOBODY_KNOWN = frozenset({"user_not_found", "users_not_found", "user_not_visible"})


@dataclass(frozen=True, slots=True)
class Known:
    """What Slack says of somebody, and until when it is believed without asking again."""

    person: Person
    gone: bool
    until: float


class People:
    """Everybody we came across in any workspace."""

    def __init__(self, calls: Calls, channels: Channels, errands: Errands) -> None:
        self._calls = calls
        self._channels = channels
        self._errands = errands
        self._known: OrderedDict[tuple[str, str], Known] = OrderedDict()
        self._asking: dict[tuple[str, str], asyncio.Task[Person]] = {}
        self._listing: dict[str, asyncio.Task[None]] = {}

    # ------------------------------------------------------------------------------------------- one person

    async def who(
        self, install: Install, user: str, *, channel: str = "", called: str = "", surely: bool = False
    ) -> Person:
        """Say who somebody is, within a second: then at the latest by what came with their act (``called``).

        ``surely`` asks even in a rush; with ``channel`` its creator counts as a steward.
        """
        fresh, there = self._fresh(install.workspace, user), self._channels.known(install.workspace, channel)
        if fresh is not None and (there is not None or not channel):
            known, creator = fresh.person, there.creator if there is not None else ""
        else:
            known, creator = await asyncio.gather(
                self._within_time(install, user, called, surely=surely), self._creator(install, channel)
            )
        if creator and creator == user and not known.steward:
            return Person(known.id, known.name, known.zone, steward=True, bot=known.bot)
        return known

    def learn(self, workspace: str, user: Mapping[str, Any]) -> Person:
        """Take in what Slack says of a user, whether asked or told."""
        person = person_of(user)
        key = (workspace, person.id)
        self._known.pop(key, None)
        self._known[key] = Known(person, bool(user.get("deleted")), time.monotonic() + KNOWN_SECONDS)
        while len(self._known) > PEOPLE_KEPT:
            self._known.popitem(last=False)
        return person

    def name_of(self, workspace: str, user: str) -> str:
        """Give somebody's name if it is known."""
        known = self._known.get((workspace, user))
        return known.person.name if known is not None else ""

    def forget(self, workspace: str) -> None:
        """Forget everybody of a workspace."""
        for key in [key for key in self._known if key[0] == workspace]:
            del self._known[key]

    async def _within_time(self, install: Install, user: str, called: str, *, surely: bool) -> Person:
        known = self._fresh(install.workspace, user)
        if known is not None:
            return known.person
        fallback = self.as_far_as_known(install.workspace, user, called)
        if len(self._asking) >= ASKED_AT_ONCE and not surely:
            self._list_soon(install)
            return fallback
        task = self._ask(install, user)
        done, _ = await asyncio.wait({task}, timeout=WHO_SECONDS)
        return task.result() if done and task.exception() is None else fallback

    def as_far_as_known(self, workspace: str, user: str, called: str = "") -> Person:
        """Describe somebody without asking. A name that nobody knows is left out: then the old one stays."""
        known = self._known.get((workspace, user))
        if known is None:
            return Person(user, called)
        # Rights may have been taken back since.
        return Person(user, known.person.name or called, known.person.zone, bot=known.person.bot)

    def _ask(self, install: Install, user: str) -> asyncio.Task[Person]:
        key = (install.workspace, user)
        if key not in self._asking:
            task = self._errands.run("who is that", self._look_up(install, user))
            self._asking[key] = task
            task.add_done_callback(lambda _: self._asking.pop(key, None))
        return self._asking[key]

    async def _look_up(self, install: Install, user: str, *, patience: float = 0.0) -> Person:
        answer = await self._calls.call("users.info", {"user": user}, token=install.token, patience=patience)
        return self.learn(install.workspace, answer["user"])

    def _fresh(self, workspace: str, user: str) -> Known | None:
        known = self._known.get((workspace, user))
        return known if known is not None and time.monotonic() < known.until else None

    async def _creator(self, install: Install, channel: str) -> str:
        if not channel or channel.startswith("D"):
            return ""
        try:
            async with asyncio.timeout(WHO_SECONDS):
                return (await self._channels.look_up(install, channel)).creator
        except (DeliveryError, TimeoutError):
            return ""

    # ------------------------------------------------------------------------------------------- a channel's people

    async def members(self, install: Install, channel: str) -> tuple[Person, ...]:
        """List the people of a channel, programs marked as such, without those whose account is gone."""
        ids = await self._ids(install, channel)
        await self._learn_all(install, ids)
        found = ((user, self._known.get((install.workspace, user))) for user in ids if user != SLACKBOT)
        return tuple(
            Person(user, "") if known is None else known.person
            for user, known in found
            if known is None or not known.gone
        )

    async def _ids(self, install: Install, channel: str) -> list[str]:
        ids: list[str] = []
        cursor = ""
        for _ in range(PAGES_MOST):
            asked = {"channel": channel, "limit": PAGE, **({"cursor": cursor} if cursor else {})}
            place = self._channels.label(install.workspace, channel)
            page = await self._calls.call(
                "conversations.members", asked, token=install.token, place=place, patience=ASK_PATIENCE
            )
            ids += page.get("members") or ()
            cursor = _next(page)
            if not cursor:
                break
        return list(dict.fromkeys(ids))

    async def _learn_all(self, install: Install, ids: Iterable[str]) -> None:
        """Ask for everybody unknown: a few one by one, many by the page. If this is cut off, who is known stays so."""
        unknown = [user for user in ids if self._fresh(install.workspace, user) is None]
        if len(unknown) > MANY_UNKNOWN:
            await asyncio.shield(self._list_soon(install))
            # Guests from elsewhere are in no list.
            unknown = [user for user in unknown if self._fresh(install.workspace, user) is None]
        turns = asyncio.Semaphore(AT_A_TIME)

        async def ask(user: str) -> None:
            async with turns:
                await self._look_up_or_leave(install, user)

        await asyncio.gather(*(ask(user) for user in unknown))

    async def _look_up_or_leave(self, install: Install, user: str) -> None:
        try:
            await self._look_up(install, user, patience=ASK_PATIENCE)
        except SlackError as error:
            # Guests from elsewhere may not be asked about; any other reason is no reason to forget who people are.
            if error.error not in NOBODY_KNOWN:
                raise

    def _list_soon(self, install: Install) -> asyncio.Task[None]:
        """List everybody of a workspace, once for all who wait for it."""
        task = self._listing.get(install.workspace)
        if task is None:
            task = self._errands.run("list everybody", self._list(install))
            self._listing[install.workspace] = task
            task.add_done_callback(lambda _: self._listing.pop(install.workspace, None))
        return task

    async def _list(self, install: Install) -> None:
        cursor = ""
        for _ in range(PAGES_MOST):
            asked = {"limit": PAGE, **({"cursor": cursor} if cursor else {})}
            page = await self._calls.call("users.list", asked, token=install.token, patience=LIST_PATIENCE)
            for user in page.get("members") or ():
                self.learn(install.workspace, user)
            cursor = _next(page)
            if not cursor:
                return


def person_of(user: Mapping[str, Any]) -> Person:
    """Read a user as Slack describes one: https://docs.slack.dev/reference/objects/user-object."""
    profile: Mapping[str, Any] = user.get("profile") or {}
    names = (profile.get("display_name"), user.get("real_name"), profile.get("real_name"), user.get("name"))
    return Person(
        str(user["id"]),
        next((name for name in names if name and name.strip()), ""),
        user.get("tz") or "",
        steward=bool(user.get("is_admin") or user.get("is_owner") or user.get("is_primary_owner")),
        bot=bool(user.get("is_bot")) or user["id"] == SLACKBOT,
    )


def _next(page: Mapping[str, Any]) -> str:
    return str((page.get("response_metadata") or {}).get("next_cursor") or "")
