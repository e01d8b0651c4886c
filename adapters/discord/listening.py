"""What people do on Discord without asking for an answer: they write, react, enter and leave calls."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

import structlog
from discord.utils import snowflake_time

from adapters.discord.application import Application
from adapters.discord.calls import TROUBLE, Api
from adapters.discord.delivery import Delivery
from adapters.discord.people import Acquaintances, read_name, read_person
from adapters.discord.places import PLATFORM, Places
from adapters.discord.servers import Servers
from adapters.discord.voice import Calls
from bot.chat import DeliveryError, Event, Hear, Person, Place, Present, Reacted, Said, Whisper

log = structlog.get_logger()

Json = Mapping[str, Any]

# Of all kinds of messages these are words of a person: https://discord.com/developers/docs/resources/message
WORDS, REPLY = 0, 19
_TOKEN = re.compile(r"<(?:(@!?|@&|#)(\d+)|a?:(\w+):\d+)>", re.ASCII)


class Listener:
    """Makes events of what the gateway tells; called in the order in which things happened."""

    def __init__(
        self,
        api: Api,
        servers: Servers,
        places: Places,
        met: Acquaintances,
        *,
        application: Application,
        delivery: Delivery,
        hear: Hear,
        now: Callable[[], datetime],
    ) -> None:
        self._api = api
        self._servers = servers
        self._places = places
        self._met = met
        self._application = application
        self._delivery = delivery
        self._hear = hear
        self._now = now
        self._calls = Calls()

    async def say(self, told: Json) -> None:
        """Pass on what somebody wrote."""
        author = told["author"]
        if author.get("bot") or told.get("webhook_id") or told.get("type") not in (WORDS, REPLY):
            return
        person = str(author["id"])
        place = await self._places.find(told, person=person)
        who = self._who(author, told.get("member"), place)
        readable = self._readable(told)
        said = Said(
            id=f"{PLATFORM}/message/{told['id']}",
            who=who,
            place=self._under(told, place),
            at=snowflake_time(int(told["id"])),
            words=self._in_words(told, place.workspace) if readable else "",
            message=str(told["id"]),
            unread=not readable,
        )
        answer = await self._hear(said)
        if place.person and isinstance(answer, Whisper):
            await self._reply(said, answer)

    def _readable(self, told: Json) -> bool:
        """Tell whether Discord shows us what was written: in private, where we are called, or where it was granted."""
        called = any(str(one["id"]) == self._application.bot for one in told.get("mentions") or ())
        return self._application.words or called or not told.get("guild_id")

    def _under(self, told: Json, place: Place) -> Place:
        """Take an answer to a post of ours, which Discord calls a reply, for words in the thread under it."""
        answered = told.get("referenced_message") or {}
        ours = str((answered.get("author") or {}).get("id")) == self._application.bot
        if ours and place.channel and not place.thread:
            return Place(PLATFORM, place.workspace, place.channel, thread=str(answered["id"]))
        return place

    def _in_words(self, told: Json, server_id: str) -> str:
        """Write names where Discord has tokens: '@Ana' for '<@123>'."""
        names = {str(one["id"]): read_name(one, one.get("member")) for one in told.get("mentions") or ()}
        server = self._servers.find(server_id)
        channels = server.channels if server else {}

        def name(token: re.Match[str]) -> str:
            kind, number, emoji = token.groups()
            if emoji:
                return f":{emoji}:"
            if kind == "#":
                return f"#{channels[number].name}" if number in channels else "#channel"
            return "@role" if kind == "@&" else f"@{names.get(number, 'somebody')}"

        return _TOKEN.sub(name, told.get("content") or "")

    async def react(self, told: Json, *, on: bool) -> None:
        """Pass on a reaction that somebody put or took back."""
        person = str(told["user_id"])
        if person == self._application.bot:
            return
        place = await self._places.find(told, person=person)
        member = told.get("member")
        who = self._who(member["user"], member, place) if member else await self._recall(place, person)
        if who is None or who.bot:
            return
        await self._tell(
            Reacted(
                id=f"{PLATFORM}/reaction/{uuid4().hex}",
                who=who,
                place=place,
                at=self._now(),
                message=str(told["message_id"]),
                emoji=str(told["emoji"].get("name") or ""),
                on=on,
            )
        )

    async def move(
        self, server_id: str, person: str, room: str, member: Json | None = None, *, anew: bool = False
    ) -> None:
        """Pass on that somebody came into a call, left it, or went from one to another."""
        for where, here in self._calls.move(server_id, person, room, anew=anew):
            place = Place(PLATFORM, server_id, where)
            known = (member or {}).get("user")
            who = self._who(known, member, place) if known else await self._recall(place, person)
            if who is not None and not who.bot:
                call = f"{PLATFORM}/call/{uuid4().hex}"
                name = self._name_room(server_id, where)
                now = self._now()
                await self._tell(Present(id=call, who=who, place=place, at=now, room=where, here=here, name=name))

    def _name_room(self, server_id: str, room: str) -> str:
        server = self._servers.find(server_id)
        there = server.channels.get(room) if server else None
        return there.name if there else ""

    async def look_into_calls(self, told: Json) -> None:
        """Pass on who is in a call when we come to a server, and who left while we were away."""
        server_id = str(told["id"])
        members = {str(one["user"]["id"]): one for one in told.get("members") or ()}
        there = {str(one["user_id"]): str(one["channel_id"]) for one in told.get("voice_states") or ()}
        for person in dict.fromkeys([*self._calls.people(server_id), *there]):
            await self.move(server_id, person, there.get(person, ""), members.get(person), anew=True)

    # ------------------------------------------------------------------------------------------- people

    def _who(self, user: Json, member: Json | None, place: Place) -> Person:
        who = read_person(user, member, self._servers.find(place.workspace), place.channel)
        if place.channel:
            self._met.meet(place.workspace, who)
        return who

    async def _recall(self, place: Place, person: str) -> Person | None:
        """Find somebody of whom Discord gave us the id alone."""
        known = self._met.recall(place.workspace, person)
        if known is not None:
            return known
        try:
            if place.person:
                return read_person(await self._api.call("GET", "/users/{user_id}", {"user_id": person}), None, None, "")
            where = {"guild_id": place.workspace, "user_id": person}
            member = await self._api.call("GET", "/guilds/{guild_id}/members/{user_id}", where)
        except TROUBLE:
            return None
        return self._who(member["user"], member, place)

    async def _tell(self, event: Event) -> None:
        """Let Drumbeat hear; Discord has nowhere to show an answer to what nobody asked."""
        await self._hear(event)

    async def _reply(self, said: Said, answer: Whisper) -> None:
        """Answer words in private with words: nobody else is there who would see them."""
        try:
            await self._delivery.post(said.place, answer.message, once=said.id)
        except DeliveryError as refusal:
            log.warning("discord answer in private did not arrive", permanent=refusal.permanent)
