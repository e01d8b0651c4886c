"""Setting the scene on this Discord by short names: people, servers, channels, and who may what."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from adapters.playground.refusals import RoomError, refuse
from adapters.playground.scene import BOT
from bot.chat import Person
from tests.adapters.discord_platform import happenings, shapes
from tests.adapters.discord_platform.refusing import Json
from tests.adapters.discord_platform.rights import EVERYBODY, NONE, Overwrite, Right, Role
from tests.adapters.discord_platform.service import Service
from tests.adapters.discord_platform.snowflakes import named_snowflake
from tests.adapters.discord_platform.world import STAGE, TEXT, VOICE, Account, Channel, Membership, Server

TOKEN: Final = "made-up.discord.token"
WORKSPACE: Final = "movement"


async def _nothing() -> None:
    """Wait for nobody."""


class Setting:
    """Knows by which ids Discord has what the tests call by name; sets the scene."""

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        privileged: Sequence[str] = ("members", "message_content"),
        strict: bool = True,
        bot_name: str = "Drumbeat",
    ) -> None:
        self.token = TOKEN
        self.quiet: Callable[[], Awaitable[None]] = _nothing
        self.service = Service(now=now, token=TOKEN, privileged=privileged, strict=strict, bot_name=bot_name)
        self.world = self.service.world
        self._now = now
        self._known: dict[str, Person] = {}
        self._creators: dict[str, str] = {}
        self._rooms: dict[str, str] = {}
        self._native = {BOT: self.world.bot.id}
        self._named = {self.world.bot.id: BOT}

    # ------------------------------------------------------------------------------------------- names

    def native(self, name: str) -> str:
        """Give Discord's id of a person, a channel or a server; an id stays what it is."""
        return self._native.get(name, name)

    def named(self, native: str) -> str:
        """Give the short name for one of Discord's ids, if it has one."""
        return self._named.get(native, native)

    def call_channel(self, room: str) -> str:
        """Give the id of the voice channel in which a call is."""
        return self._rooms[room]

    def _name(self, kind: str, name: str) -> str:
        snowflake = named_snowflake(kind, name)
        refuse(self._native.setdefault(name, snowflake) != snowflake, f"Something else is called {name!r} already.")
        self._named[snowflake] = name
        return snowflake

    def _of(self, channel: str) -> Channel:
        found = self.world.channels.get(self.native(channel))
        if found is None or not found.server or found.parent:
            raise RoomError(f"There is no channel {channel!r}.")
        return found

    def person(self, person: str) -> Person:
        if person not in self._known:
            raise RoomError(f"Nobody here is called {person!r}.")
        return self._known[person]

    # ------------------------------------------------------------------------------------------- people

    def add_person(self, person: Person) -> None:
        """Add somebody, or change what is known of them. Discord knows nobody's time zone."""
        refuse(person.id == BOT, f"The id {BOT!r} is Drumbeat's own.")
        before = self._known.get(person.id)
        self._known[person.id] = replace(person, zone="")
        native = self._name("person", person.id)
        account = self.world.accounts.setdefault(native, Account(native, person.name, bot=person.bot))
        account.name = person.name
        if before is None or before == self._known[person.id]:
            return
        for server in self.world.servers.values():
            if native in server.members:
                server.members[native].roles = self._roles(server, person)
                self._tell_member(server, native, "UPDATE")

    def close_inbox(self, person: str) -> None:
        """Let somebody refuse private messages from now on."""
        self.person(person)
        self.world.accounts[self.native(person)].closed = True

    def open_inbox(self, person: str) -> None:
        """Let somebody take private messages again."""
        self.world.accounts[self.native(person)].closed = False

    # ------------------------------------------------------------------------------------------- servers and channels

    def add_server(self, workspace: str, *, owner: str = "") -> None:
        """Add a server on which Drumbeat is.

        It belongs to a bot, as servers that a program made do, so that no owner sees every channel; or to ``owner``.
        """
        if workspace in self._native:
            return
        native = self._name("server", workspace)
        founder = named_snowflake("founder", workspace)
        everybody = Role(native, "@everyone", EVERYBODY)
        stewards = Role(named_snowflake("stewards", workspace), "Stewards", Right.MANAGE_GUILD)
        bots = Role(
            named_snowflake("bots", workspace),
            self.world.bot.name,
            EVERYBODY | Right.CREATE_EVENTS,
            bot=self.world.bot.id,
        )
        server = Server(native, workspace, founder, {one.id: one for one in (everybody, stewards, bots)})
        self.world.servers[native] = server
        self.world.accounts[founder] = Account(founder, "Founder", bot=True)
        server.members[founder] = Membership(self.world.accounts[founder], self._now())
        server.members[self.world.bot.id] = Membership(self.world.bot, self._now(), [bots.id])
        if owner:
            self._enter(server, owner)
            server.owner = self.native(owner)
        self.service.gateway.tell("GUILD_CREATE", shapes.whole_server(self.world, server), server=native)

    def add_channel(
        self, channel: str, name: str, workspace: str = WORKSPACE, *, creator: str, public: bool = False
    ) -> None:
        """Add a channel with its creator in it. Only those in it see it, or with ``public`` the whole server."""
        if channel in self._native:
            return
        self.person(creator)
        self.add_server(workspace)
        server = self.world.servers[self.native(workspace)]
        made = Channel(self._name("channel", channel), TEXT, name, server.id)
        self._creators[made.id] = creator
        if not public:
            made.overwrites[server.id] = Overwrite(server.id, person=False, deny=Right.VIEW_CHANNEL)
            made.overwrites[self.world.bot.id] = Overwrite(self.world.bot.id, person=True, allow=Right.VIEW_CHANNEL)
        self._enter(server, creator)
        steward = Right.VIEW_CHANNEL | Right.MANAGE_CHANNELS
        made.overwrites[self.native(creator)] = Overwrite(self.native(creator), person=True, allow=steward)
        self.world.channels[made.id] = made
        self._tell_channel(made, "CREATE")

    def add_call(self, room: str, workspace: str = WORKSPACE, *, stage: bool = False) -> None:
        """Add a voice channel, or a stage; who sees the text channel of the same name sees it."""
        if room in self._rooms:
            return
        self.add_server(workspace)
        text = self.world.channels.get(self.native(room))
        server = text.server if text is not None else self.native(workspace)
        made = Channel(named_snowflake("call", room), STAGE if stage else VOICE, room, server)
        made.overwrites = dict(text.overwrites) if text is not None else {}
        self._named[made.id] = room
        self._rooms[room] = made.id
        self.world.channels[made.id] = made
        self._tell_channel(made, "CREATE")

    def seat(self, channel: str, *people: str) -> None:
        """Put people into a channel; they were there before Drumbeat came.

        Whoever is connected is told of it all the same, as on Discord nothing changes behind a bot's back.
        """
        room = self._of(channel)
        for person in people:
            self.person(person)
        new = [person for person in people if self._admit(room, person)]
        if new:
            self._tell_channel(room, "UPDATE")

    def delete(self, message_id: str) -> None:
        """Take a post away, as a moderator would."""
        sent = self.world.sent.get(message_id)
        if sent is None or sent.only:
            raise RoomError("There is no such message.")
        happenings.delete_message(self.service, sent)

    # ------------------------------------------------------------------------------------------- rights

    def forbid(self, channel: str, *rights: str) -> None:
        """Deny Drumbeat rights in a channel, by Discord's names of them."""
        self._change_bot(self._of(channel), deny=rights, allow=())

    def permit(self, channel: str, *rights: str) -> None:
        """Allow Drumbeat rights in a channel."""
        self._change_bot(self._of(channel), deny=(), allow=rights)

    def _change_bot(self, channel: Channel, *, deny: Sequence[str], allow: Sequence[str]) -> None:
        bot = self.world.bot.id
        there = channel.overwrites.get(bot, Overwrite(bot, person=True))
        denied = sum((Right[one] for one in deny), NONE)
        allowed = sum((Right[one] for one in allow), NONE)
        kept = Overwrite(bot, True, (there.allow & ~denied) | allowed, (there.deny & ~allowed) | denied)
        channel.overwrites[bot] = kept
        self._tell_channel(channel, "UPDATE")

    # ------------------------------------------------------------------------------------------- who is where

    def _people_in(self, channel: Channel) -> list[str]:
        """List who can see a channel, in the order they came; Drumbeat and the server's founder are nobody."""
        server = self.world.servers[channel.server]
        order = [*channel.overwrites, *server.members]
        here = [one for one in dict.fromkeys(order) if one in server.members and self._named.get(one) in self._known]
        return [self.named(one) for one in here if Right.VIEW_CHANNEL in self.world.rights(one, channel)]

    def _roles(self, server: Server, person: Person) -> list[str]:
        return [one.id for one in server.roles.values() if one.name == "Stewards"] if person.steward else []

    def _enter(self, server: Server, person: str) -> None:
        native = self.native(person)
        if native not in server.members:
            account = self.world.accounts[native]
            roles = self._roles(server, self._known[person])
            server.members[native] = Membership(account, self._now(), roles)
            self._tell_member(server, native, "ADD")

    def _is_in(self, channel: Channel, person: str) -> bool:
        return Right.VIEW_CHANNEL in self.world.rights(self.native(person), channel)

    def _admit(self, channel: Channel, person: str) -> bool:
        """Let somebody see a channel, on whose server they come first; tells whether the channel is different now."""
        self._enter(self.world.servers[channel.server], person)
        if self._is_in(channel, person):
            return False
        native = self.native(person)
        channel.overwrites[native] = Overwrite(native, person=True, allow=Right.VIEW_CHANNEL)
        return True

    def _unseat(self, channel: Channel, person: str) -> None:
        """Let somebody see a channel no longer; who sees no channel any more leaves the server."""
        native, server = self.native(person), self.world.servers[channel.server]
        # What a public channel shows everybody is no reason to stay.
        others = [one for one in self.world.channels.values() if one.server == server.id and native in one.overwrites]
        private = server.id in channel.overwrites
        if channel.overwrites.pop(native, None) is not None:
            self._tell_channel(channel, "UPDATE")
        if any(one is not channel and one.kind == TEXT for one in others):
            if not private:
                channel.overwrites[native] = Overwrite(native, person=True, deny=Right.VIEW_CHANNEL)
                self._tell_channel(channel, "UPDATE")
        else:
            self._leave_server(server, native)

    def _leave_server(self, server: Server, native: str) -> None:
        if server.calls.pop(native, None) is not None:
            self.service.gateway.tell("VOICE_STATE_UPDATE", shapes.voice_state(server, native, None), server=server.id)
        member = server.members.pop(native)
        told: Json = {"guild_id": server.id, "user": shapes.user(member.account)}
        self.service.gateway.tell("GUILD_MEMBER_REMOVE", told, server=server.id)

    def _tell_member(self, server: Server, native: str, what: str) -> None:
        told: Json = {**shapes.member(server.members[native]), "guild_id": server.id}
        self.service.gateway.tell(f"GUILD_MEMBER_{what}", told, server=server.id)

    def _tell_channel(self, channel: Channel, what: str) -> None:
        # A channel with a thousand people in it is not written down for nobody.
        if self.service.gateway.sessions:
            told = shapes.channel(self.world, channel)
            self.service.gateway.tell(f"CHANNEL_{what}", told, server=channel.server)
