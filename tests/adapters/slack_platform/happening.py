"""What people do that Slack tells as events: they come and go, write, react, and look at their page.

An act is done when the app acknowledged it, and came to rest (``quiet``).
"""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime

from adapters.playground.refusals import RoomError, check_said, refuse
from bot.chat import Answer
from tests.adapters.slack_platform.huddles import Huddles
from tests.adapters.slack_platform.objects import message_object, view_object
from tests.adapters.slack_platform.refusing import Json
from tests.adapters.slack_platform.running import Running
from tests.adapters.slack_platform.world import Conversation, Ephemeral, Line, User, View

Task = asyncio.Task[bool]
EMOJI = {"👍": "+1", "🎉": "tada", "❤️": "heart", "👏": "clap", "✅": "white_check_mark", "🔥": "fire", "👎": "-1"}


class Happening(Running):
    """People whose acts are told to the app wherever it is."""

    def __init__(self, *, now: Callable[[], datetime], strict: bool = True, limit_posts: bool = False) -> None:
        super().__init__(now=now, strict=strict, limit_posts=limit_posts)
        self.quiet: Callable[[], Awaitable[None]] | None = None
        # How long a person looks whether something appears, when nobody tells that the app came to rest.
        self.patience = 0.0
        self._huddles = Huddles(self.platform)

    async def join(self, person: str, channel: str) -> Answer:
        """Come into a channel."""
        user, there = self._user(person), self._conversation(channel)
        if user.id in there.members:
            return None
        self.world.workspaces[there.team].people[user.id] = None
        return await self._tell(user, self.platform.come(there, user.id))

    async def leave(self, person: str, channel: str) -> Answer:
        """Leave a channel, and the call in it."""
        user, there = self._inside(person, channel)
        if user.id in self.world.calls.get(channel, ()):
            await self.leave_call(person, channel)
        return await self._tell(user, self.platform.go(there, user.id))

    async def say(
        self,
        person: str,
        channel: str,
        words: str,
        thread: str = "",
        *,
        workspace: str = "",
        mentioning: Iterable[str] = (),
        subtype: str = "",
    ) -> Answer:
        """Write in a channel, in a thread of it, or with channel '' to Drumbeat in private.

        ``subtype`` makes it one of Slack's other messages: 'thread_broadcast', 'file_share', 'me_message'.
        """
        check_said(words)
        user = self._user(person)
        there, thread_ts = self._stand_in(person, channel, thread=thread, workspace=workspace)
        text = re.sub(r"https?://[^\s<>]+", r"<\g<0>>", html.escape(words, quote=False))
        for one in mentioning:
            # A name picked from the list that Slack's composer offers becomes an id.
            text = text.replace(f"@{self.person(one).name}", f"<@{self._user(one).id}>")
        line = self.platform.write(there, user.id, text, thread_ts=thread_ts)
        self._typed[line.id] = words
        more: Json = {"subtype": subtype} if subtype else {}
        told = self.platform.events.message(line, client_msg_id=self.world.serial("made-up-"), **more)
        return await self._tell(user, [told])

    async def reword(self, person: str, message_id: str, words: str) -> Answer:
        """Change what oneself wrote."""
        user, line = self._user(person), self.world.line(message_id)
        if line is None or line.user != user.id:
            raise RoomError("That message is somebody else's.")
        before = message_object(line, self.world.workspaces[self.world.conversations[line.channel].team])
        line.text, self._typed[line.id] = html.escape(words, quote=False), words
        return await self._tell(user, [self.platform.tell_edit(line, before)])

    async def hear_another_bot(self, channel: str, words: str) -> None:
        """Let another app write in a channel."""
        there = self._conversation(channel)
        line = self.platform.write(there, "UANOTHERBOT", html.escape(words, quote=False))
        told = self.platform.events.message(line, subtype="bot_message", bot_id="BANOTHER", username="Another bot")
        await self._acknowledged([told])
        await self._rest()

    async def react(self, person: str, message_id: str, emoji: str, *, on: bool = True) -> Answer:
        """Put a reaction under a post, or take it back."""
        user = self._user(person)
        line = self._visible(user, message_id)
        if not isinstance(line, Line):
            raise RoomError("A whisper takes no reactions.")
        refuse(not emoji.strip() or len(emoji) > 16, "That is no reaction.")
        there = line.reactions.setdefault(emoji, [])
        refuse((user.id in there) == on, "You reacted with that already." if on else "You didn't react with that.")
        if on:
            there.append(user.id)
        else:
            there.remove(user.id)
        name = EMOJI.get(emoji) or emoji.strip(":")
        return await self._tell(user, [self.platform.events.reaction(line, user.id, name, on=on)])

    async def enter_call(self, person: str, room: str) -> Answer:
        """Come into a huddle: a channel's own, or one with any other name."""
        user = self._user(person)
        busy = next((call for call, people in self.world.calls.items() if user.id in people), "")
        refuse(bool(busy), f"{user.person.name} is in the call {busy!r} already.")
        known = self.world.names.known("C", room) in self.world.conversations
        channel = self._inside(person, room)[1] if known else None
        # Which of the two is told first is written nowhere; here the message is, which alone names the channel.
        await self._acknowledged([self._huddles.begin(user, room, channel)])
        return await self._tell(user, self._huddles.enter(user, room))

    async def leave_call(self, person: str, room: str) -> Answer:
        """Hang up."""
        user = self._user(person)
        there = self.world.calls.get(room, ())
        refuse(user.id not in there, f"{user.person.name} is not in the call {room!r}.")
        await self._acknowledged(self._huddles.leave(user, room))
        return await self._tell(user, [self._huddles.end(room)])

    async def open_home(self, person: str, workspace: str = "movement", *, tab: str = "home") -> Answer:
        """Look at the page that Slack keeps for a person and the app."""
        user, there = self._user(person), self.platform.found(workspace)
        channel = self.world.inbox(there, user.id).id
        event: Json = {"type": "app_home_opened", "user": user.id, "channel": channel, "tab": tab}
        shown = self.world.homes.get((there.id, user.id))
        if shown is not None:
            event["view"] = view_object(shown, there)
        return await self._tell(user, [self.platform.events.tell(there, event)])

    # ------------------------------------------------------------------------------------------- on the way

    async def _begin(self, person: str) -> tuple[User, int]:
        """Let what happened before be told first; note what the person has seen so far."""
        await self._settled()
        user = self._user(person)
        return user, len(self.world.shown[user.id])

    async def _tell(self, user: User, tasks: Iterable[Task | None]) -> Answer:
        """Wait until events were acknowledged, then see what came of it."""
        seen = len(self.world.shown[user.id])
        await self._acknowledged(tasks)
        return await self._see(user, seen)

    async def _acknowledged(self, tasks: Iterable[Task | None]) -> None:
        """Wait for acknowledgements, but not for ever: Slack tries again behind the scene."""
        await self._settled()
        told = [one for one in tasks if one is not None]
        if told and self.platform.dispatch.is_heard:
            await asyncio.wait(told, timeout=self.platform.dispatch.ack_seconds)

    async def _see(self, user: User, seen: int) -> Answer:
        await self._rest()
        if self.patience:
            shown = self.world.shown[user.id]
            await self.platform.changes.wait_until(lambda: len(shown) > seen, self.patience, about=user.id)
        return self._seen(user.id, seen)

    async def _rest(self) -> None:
        if self.quiet is not None:
            await self.quiet()

    def _seen(self, user: str, seen: int) -> Answer:
        """Give what was shown to a person since then: a form if they still have it open, else the last words."""
        fresh = self.world.shown[user][seen:]
        forms = [one for one in fresh if isinstance(one, View) and one is self.world.top(user)]
        words = [one for one in fresh if not isinstance(one, View)]
        found = forms or words
        return self._answer(found[-1]) if found else None

    def _visible(self, user: User, message_id: str) -> Line | Ephemeral:
        whisper = next((one for one in self.world.whispers[user.id] if one.id == message_id), None)
        shown = whisper or self.world.line(message_id)
        if shown is None or (isinstance(shown, Line) and shown.subtype):
            raise RoomError("That message is gone.")
        there = self.world.conversations[shown.channel]
        if there.kind == "im":
            refuse(user.id not in there.members, "That message is somebody else's.")
        else:
            self._inside(user.person.id, self.named(there.id))
        return shown

    def _inside(self, person: str, channel: str) -> tuple[User, Conversation]:
        user, there = self._user(person), self._conversation(channel)
        refuse(user.id not in there.members, f"{user.person.name} is not in #{there.name}.")
        return user, there

    def _stand_in(
        self, person: str, channel: str, *, thread: str = "", workspace: str = ""
    ) -> tuple[Conversation, str]:
        """Find where a person acts; refuse when they cannot be there."""
        if not channel:
            return self.world.inbox(self.platform.found(self._workspace(person, workspace)), self._user(person).id), ""
        _, there = self._inside(person, channel)
        refuse(there.archived, f"#{there.name} is archived.")
        root = self.world.line(thread) if thread else None
        if thread and (root is None or root.channel != there.id or root.thread_ts or root.subtype):
            raise RoomError("There is no such thread here.")
        return there, root.ts if root else ""

    def _workspace(self, person: str, workspace: str) -> str:
        native = self._user(person).id
        theirs = [one.team for one in self.world.conversations.values() if one.kind != "im" and native in one.members]
        refuse(not (workspace or theirs), f"{self.person(person).name} is in no channel.")
        return workspace or theirs[0]
