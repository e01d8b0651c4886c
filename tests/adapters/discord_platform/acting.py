"""People acting where Drumbeat only listens: coming, going, writing, reacting, calling."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from adapters.playground.refusals import RoomError, check_said, refuse
from bot.chat import Answer
from tests.adapters.discord_platform import happenings, shapes
from tests.adapters.discord_platform.asking import Asking
from tests.adapters.discord_platform.refusing import Json
from tests.adapters.discord_platform.rights import Right
from tests.adapters.discord_platform.sessions import Told
from tests.adapters.discord_platform.world import STAGE, THREAD, Channel, Membership, Sent

REPLY: Final = 19
_TYPED_MENTION: Final = re.compile(r"<@([\w-]+)>")


class Acting(Asking):
    """What people do besides asking."""

    # ------------------------------------------------------------------------------------------- coming and going

    async def join(self, person: str, channel: str) -> Answer:
        """Come into a channel; who was not on its server comes there first."""
        self.person(person)
        room = self._of(channel)
        if not self._is_in(room, person):
            if self._admit(room, person):
                self._tell_channel(room, "UPDATE")
            await self._rest()
        return None

    async def leave(self, person: str, channel: str) -> Answer:
        """Leave a channel and the call in it; who is in no other leaves the server."""
        self._check_inside(person, channel)
        if person in self.voice.get(channel, ()):
            await self.leave_call(person, channel)
        self._unseat(self._of(channel), person)
        await self._rest()
        return None

    async def leave_server(self, person: str, workspace: str = "movement") -> None:
        """Leave a server with all its channels at once."""
        self._leave_server(self.world.servers[self.native(workspace)], self.native(person))
        await self._rest()

    async def rename(self, person: str, name: str) -> None:
        """Take another name."""
        self.add_person(replace(self.person(person), name=name))
        await self._rest()

    # ------------------------------------------------------------------------------------------- writing

    async def say(self, person: str, channel: str, words: str, thread: str = "", *, workspace: str = "") -> Answer:
        """Write in a channel, under a message of it, or with channel '' to Drumbeat in private.

        '<@ana>' mentions Ana, '<@drumbeat>' Drumbeat.
        """
        check_said(words)
        where = self._stand(person, channel, thread)
        if thread and where.kind != THREAD:
            self._check_right(person, where, Right.CREATE_PUBLIC_THREADS)
            root, name = self.world.sent[thread], " ".join(words.split())[:40]
            where = happenings.new_thread(self.service, root, name=name, owner=self.native(person))
        needed = Right.SEND_MESSAGES_IN_THREADS if where.kind == THREAD else Right.SEND_MESSAGES
        self._check_right(person, where, needed)
        refuse(where.locked, "The thread is locked.")
        return await self._write(person, where, words)

    async def reply(self, person: str, message_id: str, words: str) -> Answer:
        """Reply to a message right where it stands, as people do who open no thread."""
        check_said(words)
        sent = self._visible(person, message_id)
        return await self._write(person, self.world.channels[sent.channel], words, to=sent)

    async def _write(self, person: str, where: Channel, words: str, *, to: Sent | None = None) -> Answer:
        content = _TYPED_MENTION.sub(lambda found: f"<@{self.native(found[1])}>", words)
        sent = happenings.new_message(self.service, where, self.native(person), content=content, words=words)
        if to is not None:
            sent.kind, sent.reference = REPLY, to.id
        happenings.tell_message(self.service, "MESSAGE_CREATE", sent)
        await self._rest()
        return None

    async def react(self, person: str, message_id: str, emoji: str, *, on: bool = True) -> Answer:
        """Put a reaction under a post, or take it back."""
        sent = self._visible(person, message_id)
        refuse(bool(sent.only), "A whisper takes no reactions.")
        refuse(not emoji.strip() or len(emoji) > 16, "That is no reaction.")
        refuse(self.world.is_archived(self.world.channels[sent.channel]), "The thread is archived.")
        there = self.native(person) in sent.reactions.get(emoji, ())
        refuse(there == on, "You reacted with that already." if on else "You didn't react with that.")
        happenings.react(self.service, sent, self.native(person), emoji, on=on)
        await self._rest()
        return None

    # ------------------------------------------------------------------------------------------- calling

    async def enter_call(self, person: str, room: str) -> Answer:
        """Come into a call: a channel's own, or one with any other name."""
        busy = next((call for call, people in self.voice.items() if person in people), "")
        refuse(bool(busy), f"{self.person(person).name} is in the call {busy!r} already.")
        return await self._call_into(person, room)

    async def change_call(self, person: str, room: str) -> Answer:
        """Go from one call straight into another."""
        refuse(
            all(person not in people for people in self.voice.values()), f"{self.person(person).name} is in no call."
        )
        return await self._call_into(person, room)

    async def leave_call(self, person: str, room: str) -> Answer:
        """Hang up."""
        refuse(person not in self.voice.get(room, ()), f"{self.person(person).name} is not in the call {room!r}.")
        native = self.native(person)
        server = next(one for one in self.world.servers.values() if native in one.calls)
        del server.calls[native]
        told = shapes.voice_state(server, native, None)
        self.service.gateway.tell("VOICE_STATE_UPDATE", told, server=server.id)
        await self._rest()
        return None

    async def _call_into(self, person: str, room: str) -> Answer:
        self.person(person)
        if room in {one.id for one in self.channels}:
            self._check_inside(person, room)
        native = self.native(person)
        servers = self.world.shared_servers(native)
        refuse(not servers, f"{self.person(person).name} is in no channel.")
        self.add_call(room, self.named(servers[0].id))
        channel = self.world.channels[self.call_channel(room)]
        server = self.world.servers[channel.server]
        self._check_right(person, channel, Right.CONNECT)
        server.calls[native] = channel.id
        told = shapes.voice_state(server, native, channel.id, stage=channel.kind == STAGE)
        self.service.gateway.tell("VOICE_STATE_UPDATE", told, server=server.id)
        await self._rest()
        return None

    # ------------------------------------------------------------------------------------------- governing

    async def kick_bot(self, workspace: str = "movement") -> None:
        """Throw Drumbeat off a server."""
        server = self.world.servers[self.native(workspace)]
        server.bot_here = False
        del server.members[self.world.bot.id]
        self.service.gateway.tell("GUILD_DELETE", {"id": server.id}, server=server.id)
        await self._rest()

    async def invite_bot(self, workspace: str = "movement") -> None:
        """Invite Drumbeat to a server again."""
        server = self.world.servers[self.native(workspace)]
        roles = [one.id for one in server.roles.values() if one.bot]
        server.bot_here = True
        server.members[self.world.bot.id] = Membership(self.world.bot, self._now(), roles)
        self.service.gateway.tell("GUILD_CREATE", shapes.whole_server(self.world, server), server=server.id)
        await self._rest()

    async def delete_channel(self, channel: str) -> None:
        """Delete a channel with all that stands in it."""
        gone = self._of(channel)
        told = shapes.channel(self.world, gone)
        threads = [one.id for one in self.world.channels.values() if one.parent == gone.id]
        for one in (gone.id, *threads):
            del self.world.channels[one]
        for sent in [sent for sent in self.world.sent.values() if sent.channel in (gone.id, *threads)]:
            del self.world.sent[sent.id]
        self.service.gateway.tell("CHANNEL_DELETE", told, server=gone.server)
        await self._rest()

    async def lock_thread(self, message_id: str, *, locked: bool = True) -> None:
        """Lock the thread under a message, or open it again."""
        thread = self._thread_under(message_id)
        thread.locked = thread.archived = locked
        happenings.tell_thread(self.service, "THREAD_UPDATE", thread)
        await self._rest()

    async def archive_thread(self, message_id: str) -> None:
        """Archive the thread under a message, as Discord does when nobody writes in it."""
        thread = self._thread_under(message_id)
        thread.archived = True
        happenings.tell_thread(self.service, "THREAD_UPDATE", thread)
        await self._rest()

    def _thread_under(self, message_id: str) -> Channel:
        thread = self.world.channels.get(message_id)
        if thread is None or thread.kind != THREAD:
            raise RoomError("There is no thread under that.")
        return thread

    # ------------------------------------------------------------------------------------------- once more

    async def redeliver(self, told: Told) -> Answer:
        """Tell an event a second time, as Discord does to who resumes."""
        self.service.gateway.retell(told)
        await self._rest()
        return None

    async def tell(self, event: str, data: Json, workspace: str = "movement") -> None:
        """Tell something that Discord would hardly tell, such as what no client can digest."""
        self.service.gateway.tell(event, data, server=self.native(workspace))
        await self._rest()

    async def redeliver_last(self) -> None:
        """Tell the last event a second time."""
        await self.redeliver(self.service.gateway.events[-1])

    async def _rest(self) -> None:
        """Wait until Drumbeat took in what happened, and did what it does about it."""
        happenings.archive_quiet_threads(self.service)
        await self.service.gateway.arrived()
        await self.quiet()
