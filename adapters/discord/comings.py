"""Who comes into a home channel and who leaves it: members of the server, as far as they can see the channel."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from adapters.discord.application import Application
from adapters.discord.calls import TROUBLE, Api
from adapters.discord.homes import Homes
from adapters.discord.people import Acquaintances, read_person
from adapters.discord.places import PLATFORM
from adapters.discord.presence import Presence
from adapters.discord.refusals import THROWN_OUT, Errand, explain
from adapters.discord.servers import ADMINISTRATOR, MEMBER, VIEW_CHANNEL, Channel, Server, Servers
from bot.chat import Changed, DeliveryError, Event, Hear, Joined, Left, Person, Place

Json = Mapping[str, Any]

PAGE = 1000
LATER_SECONDS = 2.0
BLIND = "Discord does not tell me who is in a channel"
BLIND_MEND = (
    "Switch on 'Server Members Intent' on your application's page (Bot, Privileged Gateway Intents) and start Drumbeat "
    "again. Until then people are members once they act, and whoever never does is not missed."
)
# More people than this are not asked for one by one.
ASKED_ALONE = 25


class Comings:
    """Lists the people of a channel, and tells who came and who left."""

    def __init__(
        self,
        api: Api,
        servers: Servers,
        homes: Homes,
        met: Acquaintances,
        *,
        application: Application,
        presence: Presence,
        hear: Hear,
        now: Callable[[], datetime],
    ) -> None:
        self._api = api
        self._servers = servers
        self._homes = homes
        self._met = met
        self._application = application
        self._presence = presence
        self._hear = hear
        self._now = now

    async def call_roll(self, place: Place) -> tuple[Person, ...]:
        """Ask Discord for everybody who can see a channel, bots among them, ourselves not."""
        server = self._servers.find(place.workspace)
        if server is None and not self._presence.knows_all(place.workspace):
            raise DeliveryError("I was not told yet which Discord servers I am on", retry_after=LATER_SECONDS)
        if server is None:
            raise DeliveryError(THROWN_OUT[0], mend=THROWN_OUT[1], permanent=True, shut_out=True)
        if place.channel not in server.channels:
            raise DeliveryError("the channel is not there any more", permanent=True, shut_out=True)
        if not self._application.members:
            self._homes.note(server.id, place.channel)
            raise DeliveryError(BLIND, mend=BLIND_MEND, permanent=True)
        try:
            members = await self._members(server, place.channel)
        except Exception as error:
            raise explain(error, Errand(self._servers.name_channel(server.id, place.channel))) from error
        people = tuple(self._read(server, one, place.channel) for one in members)
        self._homes.keep_list(server.id, place.channel, [person.id for person in people])
        return people

    async def _members(self, server: Server, channel: str) -> list[Json]:
        here: list[Json] = []
        after = "0"
        while True:
            query = {"limit": PAGE, "after": after}
            where = {"guild_id": server.id}
            page = await self._api.call("GET", "/guilds/{guild_id}/members", where, query=query, patient=True)
            here += [one for one in page if self._sees(server, one, channel)]
            if len(page) < PAGE:
                return here
            after = max((str(one["user"]["id"]) for one in page), key=int)

    def _sees(self, server: Server, member: Json, channel: str) -> bool:
        person = str(member["user"]["id"])
        roles = map(str, member.get("roles") or ())
        return person != self._application.bot and bool(server.may(person, roles, channel) & VIEW_CHANNEL)

    def _read(self, server: Server, member: Json, channel: str) -> Person:
        person = read_person(member["user"], member, server, channel)
        self._met.meet(server.id, person)
        return person

    # ------------------------------------------------------------------------------------------- one person

    async def arrive(self, told: Json) -> None:
        """Somebody came to a server."""
        server = self._servers.find(str(told["guild_id"]))
        joined = told.get("joined_at")
        at = datetime.fromisoformat(joined) if joined else self._now()
        if server is not None:
            await self._look_at(server, told, at=at)

    async def change(self, told: Json) -> None:
        """Somebody of a server has another name, or other roles."""
        server = self._servers.find(str(told["guild_id"]))
        if server is None or str(told["user"]["id"]) == self._application.bot:
            return
        known = self._met.recall(server.id, str(told["user"]["id"]))
        await self._look_at(server, told, at=self._now())
        person = self._read(server, told, "")
        if known is None or known.name != person.name:
            place = Place(PLATFORM, server.id)
            await self._hear(Changed(id=_fresh("name"), who=person, place=place, at=self._now()))

    async def leave(self, told: Json) -> None:
        """Somebody left a server, or was made to."""
        server_id, user = str(told["guild_id"]), told["user"]
        self._met.forget(server_id, str(user["id"]))
        for channel in self._homes.of(server_id):
            if self._homes.see(server_id, channel, str(user["id"]), here=False):
                await self._pass_on(Left, server_id, channel, read_person(user, None, None, channel), self._now())

    async def _look_at(self, server: Server, member: Json, *, at: datetime) -> None:
        """See in which homes somebody is now."""
        for channel in self._homes.of(server.id):
            person = self._read(server, member, channel)
            here = self._sees(server, member, channel)
            if person.id != self._application.bot and self._homes.see(server.id, channel, person.id, here=here):
                await self._pass_on(Joined if here else Left, server.id, channel, person, at)

    # ------------------------------------------------------------------------------------------- many people

    async def reopen(self, server_id: str, before: Channel | None, after: str) -> None:
        """Somebody changed who can see a channel; the people whom it names are asked for one by one."""
        server = self._servers.find(server_id)
        if server is None or after not in self._homes.of(server_id):
            return
        old = set(before.overwrites if before else ())
        new = set(server.channels[after].overwrites) if after in server.channels else set()
        touched = {one for one in old ^ new if (one.allow | one.deny) & VIEW_CHANNEL}
        if any(one.kind != MEMBER for one in touched) or len(touched) > ASKED_ALONE:
            await self.list_anew(server_id, [after])
            return
        for person in sorted({one.id for one in touched} - {self._application.bot}, key=int):
            where = {"guild_id": server_id, "user_id": person}
            try:
                member = await self._api.call("GET", "/guilds/{guild_id}/members/{user_id}", where)
            except TROUBLE:
                continue  # not on the server any more, or the daily roll finds them
            await self._look_at(server, member, at=self._now())

    async def change_role(self, server_id: str, before: int, after: int) -> None:
        """A role gives something else now; who sees a channel may have changed with it."""
        if (before ^ after) & (VIEW_CHANNEL | ADMINISTRATOR):
            await self.list_anew(server_id)

    async def list_anew(self, server_id: str, channels: Iterable[str] | None = None) -> None:
        """Compare who is in homes now with who was; where we may not list people, they are known as they act."""
        server = self._servers.find(server_id)
        if server is None or not self._application.members:
            return
        for channel in self._homes.of(server_id) if channels is None else channels:
            if not self._homes.is_listed(server_id, channel):
                continue  # the roll that lists it first will tell
            before = self._now()
            try:
                members = {str(one["user"]["id"]): one for one in await self._members(server, channel)}
            except TROUBLE:
                continue  # the daily roll finds them
            came, left = self._homes.keep_list(server_id, channel, members)
            for person in sorted(came, key=int):
                await self._pass_on(Joined, server_id, channel, self._read(server, members[person], channel), before)
            for person in sorted(left, key=int):
                gone = self._met.recall(server_id, person) or Person(person, person)
                await self._pass_on(Left, server_id, channel, gone, before)

    async def _pass_on(
        self, event: type[Joined | Left], server_id: str, channel: str, who: Person, at: datetime
    ) -> None:
        happened: Event = event(id=_fresh("home"), who=who, place=Place(PLATFORM, server_id, channel), at=at)
        await self._hear(happened)


def _fresh(kind: str) -> str:
    return f"{PLATFORM}/{kind}/{uuid4().hex}"
